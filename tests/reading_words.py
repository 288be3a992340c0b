"""What the code asks the catalogue for, read out of the code; and the catalogue, sentence by sentence."""

import ast
import re
from collections.abc import Iterable, Iterator, Mapping
from functools import cache
from pathlib import Path
from string import Formatter
from typing import get_args

import bot
import flows
from bot.conversations.deciding import ALREADY, REASONS, SAVED
from bot.conversations.stored import COUNTED
from bot.pages.demo_rendering import DEMO_WORDS
from bot.pages.rendering import SHELL_WORDS
from bot.rehearsal.finding import SORTS
from bot.rehearsal.page import NOTES
from bot.words import read_catalogue
from flows.attention import LeftAlone
from flows.model import Kind, Reader
from flows.polls import Answering
from flows.prospects import Outlook
from flows.publication import Direction, Extent, Rate, Reason
from flows.suiting import Suits
from flows.text import LANGUAGES
from storage.addresses import NotReached
from storage.tables.organisation import RoleName
from storage.tables.sending import DeliveryKind
from storage.tables.telling import Verdict

CODE = [path for package in (bot, flows) for path in sorted(Path(next(iter(package.__path__))).rglob("*.py"))]
SECTIONS = {key.partition(".")[0] for key in read_catalogue("nb")}

# The keys that the code puts together, and what it may fill in. A new family fails a test until it stands here.
READERS = [one for one in get_args(Reader) if one != "unit"]
FAMILIES: Mapping[str, Iterable[str]] = {
    "courses.barrier_{}": get_args(Reason),
    "course.change_{}": get_args(Direction.model_fields["way"].annotation),
    "decision.{}": REASONS,
    "decision.done_{}": [SAVED, ALREADY],
    "decision.title_{}": Verdict,
    "decision.told_title_{}": Verdict,
    "decision.told_{}": Verdict,
    "demo.did.closed_{}": Kind,
    # A reminder that is sent leaves no row.
    "demo.did.{}": set(DeliveryKind) - {DeliveryKind.reminder},
    "demo.left_alone.{}": LeftAlone,
    "demo.role.{}": ["employee", *RoleName],
    "figure.rate.{}": get_args(Rate.model_fields["bound"].annotation),
    "figure.{}": Extent,
    "held_back.{}": get_args(Reason),
    "home.{}": ["pause", "decline"],
    "left_alone.{}": LeftAlone,
    "preview.figures.{}": READERS,
    "poll.answer.{}": Answering,
    "poll.ask.{}": ["title", "question", "units", "groups"],
    "poll.find.{}": ["units", "groups"],
    "poll.find.look.{}": ["units", "groups"],
    "poll.asked_get.{}": ["no_texts", "whole", "pooled", "own"],
    "poll.hint.{}": ["title", "question"],
    "poll.kept.{}": ["anonymous", "named"],
    "poll.outlook.{}": Outlook,
    "poll.people.{}": ["everyone", "leaders"],
    "poll.written_in.{}": LANGUAGES,
    "poll.{}_intro": ["names", "texts"],
    "poll.{}_title": ["question", "audience"],
    "preview.sees.{}": ["leader", "unit", "group"],  # of what is not sealed; the model allows no other
    "promise.reader.{}": [one for one in READERS if one not in ("leader", "group")],  # they are said by name
    "rehearsal.kept.{}": Kind,
    "rehearsal.never.{}": Kind,
    "rehearsal.note.{}": NOTES,
    "rehearsal.readers.{}": [*(one for one in READERS if one != "group"), "safety"],  # roles in a unit
    "rehearsal.sort.{}": SORTS,
    "promise.{}": Kind,
    "stored.kind.{}": COUNTED,
    "stored.language_is.{}": LANGUAGES,
    "suits.{}": Suits,
    "unreached.{}": NotReached,
    "trouble.{}": [],  # see `members`
    "trouble.{}_title": [],
    "welcome.role.{}": ["leader", "representative"],
}


def strings_in(node: ast.AST) -> Iterator[str]:
    """Every string in a piece of code, without the pieces of f-strings."""
    if isinstance(node, ast.Constant) and isinstance(node.value, str):
        yield node.value
    if not isinstance(node, ast.JoinedStr):
        for inner in ast.iter_child_nodes(node):
            yield from strings_in(inner)


def template_of(node: ast.JoinedStr) -> str:
    return "".join(str(part.value) if isinstance(part, ast.Constant) else "{}" for part in node.values)


@cache
def code() -> list[ast.Module]:
    return [ast.parse(path.read_text(encoding="utf-8")) for path in CODE]


def calls(*names: str) -> Iterator[ast.Call]:
    """Every call of something by one of these names, also as an attribute: `words(…)`, `sitting.words(…)`."""
    for module in code():
        for node in ast.walk(module):
            if isinstance(node, ast.Call) and getattr(node.func, "id", getattr(node.func, "attr", "")) in names:
                yield node


def is_key(text: str) -> bool:
    return bool(re.fullmatch(r"[a-z_]+(\.[a-z_{}]+)+", text)) and text.partition(".")[0] in SECTIONS - {text}


@cache
def families() -> frozenset[str]:
    nodes = [node for module in code() for node in ast.walk(module) if isinstance(node, ast.JoinedStr)]
    return frozenset(template for node in nodes if is_key(template := template_of(node)))


def members(family: str) -> list[str]:
    """The keys of a family. Troubles are named where they arise, so those are looked up in the code."""
    fillings = FAMILIES[family]
    if family.startswith("trouble."):
        fillings = [one for call in calls("Trouble") for one in strings_in(call.args[0])]
    return [family.format(one) for one in fillings]


@cache
def said() -> frozenset[str]:
    """Every key that the code asks for."""
    keys = {text for module in code() for text in strings_in(module) if is_key(text) and not text.endswith(".html")}
    keys |= {text for call in calls("words", "self") if call.args for text in strings_in(call.args[0])}
    keys |= {key for family in families() for key in members(family)}
    keys |= {f"page.{one}" for one in SHELL_WORDS}
    return frozenset(keys | {f"demo.{one}" for one in DEMO_WORDS if one != "left_alone"})  # said as left_alone_title


def forms_of(sentence: str | dict[str, str]) -> dict[str, str]:
    return sentence if isinstance(sentence, dict) else {"": sentence}


def placeholders(sentence: str) -> set[str]:
    return {name for _, name, _, _ in Formatter().parse(sentence) if name is not None}


def sentences(language: str) -> Iterator[tuple[str, str]]:
    for key, sentence in read_catalogue(language).items():
        yield from ((key, form) for form in forms_of(sentence).values())
