"""Publications: written once when a run closes, and only read after that."""

from collections.abc import Collection
from datetime import datetime

from sqlmodel import Session, col, select

from flows.model import Kind
from flows.publication import Count, Publication
from flows.support import FIELD, scope_of
from storage.courses import course_of
from storage.tables import PublicationRow, Run


def keep_publication(session: Session, run_id: int, publication: Publication, at: datetime) -> None:
    session.add(PublicationRow(run_id=run_id, published_at=at, document=publication.to_json()))
    session.flush()


def publication_of(session: Session, run_id: int) -> Publication | None:
    row = session.get(PublicationRow, run_id)
    return Publication.from_json(row.document) if row else None


def publications_of(session: Session, run_ids: list[int]) -> dict[int, Publication]:
    rows = session.exec(select(PublicationRow).where(col(PublicationRow.run_id).in_(run_ids)))
    return {row.run_id: Publication.from_json(row.document) for row in rows}


def runs_before(session: Session, run: Run, most: int) -> list[int]:
    """The ids of the published runs of the same flow and unit that closed last before this one, oldest first. A wave
    after a course has none: those before it were about other courses."""
    if course_of(run) is not None:
        return []
    newest = session.exec(
        select(Run.id)
        .join(PublicationRow, col(PublicationRow.run_id) == col(Run.id))
        .where(Run.flow == run.flow, Run.unit_id == run.unit_id, col(Run.closed_at) < run.closed_at)
        .order_by(col(Run.closed_at).desc(), col(Run.id).desc())
        .limit(most)
    ).all()
    return [one for one in reversed(newest) if one is not None]


class PublishedSupport:
    """How many stood behind each theme when its flow's newest period closed."""

    def __init__(self, publications: Collection[Publication]) -> None:
        self._publications = publications

    def of(self, theme_id: int) -> Count | None:
        """The published count, or None for a theme that is newer than the newest close."""
        for publication in self._publications:
            try:
                figure = publication.figure(scope_of(theme_id), FIELD)
            except KeyError:
                continue
            if isinstance(figure, Count):
                return figure
        return None


def published_support(session: Session) -> PublishedSupport:
    """What the newest close of each flow that collects contributions has published."""
    newest: dict[str, int] = {}
    closed = select(Run.flow, Run.id).where(Run.kind == Kind.contribution, col(Run.closed_at).is_not(None))
    for flow, run_id in session.exec(closed.order_by(col(Run.closed_at), col(Run.id))):
        newest[flow] = run_id or 0
    return PublishedSupport(list(publications_of(session, list(newest.values())).values()))
