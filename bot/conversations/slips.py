"""Slips on a leader's weekly page: who is reached on paper only, for whom to make slips, and the sheet to print."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime

from sqlmodel import Session

from bot.cards import Ask, Block, Button, Buttons, Card, Choice, Heading, Say
from bot.conversations.visit import Interaction, Visit
from bot.paper.sheets import Sheet, Slip
from bot.paper.slips import make_slips
from bot.parts import Parts
from bot.words import Words
from flows.schedule import local_day
from storage.slips import count_slips, people_in, people_with_another_way, units_led_from
from storage.tables import Person, Unit

PLACE = "slips"  # of the question; also changing the language comes back to it, and prints nothing
MADE = "slips_made"  # the same, where the question had been answered before


def offer_slips(words: Words) -> tuple[Block, ...]:
    """What stands at the end of a leader's week."""
    return (
        Heading(words("slips.heading")),
        Say(words("slips.offer"), "note"),
        Buttons((Button(words("slips.open"), "slips"),)),
    )


def ask_for_whom(session: Session, parts: Parts, visit: Visit, unit_id: int, at: datetime) -> Card:
    """Who is reached on paper only, and the choice of them or everybody."""
    everybody, on_paper = _find_people(session, parts, visit, unit_id, at)
    words, place = visit.words, MADE if visit.place == MADE else PLACE
    back = Button(words("slips.back"), "back", style="quiet")
    blocks: list[Block] = [Say(words("slips.made_before"), "warning")] if place == MADE else []
    if not everybody:
        blocks = [Say(words("slips.nobody")), Buttons((back,))]
    else:
        choices = [Choice("all", words("slips.all", count=len(everybody)))]
        if on_paper:
            choices.insert(0, Choice("paper", words("slips.only_paper", count=len(on_paper))))
            blocks.append(Say(words("slips.without", count=len(on_paper))))
            blocks.append(Say("\n".join(one.name for one in on_paper), "note"))
        else:
            blocks.append(Say(words("slips.everybody_reached")))
        first = (choices[0].id,) if on_paper else ()
        blocks += [
            Say(words("slips.caution"), "warning"),
            Ask("who", "choose", words("slips.who"), required=True, choices=tuple(choices), written=first),
            Buttons((Button(words("slips.print"), "print_slips", style="primary"), back)),
        ]
    state = _state_of(session, everybody)
    return Card(_title(session, words, unit_id), tuple(blocks), words.language, state=state, place=place)


def print_slips(session: Session, parts: Parts, interaction: Interaction, unit_id: int, at: datetime) -> Card:
    """The sheet with new slips; or the question again where nothing was chosen, or where slips were made since it was
    put: whoever loads the sheet anew, or presses twice, makes no slip useless that is in somebody's hand."""
    visit = interaction.visit
    everybody, on_paper = _find_people(session, parts, visit, unit_id, at)
    chosen = {"all": everybody, "paper": on_paper}.get("".join(interaction.form.get("who", [])), [])
    if not chosen:
        return ask_for_whom(session, parts, visit, unit_id, at)
    if interaction.state != _state_of(session, everybody):
        return ask_for_whom(session, parts, replace(visit, place=MADE), unit_id, at)
    slips = make_slips(session, parts, chosen, unit_id, f"person:{visit.person_id}", at)
    return make_sheet(_title(session, visit.words, unit_id), slips, visit.words, "back")


def make_sheet(title: str, slips: tuple[Slip, ...], words: Words, back: str = "") -> Sheet:
    """The slips with what must be known about them; `back` is the action that leads away from the page."""
    blocks: list[Block] = [
        Say(words("slips.made", count=len(slips)), "lead"),
        Say(words("slips.caution"), "warning"),
    ]
    if back:
        blocks.append(Buttons((Button(words("slips.back"), back),)))
    return Sheet(
        title,
        tuple(blocks),
        words.language,
        state=PLACE,
        slips=slips,
        page_note=words("slips.page_note"),
        list_title=words("slips.list"),
    )


def _find_people(
    session: Session, parts: Parts, visit: Visit, unit_id: int, at: datetime
) -> tuple[list[Person], list[Person]]:
    """Everybody whose leader this is, and those of them whom nothing but paper reaches."""
    today = local_day(at, parts.settings.zone)
    led = people_in(session, units_led_from(session, unit_id), today)
    everybody = [one for one in led if one.id != visit.person_id]
    reached = people_with_another_way(session, set(parts.channels))
    return everybody, [one for one in everybody if one.id not in reached]


def _state_of(session: Session, people: Sequence[Person]) -> str:
    """What travels with the question: the place to come back to, and how many slips there were."""
    return f"{PLACE}:{count_slips(session, people)}"


def _title(session: Session, words: Words, unit_id: int) -> str:
    unit = session.get(Unit, unit_id)
    return words("slips.title", unit=unit.name if unit else "")
