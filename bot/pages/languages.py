"""In which language a page speaks to somebody whom nobody knows yet: as was chosen there, or as their browser asks."""

from starlette.requests import Request

from flows.text import LANGUAGES

LANGUAGE_COOKIE = "medvirk-language"
LONGEST = 1_000  # characters that are looked at
ALSO = {"no": "nb"}  # how some browsers say Norwegian


def chosen_language(request: Request) -> str | None:
    """The one that was chosen by a button, on this page or one below the same path."""
    return request.cookies.get(LANGUAGE_COOKIE)


def language_for(request: Request) -> str:
    """The one that was chosen; else the first of ours that the browser asks for (Accept-Language, RFC 9110 12.5.4);
    else bokmål."""
    chosen = chosen_language(request)
    if chosen in LANGUAGES:
        return chosen
    ranges = [_read_range(one) for one in request.headers.get("accept-language", "")[:LONGEST].split(",")]
    asked = sorted((one for one in ranges if one[1] > 0), key=lambda one: -one[1])  # of equals the first stays first
    return next((name for name, _ in asked if name in LANGUAGES), "nb")


def _read_range(text: str) -> tuple[str, float]:
    """'nn-NO;q=0.8' -> ('nn', 0.8)."""
    tag, _, weight = text.partition(";")
    name = tag.strip().lower().partition("-")[0]
    try:
        return ALSO.get(name, name), float(weight.strip().lower().removeprefix("q=") or 1)
    except ValueError:
        return "", 0
