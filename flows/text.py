"""Texts to people, always in all languages: a flow that lacks one does not load."""

from typing import Annotated, Literal, get_args

from pydantic import AfterValidator, BaseModel, ConfigDict

Language = Literal["nb", "nn", "en"]
LANGUAGES: tuple[Language, ...] = get_args(Language)


def _refuse_empty(text: str) -> str:
    stripped = " ".join(text.split())
    if not stripped:
        raise ValueError("is empty; write the text, or leave the key out if it may be left out")
    return stripped


Words = Annotated[str, AfterValidator(_refuse_empty)]


class Text(BaseModel):
    """One text in bokmål, nynorsk and English. White space is folded, so a file may wrap its lines."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    nb: Words
    nn: Words
    en: Words

    def to(self, language: str) -> str:
        """The text in `language`; bokmål where the language is not one of ours."""
        return str(getattr(self, language, self.nb))
