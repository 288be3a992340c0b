"""Which questions of a flow give figures, as the gate knows them."""

from flows.fields import Choose, ChooseSeveral, NumberField, Scale, TextField
from flows.model import Flow
from flows.submissions import Question


def find_questions(flow: Flow) -> list[Question]:
    """Every field that can be published, in the order it is asked, with the hash of its wording. Of the field that
    links rounds only the change is published, so it is not among them."""
    linking = flow.series.field if flow.series else None
    return [
        Question(
            field=field.id,
            hash=flow.question_hash(field.id),
            kind=field.kind,
            options=tuple(option.id for option in getattr(field, "options", ())),
            headline=frozenset(getattr(field, "headline", ())),
            after=(step.when.field, frozenset(step.when.is_)) if step.when else None,
        )
        for step in flow.steps
        for field in step.fields
        if field.id != linking and isinstance(field, Choose | ChooseSeveral | Scale | NumberField | TextField)
    ]
