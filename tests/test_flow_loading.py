"""From files to flows: what is read, what is no YAML, and folders in which something is wrong."""

from pathlib import Path

import pytest

from flows.loading import FlowsInvalid, find_flows, load_flows, load_scales, parse_flow, read_flow
from flows.model import Flow
from flows.text import LANGUAGES

HELPED = (Path(__file__).parent / "data" / "helped.yaml").read_text(encoding="utf-8")


def flow_in(content: str) -> Flow:
    flow = parse_flow("helped.yaml", content)
    assert isinstance(flow, Flow), flow
    return flow


def problems_in(content: str) -> list[str]:
    """What is told about `content`, in the order of its lines."""
    found = parse_flow("helped.yaml", content)
    assert not isinstance(found, Flow), "the flow was read without a problem"
    return [str(problem) for problem in found]


def with_(old: str, new: str) -> str:
    """The made-up flow with the first `old` in it replaced by `new`."""
    assert old in HELPED
    return HELPED.replace(old, new, 1)


def test_a_flow_without_mistakes_is_read_and_named_after_its_file() -> None:
    flow = flow_in(HELPED)

    assert flow.name == "helped"
    assert [field.id for field in flow.fields] == ["helped", "reason"]


def test_yes_and_no_and_on_are_words() -> None:
    by_date = with_('cron: "0 9 * * mon#2"', "on: [2027-01-12]\n  time: 10:30")

    flow = flow_in(by_date)

    options = flow.fields[0].options  # type: ignore[union-attr]
    assert [one.id for one in options] == ["yes", "no"]
    assert [one.en for one in options] == ["Yes", "No"]
    assert flow.steps[1].when is not None
    assert flow.steps[1].when.is_ == ("no",)
    assert str(flow.schedule.on[0]) == "2027-01-12"
    assert flow.schedule.time == "10:30"


def test_a_number_that_begins_with_zero_is_not_read_in_another_number_system() -> None:
    assert flow_in(with_("retention_months: 12", "retention_months: 010")).retention_months == 10


def test_wrapped_lines_are_one_sentence() -> None:
    flow = flow_in(with_("          en: Why not?", "          en: >-\n            Why\n            not?"))

    assert flow.fields[1].label.en == "Why not?"


# What is no YAML, or not one flow.

UNREADABLE = [
    ("nb: Kurset,", "nb: 'Kurset,", "line 4: … a quotation mark is opened here"),
    ("nb: Hjalp det?", "nb: Hjalp det: ja?", "line 17: … a text with a colon stands in quotes"),
    ("nb: Hjalp det?", "nb: 'Hjalp det?", "line 17: … a quotation mark is opened here"),
    ("          nb: Hjalp det?", "\t\tnb: Hjalp det?", "line 17: … indent with spaces"),
    ("nb: Hjalp det?", "nb: @alle", "line 17: … a text that begins with a sign"),
    ("nb: Hjalp det?", "nb: *alle", "line 17: … a text that begins with *"),
    ("nb: Hjalp det?", "nb: !alle", "line 17: … take away the tag"),
    ("nb: Ja,", "nb: Ja?,", "line 21: … between { and }, a text with , or ?"),
    ("is: [no]", "is: [no", "… a list that begins with [ ends with ]"),
    ("steps:\n", "---\nsteps:\n", "line 11: … one file is one flow"),
    ("nb: Hjalp det?", "nb: Hjalp\x07 det?", "line 17: an invisible character stands here (U+0007)"),
    ("nn: Hjelpte det?", "nb: Hjelpte det?", "line 18: the key 'nb' is written twice; keep one of them"),
    ("seen_by: [", "kind: named\nseen_by: [", "line 3: the key 'kind' is written twice; keep one of them"),
]


@pytest.mark.parametrize(("old", "new", "told"), UNREADABLE, ids=[repr(new)[:50] for _, new, _ in UNREADABLE])
def test_what_is_not_yaml_is_told_in_words(old: str, new: str, told: str) -> None:
    (problem,) = problems_in(with_(old, new))

    assert problem.startswith("helped.yaml, line ")
    assert told.replace("…", "this cannot be read as YAML:") in problem


@pytest.mark.parametrize("content", ["", "\n\n", "# Only a comment\n", "---\n"])
def test_an_empty_file_is_told(content: str) -> None:
    assert problems_in(content) == [
        "helped.yaml: the file is empty; copy a flow that comes with Medvirk, and change it"
    ]


@pytest.mark.parametrize("content", ["hello", "- a\n- b", "12"])
def test_a_file_that_is_no_flow_at_all_is_told(content: str) -> None:
    assert problems_in(content) == [
        "helped.yaml, line 1: a flow is written as keys, such as 'kind: anonymous', each on its line"
    ]


