"""Published figures as words and bars. Nothing here counts: it only reads a Publication."""

from dataclasses import dataclass

from bot.cards import Bar, Block, Chart, Say
from bot.words import Words
from flows.fields import WithOptions
from flows.model import Flow
from flows.partition import Scope
from flows.publication import Band, Extent, HeldBack, Mean, Publication, Rate, Share, Shares
from flows.questions import find_questions
from flows.rounding import band

COMPARABLE_PERCENT = 50  # of those asked; under it, who answered may be others than last time


@dataclass(frozen=True)
class Reading:
    """One publication as the reader of one scope may see it, with the rounds before, oldest first."""

    flow: Flow
    publication: Publication
    scope: Scope
    unit_names: dict[int, str]
    earlier: tuple[Publication, ...] = ()


def make_headline_chart(reading: Reading, words: Words) -> Chart | None:
    """One bar for each question with a headline: its share now, and in earlier rounds with the same wording."""
    bars: list[Bar] = []
    titles: set[str] = set()
    for question in find_questions(reading.flow):
        _, field = reading.flow.find_field(question.field)
        if not isinstance(field, WithOptions) or field.headline_label is None:
            continue
        titles.add(join_options([one.to(words.language) for one in field.options if one.id in field.headline], words))
        share = find_headline(reading.publication, reading.scope.id, question.field)
        if share is None:
            continue
        earlier = _find_earlier_headlines(reading, question.field)
        bars.append(
            Bar(
                label=field.headline_label.to(words.language),
                text=say_share(share, words),
                percent=None if isinstance(share, Extent) else share,
                before="" if isinstance(share, Extent) else _say_earlier(earlier, words),
                trail=tuple(one for one in earlier if not isinstance(one, Extent)),
            )
        )
    # Where all count the same answers, those are said once above them all.
    return Chart(titles.pop() if len(titles) == 1 else "", tuple(bars)) if bars else None


def make_distribution_charts(reading: Reading, words: Words) -> list[Block]:
    """For each choice its whole distribution, or the words for what is held back."""
    blocks: list[Block] = []
    is_added = False
    for question in find_questions(reading.flow):
        _, field = reading.flow.find_field(question.field)
        figure = reading.publication.figure(reading.scope.id, question.field)
        if isinstance(field, WithOptions) and isinstance(figure, Shares):
            labels = {one.id: one.to(words.language) for one in field.options}
            bars = tuple(
                Bar(add_options([labels[one] for one in part.options]), *_say_and_draw(part.percent, words))
                for part in figure.parts
            )
            blocks.append(Chart(field.label.to(words.language), bars))
            is_added = is_added or any(len(part.options) > 1 for part in figure.parts)
        if isinstance(figure, Mean):
            bar = Bar(field.label.to(words.language), f"{figure.value:.1f}".replace(".", words("figure.decimal")))
            blocks.append(Chart("", (bar,)))
    if is_added:
        blocks.append(Say(words("result.added"), "note"))
    return blocks


def find_headline(publication: Publication, scope: str, field: str) -> int | Extent | None:
    """The headline share of a question in a scope, or None where it is held back."""
    figure = publication.figure(scope, field)
    return figure.headline if isinstance(figure, Share | Shares) else None


def _find_earlier_headlines(reading: Reading, field: str) -> list[int | Extent]:
    """The shares of earlier rounds, oldest first: only where the question had the same wording (the asking rules: a
    changed question starts a new series), and back to the first round in which nothing was published."""
    found: list[int | Extent] = []
    for before in reversed(reading.earlier):
        try:
            is_same = before.question_hash(field) == reading.publication.question_hash(field)
            share = find_headline(before, reading.scope.id, field) if is_same else None
        except KeyError:
            share = None
        if share is None:
            break
        found.insert(0, share)
    return found


def _say_earlier(earlier: list[int | Extent], words: Words) -> str:
    """'sist 50 %', or 'før: 40 %, 50 %'."""
    if not earlier:
        return ""
    figures = ", ".join(say_share(one, words) for one in earlier)
    return words("figure.before" if len(earlier) == 1 else "figure.before_that", figure=figures)


