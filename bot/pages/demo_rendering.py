"""The demo's page: a clock to move, people to be, what the bot did, and whom it left alone and why."""

from collections.abc import Mapping
from dataclasses import dataclass

from bot.pages.rendering import Shell, render_template

DEMO_WORDS = (
    "title",
    "made_up",
    "move_time",
    "to_next",
    "day",
    "week",
    "who",
    "everybody",
    "show",
    "page_of",  # names {name}
    "choose_somebody",
    "open_full",
    "done",
    "nothing_done",
    "earlier",  # names {count}
    "left_alone",  # names {count}
    "nobody_left_alone",
)
SHOWN_UNFOLDED = 8


@dataclass(frozen=True)
class DemoPerson:
    """Somebody to be. `about` says in words what they are and where: "leder, Avdeling 2"."""

    id: str
    name: str
    about: str


@dataclass(frozen=True)
class DemoGroup:
    """People under one title: those with a role, or those of a unit."""

    title: str
    people: tuple[DemoPerson, ...]


@dataclass(frozen=True)
class Done:
    """One thing the bot did, as a sentence, with its time in words: "mandag 09.00"."""

    when: str
    sentence: str


@dataclass(frozen=True)
class LeftAlone:
    """Somebody who was not asked, and why."""

    name: str
    unit: str
    reason: str


@dataclass(frozen=True)
class DemoView:
    """All that the demo shows. `now` is the made-up time in words; `what_is_next` a sentence. `by_role` are a
    few people to begin with, `by_unit` all of them. `frame_url` is the chosen person's own page; `done` is
    newest first. `words` holds the texts named in DEMO_WORDS, in the language of the shell."""

    shell: Shell
    words: Mapping[str, str]
    now: str
    what_is_next: str
    by_role: tuple[DemoGroup, ...]
    by_unit: tuple[DemoGroup, ...]
    chosen: DemoPerson | None
    frame_url: str
    done: tuple[Done, ...]
    left_alone: tuple[LeftAlone, ...]


def render_demo_page(view: DemoView) -> str:
    """The demo as a page. Time moves by a POST whose `action` is to_next, day or week, with `csrf` and the
    chosen `person`; a person is chosen by a GET with `person`. The person's own page stands in a frame, so
    this page's policy needs `frame-src 'self'`, and that page's `frame-ancestors 'self'`."""
    return render_template(
        "demo.html",
        view.shell,
        view=view,
        demo=view.words,
        reasons=group_by_reason(view.left_alone),
        newest=view.done[:SHOWN_UNFOLDED],
        earlier=view.done[SHOWN_UNFOLDED:],
    )


def group_by_reason(left_alone: tuple[LeftAlone, ...]) -> dict[str, list[LeftAlone]]:
    """Those left alone under each reason, the most common reason first."""
    groups: dict[str, list[LeftAlone]] = {}
    for one in left_alone:
        groups.setdefault(one.reason, []).append(one)
    return dict(sorted(groups.items(), key=lambda group: -len(group[1])))
