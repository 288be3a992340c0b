"""What became of suggestions, on the own page: one's own while they wait, and what was decided where one works."""

from datetime import datetime

from sqlmodel import Session

from bot.cards import Block, Button, Buttons, Card, Heading, Say
from bot.conversations.elsewhere import say_what_is_left
from bot.conversations.visit import Interaction, Visit
from bot.messages.deciding import say_reason
from bot.messages.links import way_to_home
from bot.parts import Parts
from bot.words import Words
from flows.schedule import local_day
from storage.copies import has_copy
from storage.people import leader_of
from storage.tables import Decision, Person, Theme
from storage.themes import decisions_told_to, support_no_more, themes_behind, withdraw

MOST_DECIDED = 5


def list_suggestions(session: Session, parts: Parts, visit: Visit, person: Person, at: datetime) -> list[Card]:
    """One card for what waits, with a way to withdraw it or one's support, and one for what was decided. Who suggested
    what is forgotten when it is decided, so that card shows what the person was told, whoever suggested it; and so the
    first one tells only how many there are where it would stay."""
    words = visit.words
    cards = []
    own, supported = themes_behind(session, visit.person_id)
    if (own or supported) and visit.is_lasting:
        see = way_to_home(session, parts, person, at).button(words("suggestions.see"), is_off_record=True)
        behind = Say(words("suggestions.behind", count=len(own) + len(supported)))
        cards.append(Card(words("suggestions.waiting"), (behind, Buttons((see,))), words.language))
    elif own or supported:
        blocks: list[Block] = []
        for theme in own:
            withdraw_it = Button(words("suggestions.withdraw"), f"theme_end:{theme.id}")
            blocks += [Say(_say_waiting(session, theme, words), "note"), Say(theme.text, "quote")]
            blocks.append(Buttons((withdraw_it,)))
        if supported:
            blocks.append(Heading(words("suggestions.supported")))
            for theme in supported:
                no_more = Button(words("suggestions.withdraw_support"), f"support_end:{theme.id}")
                blocks += [Say(theme.text, "quote"), Buttons((no_more,))]
        cards.append(Card(words("suggestions.waiting"), tuple(blocks), words.language))
    decided = decisions_told_to(session, visit.person_id)[:MOST_DECIDED]
    if decided:
        said = [block for one in decided for block in _say_decided(session, *one, person.zone, words)]
        said.append(Say(words("suggestions.forgotten"), "note"))
        cards.append(Card(words("suggestions.decided"), tuple(said), words.language))
    return cards


def act(session: Session, interaction: Interaction, at: datetime) -> str:
    """Withdraw a suggestion of one's own that waits, or one's support of another's, and say so; nothing where it is
    not."""
    action, _, theme_id = interaction.action.partition(":")
    visit = interaction.visit
    own, supported = themes_behind(session, visit.person_id)
    if action == "theme_end" and (theme := _find(own, theme_id)):
        is_left = has_copy(session, theme, visit.person_id)
        withdraw(session, theme)
        return say_what_is_left(visit.words, visit.words("suggestions.withdrawn"), has_copy=is_left)
    if action == "support_end" and (theme := _find(supported, theme_id)):
        support_no_more(session, theme, visit.person_id)
        return visit.words("suggestions.support_withdrawn")
    return ""


def _find(themes: list[Theme], theme_id: str) -> Theme | None:
    return next((one for one in themes if str(one.id) == theme_id), None)


def _say_waiting(session: Session, theme: Theme, words: Words) -> str:
    leader = leader_of(session, theme.unit_id)
    name = leader.name if leader else words("promise.reader.no_leader")
    return words("suggestions.waits", day=words.day_and_year(theme.suggested_on), leader=name)


def _say_decided(session: Session, decision: Decision, theme: Theme, zone: str, words: Words) -> list[Block]:
    leader = session.get(Person, decision.decided_by)
    day = words.day_and_year(local_day(decision.decided_at, zone))
    by = words("suggestions.decided_by", leader=leader.name, day=day) if leader and leader.name else day
    reason = say_reason(decision.reason, words)
    told = words(f"decision.told_{decision.verdict}", text=theme.text)
    return [Say(told), Say(f"{reason}\n{by}" if reason else by, "note")]
