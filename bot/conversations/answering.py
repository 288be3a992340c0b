"""Answering in a run: card after card, kept as promised, a receipt, and the way to regret."""

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime
from functools import partial

from sqlmodel import Session

from bot.cards import Card
from bot.conversations.elsewhere import show_elsewhere
from bot.conversations.receipts import make_answered_card, make_receipt, make_regret_card
from bot.conversations.sitting import Sitting, sit_down
from bot.conversations.stepping import offers_anything, read_progress, show_at, show_step
from bot.conversations.told import UNKNOWN_CODE, tell, tell_again
from bot.conversations.visit import Interaction, Reply, Visit, Work
from bot.outcomes import Kept, outcome_of
from bot.parts import Parts
from bot.rounds.series import make_pseudonym
from flows.engine import Mended, Progress, find_next, go_back, take
from flows.model import Kind
from flows.schedule import local_day
from storage.answers import add_envelope, delete_envelope, named_answer, withdraw_named
from storage.asked import mark_answered, unmark_answered
from storage.codes import hash_code, make_code
from storage.copies import has_copy, note_copy
from storage.outbox.edits import queue_edits
from storage.runs import is_open
from storage.sealing import padded_size, seal
from storage.tables.sending import DeliveryPriority
from storage.themes import themes_by, withdraw

CODES_TRIED = 20
REGRET = "regret"  # the place where a code is asked for
UNDOES = ("take_back", "change", "withdraw")  # what the person has said: not by a slip that others may hold


def show(session: Session, parts: Parts, visit: Visit, at: datetime) -> list[Card]:
    sitting = sit_down(session, parts, visit, at)
    if isinstance(sitting, Card):
        return [sitting]
    if visit.is_on_record and sitting.flow.kind.is_sealed:
        return [show_elsewhere(session, parts, visit, at)]
    told = tell_again(sitting)
    if told is not None:
        return [told]
    if visit.place == REGRET and sitting.flow.kind.is_sealed:
        return [make_regret_card(sitting, place=REGRET)]
    tells = sitting.flow.kind is not Kind.contribution and not visit.is_by_paper
    written = read_progress(sitting, visit.state)
    is_changing = visit.place and written is not None and written.values and not sitting.flow.kind.is_sealed
    if sitting.asked.answered and tells and not is_changing:
        return [make_answered_card(sitting)]
    return [show_at(sitting, visit.place, visit.state)]


def receive(session: Session, parts: Parts, interaction: Interaction, at: datetime) -> Reply:
    """A step on the way is stored nowhere; what ends it is read, closed and made ready here."""
    sitting = sit_down(session, parts, interaction.visit, at)
    if isinstance(sitting, Card):
        return [sitting]
    action = interaction.action.partition(":")[0]
    if sitting.visit.is_on_record and (sitting.flow.kind.is_sealed or action == "change"):
        return [show_elsewhere(session, parts, sitting.visit, at)]
    if sitting.visit.is_by_paper and action in UNDOES:
        return show(session, parts, replace(sitting.visit, place=""), at)
    match action:
        case "later":
            return [tell(sitting, "later")]
        case "take_back" if sitting.flow.kind is Kind.contribution:
            return _store(sitting, partial(_take_back, theme_id=interaction.action.partition(":")[2]))
        case "again" if not sitting.flow.kind.is_sealed:
            return [show_step(sitting, Progress())]
        case "change" if sitting.flow.kind is Kind.named:
            return [show_step(sitting, Progress(values=_named_values(sitting)))]
        case "withdraw" if sitting.flow.kind is Kind.named:
            return _store(sitting, _withdraw_named)
        case "regret" if sitting.flow.kind.is_sealed:
            return [make_regret_card(sitting, place=REGRET)]
        case "delete" if sitting.flow.kind.is_sealed:
            return _store(sitting, partial(_delete_sealed, code="".join(interaction.form.get("code", []))))
        case "back":
            return [_go_back(sitting, interaction)]
        case "language":
            return [_show_again(sitting, interaction)]
    return _go_on(sitting, interaction)


def _go_on(sitting: Sitting, interaction: Interaction) -> Reply:
    """Read the card that was sent; show the next one, the same one to mend, or store it all."""
    if sitting.asked.answered and sitting.flow.kind is Kind.anonymous and not sitting.visit.is_by_paper:
        return [make_answered_card(sitting)]
    progress = read_progress(sitting, interaction.state)
    if progress is None:
        return [show_step(sitting, Progress(), warning="problem.form_too_old")]
    taken = take(sitting.flow, progress, interaction.form)
    if isinstance(taken, Mended):
        return [show_step(sitting, progress, taken)]
    step = find_next(sitting.flow, taken)
    while step is not None and not offers_anything(sitting, step, taken):
        taken = Progress(step.id, taken.values)
        step = find_next(sitting.flow, taken)
    if step is not None:
        return [show_step(sitting, taken)]
    if not taken.values:
        return [show_step(sitting, Progress(), warning="problem.nothing_written")]
    return _seal(sitting, taken) if sitting.flow.kind.is_sealed else _store(sitting, partial(_keep, progress=taken))


