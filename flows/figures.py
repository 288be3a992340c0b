"""The figures of one question for all scopes, made from the groups that may be told apart."""

from collections import Counter
from collections.abc import Mapping, Sequence
from fractions import Fraction
from random import Random

from flows.categories import Part as Options
from flows.categories import Split, join, level, split
from flows.counting import Answers, Judged
from flows.publication import Band, Extent, Figure, HeldBack, Mean, Part, Share, Shares, Texts
from flows.rounding import band, drawn_in_sum, share
from flows.submissions import Question
from flows.suppression import Group, Grouping, find_groups
from flows.verbatim import mask

Figures = dict[str, Figure]  # by scope

NOT = ""  # all who did not choose an option, as if that were an option itself


def judge_choice(question: Question, answers: Answers) -> tuple[Figures, Judged]:
    """Shares of a question where each chose one option: a distribution, a headline share, or both.

    Without a headline a distribution is all there is, so it takes as many respondents as one; and where no option
    could have had a category's worth of answers, showing nothing would say just that, so it takes more.
    """
    thresholds = answers.thresholds
    enough = thresholds.group
    if not question.headline:
        enough = max(enough, thresholds.distribution, thresholds.margin * len(question.options))
    grouping = _find_groups(answers, enough)
    splits = {group: _split_choice(question, answers, group) for group in grouping.groups}
    levelled = level(splits, thresholds.category)
    figures = _held_back(grouping)
    for scope, groups in grouping.shown.items():
        joined = join([levelled[group] for group in groups])
        figures[scope] = _choice_figure(question, joined, answers, groups)
    return figures, Judged(grouping, {group: (one,) for group, one in splits.items()})


def judge_choices(question: Question, answers: Answers) -> tuple[Figures, Judged]:
    """Shares of a question where each could choose several options, or none of them: one share for each."""
    thresholds = answers.thresholds
    grouping = _find_groups(answers, max(thresholds.group, thresholds.distribution))
    figures = _held_back(grouping)
    splits: dict[Group, tuple[Split, ...]] = dict.fromkeys(grouping.groups, ())
    joined: dict[str, dict[str, Split]] = {scope: {} for scope in grouping.shown}
    for option in question.options:
        found = {group: _split_option(option, answers, group) for group in grouping.groups}
        splits = {group: (*splits[group], one) for group, one in found.items()}
        levelled = level(found, thresholds.category)
        for scope, groups in grouping.shown.items():
            joined[scope][option] = join([levelled[group] for group in groups])
    for scope, groups in grouping.shown.items():
        figures[scope] = _choices_figure(question, joined[scope], answers, groups)
    return figures, Judged(grouping, splits)


def judge_numbers(question: Question, answers: Answers) -> Figures:
    """Means of numbers or of a scale. A mean of a few free numbers is nearly one person's, so it takes more."""
    thresholds = answers.thresholds
    is_free = question.kind == "number"
    grouping = _find_groups(answers, max(thresholds.group, thresholds.distribution if is_free else 0))
    sums = {group: _sum(answers, group) for group in grouping.groups}
    figures = _held_back(grouping)
    for scope, groups in grouping.shown.items():
        mean = sum((sums[group] for group in groups), Fraction(0)) / sum(map(answers.number, groups))
        figures[scope] = Mean(value=float(round(mean, 1)), respondents=_band(answers, groups))
    return figures