def test_a_file_that_would_exhaust_the_reader_is_told_and_does_no_harm() -> None:
    bomb = "a0: &a0 [x]\n" + "".join(f"a{i}: &a{i} [{', '.join([f'*a{i - 1}'] * 9)}]\n" for i in range(1, 40))

    assert "too deep" in problems_in("[" * 5_000)[0]
    assert "'a39' is not known here" in problems_in(bomb)[-1]
    assert "step 1" in problems_in(with_("steps:\n", "steps: &all\n  - *all\n"))[0]


def test_the_name_of_the_file_must_do_as_the_name_of_the_flow() -> None:
    found = parse_flow("Min flyt.yaml", HELPED)

    assert isinstance(found, list)
    (problem,) = found
    assert problem.says == ("the file's name is the flow's name; name it with only a-z, digits and _, as in pulse.yaml")


# Files and folders.


def test_a_file_that_is_not_utf8_is_told_with_the_line(tmp_path: Path) -> None:
    path = tmp_path / "helped.yaml"
    path.write_bytes(HELPED.replace("en: Why not?", "en: Why, lønn?").encode("latin-1"))

    found = read_flow(path)

    assert isinstance(found, list)
    (problem,) = found
    assert problem.line == 6
    assert "save the file anew with the encoding UTF-8" in problem.says


def test_a_file_from_windows_is_read_as_any_other(tmp_path: Path) -> None:
    path = tmp_path / "helped.yaml"
    _, without_comment = HELPED.split("\n", 1)
    path.write_bytes(b"\xef\xbb\xbf" + without_comment.replace("\n", "\r\n").encode())

    assert read_flow(path) == flow_in(HELPED)


def test_a_file_that_cannot_be_opened_is_told(tmp_path: Path) -> None:
    (tmp_path / "helped.yaml").mkdir()

    found = read_flow(tmp_path / "helped.yaml")

    assert isinstance(found, list)
    assert "cannot be read" in found[0].says


def test_of_two_flows_with_one_name_the_second_is_refused_and_others_stay(tmp_path: Path) -> None:
    (tmp_path / "pulse.yaml").write_text(HELPED, encoding="utf-8")
    for folder in ("ours", "yours"):
        (tmp_path / folder).mkdir()
        (tmp_path / folder / "helped.yaml").write_text(HELPED, encoding="utf-8")

    flows, problems = find_flows(tmp_path, tmp_path / "ours", tmp_path / "yours")

    assert flows["pulse"].title.en == "The pulse"
    assert "helped" in flows
    assert "a flow of the name pulse comes with Medvirk" in problems[0].says
    assert "a flow of the name helped is in another folder of yours" in problems[1].says


def test_the_flows_without_mistakes_can_be_used_while_others_are_told(tmp_path: Path) -> None:
    (tmp_path / "a_good_one.yaml").write_text(HELPED, encoding="utf-8")
    (tmp_path / "broken.yaml").write_text("kind: [", encoding="utf-8")
    (tmp_path / "wrong.yaml").write_text(HELPED.replace("kind: anonymous", "kind: anonym"), encoding="utf-8")

    flows, problems = find_flows(tmp_path)

    assert "a_good_one" in flows
    assert [Path(one.file).name for one in problems] == ["broken.yaml", "wrong.yaml"]
    with pytest.raises(FlowsInvalid, match=r"(?s)broken\.yaml, line 1.*wrong\.yaml, line 2"):
        load_flows(tmp_path)


def test_a_problem_says_in_which_folder_the_file_lies(tmp_path: Path) -> None:
    folder = tmp_path / "our_flows"
    folder.mkdir()
    (folder / "pulse.yaml").write_text("", encoding="utf-8")

    _, (problem,) = find_flows(folder)

    assert str(problem).startswith("our_flows/pulse.yaml: ")


def test_a_file_with_another_ending_is_told_and_not_silently_left_out(tmp_path: Path) -> None:
    (tmp_path / "helped.yml").write_text(HELPED, encoding="utf-8")
    (tmp_path / "notes.txt").write_text("not a flow", encoding="utf-8")

    flows, (problem,) = find_flows(tmp_path)

    assert "helped" not in flows
    assert "name it helped.yaml" in problem.says


def test_a_folder_that_is_not_there_is_told(tmp_path: Path) -> None:
    _, (problem,) = find_flows(tmp_path / "nowhere")

    assert problem.file.endswith("nowhere")
    assert "mend MEDVIRK_FLOWS_DIR" in problem.says


# Scales.


def test_a_named_scale_has_the_same_words_wherever_it_is_used() -> None:
    flow = flow_in(with_("kind: text", "kind: scale\n        scale: frequency"))

    assert flow.fields[1].options == load_scales()["frequency"]  # type: ignore[union-attr]


def test_the_scale_of_frequency_has_named_points_and_always_one_for_no_occasion() -> None:
    frequency = load_scales()["frequency"]

    assert [one.id for one in frequency] == ["every_shift", "weekly", "rarely", "never", "no_occasion"]
    assert [frequency[-1].to(one) for one in LANGUAGES] == [
        "Har ikke hatt anledning",
        "Har ikkje hatt høve",
        "I haven't had the chance",
    ]