def say_few_answers(reading: Reading, words: Words) -> list[Block]:
    """With few answers one should look at the direction, not at the number; where there is one. And where few of those
    asked have answered, rounds cannot be compared."""
    bands = {
        figure.respondents
        for question in find_questions(reading.flow)
        if isinstance(figure := reading.publication.figure(reading.scope.id, question.field), Share | Shares | Mean)
    }
    said: list[Block] = []
    rate = find_rate(reading.publication, reading.scope.id)
    if rate is not None and rate.percent < COMPARABLE_PERCENT and reading.earlier:
        said.append(Say(words("result.low_rate", rate=say_rate(reading, words)), "note"))
    elif bands & {Band.from_5, Band.from_10}:
        said.append(Say(words("result.few_answers" if reading.earlier else "result.few_answers_first"), "note"))
    return said


def shows_anything(reading: Reading) -> bool:
    """Whether any figure of the scope is shown at all."""
    figures = [
        reading.publication.figure(reading.scope.id, question.field) for question in find_questions(reading.flow)
    ]
    return any(not isinstance(figure, HeldBack) for figure in figures)


def say_share(share: int | Extent, words: Words) -> str:
    return words(f"figure.{share}") if isinstance(share, Extent) else words("figure.percent", percent=share)


def join_options(labels: list[str], words: Words) -> str:
    """'Nesten hver vakt eller hver uke': several answers as one."""
    return words.list([labels[0], *(label[:1].lower() + label[1:] for label in labels[1:])], "or")


def add_options(labels: list[str]) -> str:
    """'Ja, flere ganger + Ja, én gang': answers that are too few to be shown each by itself."""
    return " + ".join(labels)


def say_invited(number: int, words: Words) -> str:
    """How many were asked, in a band: whoever knows all who work there would see from a number that one was not."""
    return say_band(band(number), words)


def say_band(band: Band, words: Words) -> str:
    """'10–19', or '50 eller flere'."""
    return words("figure.fifty_or_more") if band is Band.from_50 else band.replace("-", "–")


def _say_and_draw(share: int | Extent, words: Words) -> tuple[str, int | None]:
    return say_share(share, words), None if isinstance(share, Extent) else share


def say_rate(reading: Reading, words: Words) -> str:
    """'60 %', 'høyst 5 %': empty where it is not published."""
    rate = find_rate(reading.publication, reading.scope.id)
    return words(f"figure.rate.{rate.bound}", percent=rate.percent) if rate else ""


def find_rate(publication: Publication, scope: str) -> Rate | None:
    try:
        return publication.rate(scope)
    except KeyError:
        return None


def say_asked(reading: Reading, words: Words) -> list[Block]:
    """How many were asked and answered, where that is published, and which units the figures hold together."""
    rate = say_rate(reading, words)
    said = words("result.asked", asked=say_invited(reading.scope.invited, words), rate=rate)
    asked: list[Block] = [Say(said, "note")] if rate else []
    return asked + say_pooled(reading, words)


def say_pooled(reading: Reading, words: Words) -> list[Block]:
    """Where a unit was too small alone: which units the figures hold together."""
    if not reading.scope.pooled:
        return []
    names = [reading.unit_names[one] for one in reading.scope.units if one in reading.unit_names]
    return [Say(words("result.pooled", units=words.list(names)), "note")]


def say_held_back(unit_name: str, reading: Reading, words: Words) -> list[Block]:
    """Why nothing is shown, and a way on: questions for a meeting instead."""
    reasons = {
        figure.reason
        for question in find_questions(reading.flow)
        if isinstance(figure := reading.publication.figure(reading.scope.id, question.field), HeldBack)
    }
    reason = "too_few" if reasons == {"too_few"} else "derivable"
    return [
        Say(words(f"held_back.{reason}", unit=unit_name)),
        Say(words("held_back.instead")),
        Say(words("held_back.question_one"), "quote"),
        Say(words("held_back.question_two"), "quote"),
    ]