def _go_back(sitting: Sitting, interaction: Interaction) -> Card:
    """The card before, as it was left. What is passed over on the way forward is passed over here too."""
    progress, form = read_progress(sitting, interaction.state) or Progress(), interaction.form
    while True:
        progress = go_back(sitting.flow, progress, form)
        step = find_next(sitting.flow, progress)
        if step is None or progress.step is None or offers_anything(sitting, step, progress):
            return show_step(sitting, progress)
        form = {}


def _store(sitting: Sitting, do: Callable[[Sitting], Card | None]) -> Work:
    """Do it in the writer's transaction. None comes back where it cannot be done any more, since meanwhile the run was
    closed, or another submission came: then the person reads how things stand."""

    def work(session: Session) -> list[Card]:
        return [do(replace(sitting, session=session)) or _say_how_it_stands(session, sitting)]

    return work


def _say_how_it_stands(session: Session, before: Sitting) -> Card:
    now = sit_down(session, before.parts, before.visit, before.at)
    return now if isinstance(now, Card) else make_answered_card(now)


def _keep(sitting: Sitting, progress: Progress) -> Card | None:
    """Store a whole submission as the kind of flow promises."""
    run, asked = sitting.run, sitting.asked
    if not mark_answered(sitting.session, sitting.run.id, sitting.visit.person_id, once=False):
        return None
    today = local_day(sitting.at, run.zone)
    kept = outcome_of(run.flow).keep(sitting.session, run, asked, progress.values, today)
    if sitting.visit.is_on_record:
        note_copy(sitting.session, run.id, sitting.visit.person_id, kept.theme_id)
    _show_in_chat(sitting)
    return make_receipt(sitting, progress, kept)


def _seal(sitting: Sitting, progress: Progress) -> Work:
    """Close the envelope beside the writer, which then has only to put it in."""
    run = sitting.run
    assert run.public_key is not None
    hidden = make_pseudonym(sitting.parts, run, sitting.visit.person_id)
    submission = {"bucket": sitting.asked.bucket, "values": dict(progress.values), **hidden}
    sealed = seal(run.public_key, submission, padded_size(sitting.flow))
    return _store(sitting, partial(_keep_sealed, progress=progress, sealed=sealed))


def _keep_sealed(sitting: Sitting, progress: Progress, sealed: bytes) -> Card | None:
    """Put in the envelope, once for each person."""
    if not mark_answered(sitting.session, sitting.run.id, sitting.visit.person_id, once=True):
        return None
    secret = sitting.parts.keys.server_secret("codes")
    for _ in range(CODES_TRIED):
        code = make_code()
        if add_envelope(sitting.session, sitting.run.id, hash_code(secret, sitting.run.id, code), sealed):
            return make_receipt(sitting, progress, Kept("receipt.sealed", {"count": len(progress.values)}), code)
    raise RuntimeError("no free code was found; the submission is undone and may be sent again")


def _delete_sealed(sitting: Sitting, code: str) -> Card | None:
    """Delete an envelope by its code. Who sent it stays marked as done: otherwise one could answer twice."""
    if not is_open(sitting.session, sitting.run.id):
        return None
    secret = sitting.parts.keys.server_secret("codes")
    if code and delete_envelope(sitting.session, sitting.run.id, hash_code(secret, sitting.run.id, code)):
        return tell(sitting, "deleted")
    return tell(sitting, UNKNOWN_CODE)


def _withdraw_named(sitting: Sitting) -> Card | None:
    if not unmark_answered(sitting.session, sitting.run.id, sitting.visit.person_id):
        return None
    is_left = withdraw_named(sitting.session, sitting.run.id, sitting.visit.person_id)
    _show_in_chat(sitting)
    return tell(sitting, "withdrawn", has_copy=bool(is_left))


def _show_in_chat(sitting: Sitting) -> None:
    """Where the question lies in the person's chat, it says now that it was answered. Only of answers with a name:
    of others the outbox must not tell."""
    if sitting.flow.kind is Kind.named:
        about, person_id = f"run:{sitting.run.id}", sitting.visit.person_id
        queue_edits(
            sitting.session, about, sitting.parts.editing, sitting.at, person_id, priority=DeliveryPriority.reply
        )


def _take_back(sitting: Sitting, theme_id: str) -> Card:
    """Withdraw a suggestion of one's own: the text goes, with all who stand behind it."""
    for theme in themes_by(sitting.session, sitting.run.id, sitting.visit.person_id):
        if str(theme.id) == theme_id:
            is_left = has_copy(sitting.session, theme, sitting.visit.person_id)
            withdraw(sitting.session, theme)
            return tell(sitting, "taken_back", has_copy=is_left)
    return show_step(sitting, Progress())


def _named_values(sitting: Sitting) -> dict[str, str | list[str] | float]:
    answer = named_answer(sitting.session, sitting.run.id, sitting.visit.person_id)
    return dict(answer.values) if answer else {}


def _show_again(sitting: Sitting, interaction: Interaction) -> Card:
    """The same card in another language, with everything that was written."""
    progress = read_progress(sitting, interaction.state)
    if progress is None:
        return show(sitting.session, sitting.parts, sitting.visit, sitting.at)[0]
    return show_step(sitting, progress, Mended({}, interaction.form))
