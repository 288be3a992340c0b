"""Themes people want to learn about, who stands behind them, and what was decided."""

from datetime import date, datetime

from sqlalchemy import func, or_
from sqlmodel import Session, col, delete, select

from flows.themes import normalise
from storage.inserting import insert_missing
from storage.tables import Decision, Delivery, Run, Support, Theme, ThemeAuthor
from storage.tables.answering import ThemeState
from storage.tables.sending import DeliveryKind, DeliveryState
from storage.tables.telling import Verdict


def waiting_themes(session: Session, unit_ids: list[int]) -> list[Theme]:
    """Themes of these units that nobody has decided on, oldest first."""
    return list(
        session.exec(
            select(Theme)
            .where(col(Theme.unit_id).in_(unit_ids), Theme.state == ThemeState.waiting)
            .order_by(col(Theme.suggested_on), col(Theme.id))
        )
    )


def all_waiting_themes(session: Session) -> list[Theme]:
    """Every theme that waits for a decision, oldest first."""
    return list(
        session.exec(
            select(Theme).where(Theme.state == ThemeState.waiting).order_by(col(Theme.suggested_on), col(Theme.id))
        )
    )


def suggest(session: Session, run_id: int, unit_id: int, person_id: int | None, text: str, on: date) -> Theme:
    """Store a theme with its author kept apart; by a poster there is none. The same words in the same unit are the same
    theme: then the person stands behind that one instead. Where it was decided in this very run, the unit has been
    told, and it stays so."""
    normal = normalise(text)
    is_waiting, is_of_this_run = col(Theme.state) == ThemeState.waiting, col(Theme.run_id) == run_id
    same = session.exec(
        select(Theme).where(Theme.unit_id == unit_id, Theme.normal == normal, or_(is_waiting, is_of_this_run))
    ).first()
    if same is not None:
        if same.state == ThemeState.waiting and person_id is not None:
            support(session, same, person_id)
        return same
    theme = Theme(run_id=run_id, unit_id=unit_id, text=text, normal=normal, suggested_on=on)
    session.add(theme)
    session.flush()
    assert theme.id is not None
    if person_id is not None:
        session.add(ThemeAuthor(theme_id=theme.id, person_id=person_id))
    session.flush()
    return theme


def support(session: Session, theme: Theme, person_id: int) -> None:
    """Stand behind a theme; once, however often one taps, and not behind one's own."""
    if not is_author(session, theme, person_id):
        insert_missing(session, Support, [{"theme_id": theme.id, "person_id": person_id}])


def support_no_more(session: Session, theme: Theme, person_id: int) -> None:
    """Stand behind a theme no more."""
    session.exec(delete(Support).where(col(Support.theme_id) == theme.id, col(Support.person_id) == person_id))


def is_author(session: Session, theme: Theme, person_id: int) -> bool:
    """Whether the person suggested this, for that person alone; forgotten when it is decided."""
    return session.get(ThemeAuthor, (theme.id, person_id)) is not None


def themes_by(session: Session, run_id: int, person_id: int) -> list[Theme]:
    """The person's own themes of a run that still wait, for that person alone."""
    return list(
        session.exec(
            select(Theme)
            .join(ThemeAuthor, col(ThemeAuthor.theme_id) == col(Theme.id))
            .where(Theme.run_id == run_id, ThemeAuthor.person_id == person_id, Theme.state == ThemeState.waiting)
            .order_by(col(Theme.id))
        )
    )


def themes_behind(session: Session, person_id: int) -> tuple[list[Theme], list[Theme]]:
    """The themes that wait of which the person is the author, and those the person supports, for that person alone."""
    found = []
    for table in (ThemeAuthor, Support):
        behind = select(Theme).join(table, col(table.theme_id) == col(Theme.id))
        mine = behind.where(table.person_id == person_id, Theme.state == ThemeState.waiting)
        found.append(list(session.exec(mine.order_by(col(Theme.suggested_on).desc(), col(Theme.id).desc()))))
    return found[0], found[1]


def decisions_told_to(session: Session, person_id: int) -> list[tuple[Decision, Theme]]:
    """What was decided of which the person has been told, whoever suggested it, newest first."""
    about = select(Delivery.about).where(
        Delivery.person_id == person_id, Delivery.kind == DeliveryKind.decision, Delivery.state == DeliveryState.sent
    )
    themes = [int(one.partition(":")[2]) for one in session.exec(about)]
    rows = session.exec(
        select(Decision, Theme)
        .join(Theme, col(Theme.id) == col(Decision.theme_id))
        .where(col(Theme.id).in_(themes))
        .order_by(col(Decision.decided_at).desc(), col(Decision.id).desc())
    )
    return list(rows)


def withdraw(session: Session, theme: Theme) -> None:
    """Delete a theme that nobody has decided on, with those behind it."""
    forget_people_behind(session, [theme.id or 0])
    session.delete(theme)
    session.flush()


def count_people_behind(session: Session, flow: str) -> list[tuple[Theme, int]]:
    """Each waiting theme of a flow, from whichever run, with how many stand behind it, its author included. For the
    gate alone, at close."""
    counted: dict[int, int] = {}
    for table in (ThemeAuthor, Support):
        rows = session.exec(select(table.theme_id, func.count()).group_by(col(table.theme_id)))
        for theme_id, number in rows:
            counted[theme_id] = counted.get(theme_id, 0) + number
    waiting = select(Theme).join(Run, col(Run.id) == col(Theme.run_id)).where(Theme.state == ThemeState.waiting)
    themes = session.exec(waiting.where(Run.flow == flow).order_by(col(Theme.id)))
    return [(theme, counted.get(theme.id or 0, 0)) for theme in themes]


def decide(
    session: Session, theme: Theme, verdict: Verdict, reason: str, decided_by: int, at: datetime
) -> Decision | None:
    """Record what a leader decided. None where the theme has been decided before: a second tap changes nothing."""
    if theme.state != ThemeState.waiting:
        return None
    theme.state = ThemeState(verdict.value)
    decision = Decision(theme_id=theme.id or 0, verdict=verdict, reason=reason, decided_by=decided_by, decided_at=at)
    session.add(theme)
    session.add(decision)
    session.flush()
    return decision


def decision_on(session: Session, theme_id: int) -> Decision | None:
    return session.exec(select(Decision).where(Decision.theme_id == theme_id)).first()


def forget_people_behind(session: Session, theme_ids: list[int]) -> None:
    """The period is over: nobody can be tied to these themes any more."""
    for table in (ThemeAuthor, Support):
        session.exec(delete(table).where(col(table.theme_id).in_(theme_ids)))


def decisions_between(session: Session, after: datetime, until: datetime) -> list[tuple[int, int]]:
    """(decision, unit of its theme) for what was decided at after < decided_at <= until, oldest first."""
    rows = session.exec(
        select(Decision.id, Theme.unit_id)
        .join(Theme, col(Theme.id) == col(Decision.theme_id))
        .where(col(Decision.decided_at) > after, col(Decision.decided_at) <= until)
        .order_by(col(Decision.decided_at), col(Decision.id))
    )
    return [(decision_id, unit_id) for decision_id, unit_id in rows if decision_id is not None]
