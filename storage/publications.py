"""Publications: written once when a run closes, and only read after that."""

from datetime import datetime

from sqlmodel import Session, col, select

from flows.publication import Publication
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


def run_before(session: Session, run: Run) -> Run | None:
    """The published run of the same flow in the same unit that closed last before this one."""
    return session.exec(
        select(Run)
        .join(PublicationRow, col(PublicationRow.run_id) == col(Run.id))
        .where(Run.flow == run.flow, Run.unit_id == run.unit_id, col(Run.closed_at) < run.closed_at)
        .order_by(col(Run.closed_at).desc())
        .limit(1)
    ).first()
