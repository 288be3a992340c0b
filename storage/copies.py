"""Copies that a chat platform keeps of what was sent there: out of our reach, so whoever withdraws it is told of them,
wherever that is done."""

from sqlmodel import Session, col, func, select

from storage.answers import named_answer
from storage.tables import Answer, Theme, ThemeAuthor


def note_copy(session: Session, run_id: int, person_id: int, theme_id: int | None) -> None:
    """Remember that what the person has just said lies at a platform too: a theme of their own, or a named answer. It
    stays so, whatever is said later in its place."""
    author = session.get(ThemeAuthor, (theme_id, person_id)) if theme_id is not None else None
    said = author or named_answer(session, run_id, person_id)
    if said is not None:
        said.has_copy = True
        session.add(said)
        session.flush()


def has_copy(session: Session, theme: Theme, person_id: int) -> bool:
    """Whether this person's suggestion lies at a platform too."""
    author = session.get(ThemeAuthor, (theme.id, person_id))
    return author is not None and author.has_copy


def count_copies(session: Session, person_id: int) -> int:
    """How much of what the person has said, and is still kept here, lies at a platform too."""
    counts = [
        select(func.count()).select_from(table).where(table.person_id == person_id, col(table.has_copy))
        for table in (Answer, ThemeAuthor)
    ]
    return sum(session.exec(one).one() for one in counts)