def judge_texts(texts: Answers, everybody: Answers, names: frozenset[str], rng: Random) -> Figures:
    """Texts as written, from groups with enough respondents and enough texts.

    Each text is shown in one place, the smallest scope that may show it; what is left of a branch beside the lists
    shown in it is a list of the branch. `everybody`: all submissions, since those who wrote nothing count too.
    """
    thresholds = texts.thresholds

    enough = max(thresholds.group, thresholds.text_respondents)

    def is_enough(group: Group) -> bool:
        written = texts.number(group)  # to be seen exactly, as the length of the list
        may_be_seen = written <= texts.led_limit(group, thresholds.category)
        return everybody.counted(group) >= enough and written >= thresholds.texts and may_be_seen

    grouping = find_groups(texts.partition, is_enough, texts.number, thresholds.hidden_groups, _grouping_before(texts))
    figures = _held_back(grouping)
    for scope, groups in grouping.find_homes().items():
        written = sorted(mask(str(text), names) for group in groups for text in texts.of(group))
        rng.shuffle(written)
        figures[scope] = Texts(texts=tuple(written), respondents=_band(everybody, grouping.shown[scope]))
    return figures


def _choice_figure(question: Question, told: Split, answers: Answers, groups: tuple[Group, ...]) -> Figure:
    counted = answers.counted(_all(groups))
    percent = {part: share(count, told.respondents, counted, answers.thresholds) for part, count in told.parts.items()}
    headline = None
    if question.headline:
        chosen = sum((count for part, count in told.parts.items() if part <= question.headline), Fraction(0))
        headline = share(chosen, told.respondents, counted, answers.thresholds)
        if len(told.parts) == 2:
            return Share(percent=headline, respondents=band(counted))
    elif len(told.parts) == 1:
        # The groups tell nothing in common, or the only one has too few answers in each category.
        return HeldBack(reason="too_few" if len(groups) == 1 else "derivable")
    parts = [Part(options=_in_order(part, question), percent=percent[part]) for part in told.parts]
    parts.sort(key=lambda part: question.options.index(part.options[0]))
    return Shares(parts=tuple(parts), headline=headline, respondents=band(counted))


def _choices_figure(
    question: Question, told: Mapping[str, Split], answers: Answers, groups: tuple[Group, ...]
) -> Figure:
    counted = answers.counted(_all(groups))
    percent = {
        option: share(one.parts[frozenset({option})], one.respondents, counted, answers.thresholds)
        for option, one in told.items()
    }
    parts = [Part(options=(option,), percent=one) for option, one in percent.items() if one is not Extent.few]
    few = tuple(option for option, one in percent.items() if one is Extent.few)
    if few:
        parts.append(Part(options=few, percent=Extent.few))
    headline = percent[min(question.headline)] if len(question.headline) == 1 else None
    return Shares(parts=tuple(parts), headline=headline, respondents=band(counted))


def _split_choice(question: Question, answers: Answers, group: Group) -> Split:
    thresholds = answers.thresholds
    chosen = Counter(answers.of(group))
    counts = {option: chosen[option] for option in question.options}
    in_detail = answers.counted(group) >= thresholds.distribution
    return split(counts, question.headline, thresholds.category, in_detail)


def _split_option(option: str, answers: Answers, group: Group) -> Split:
    chose = sum(option in answer for answer in answers.of(group) if isinstance(answer, Sequence))
    counts = {option: chose, NOT: answers.number(group) - chose}
    return split(counts, frozenset({option}), answers.thresholds.category, in_detail=False)


def _sum(answers: Answers, group: Group) -> Fraction:
    return drawn_in_sum([float(str(answer)) for answer in answers.of(group)], answers.thresholds)


def _find_groups(answers: Answers, least: int) -> Grouping:
    return find_groups(
        answers.partition,
        answers.at_least(least),
        answers.number,
        answers.thresholds.hidden_groups,
        _grouping_before(answers),
    )


def _grouping_before(answers: Answers) -> Grouping | None:
    return answers.led.judged.grouping if answers.led else None


def _held_back(grouping: Grouping) -> Figures:
    return {scope: HeldBack(reason=reason) for scope, reason in grouping.held.items()}


def _band(answers: Answers, groups: tuple[Group, ...]) -> Band:
    return band(answers.counted(_all(groups)))


def _all(groups: tuple[Group, ...]) -> Group:
    return frozenset().union(*groups)


def _in_order(part: Options, question: Question) -> tuple[str, ...]:
    return tuple(option for option in question.options if option in part)
