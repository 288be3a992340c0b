"""From files to flows: every problem at once, each with file, line, step, field and remedy."""

from collections.abc import Callable, Iterable, Sequence
from functools import lru_cache
from pathlib import Path

from pydantic import TypeAdapter, ValidationError

from flows.fields import Id, Option
from flows.mistakes import Mistake
from flows.model import Flow
from flows.remedies import tell
from flows.yaml_file import Problem, name_file, read_text, read_yaml

DEFINITIONS = Path(__file__).parent / "definitions"
SCALES = Path(__file__).parent / "scales.yaml"

Scales = dict[str, tuple[Option, ...]]
Judge = Callable[[Flow], Iterable[Mistake]]  # finds what only others can know, such as what answers can become


def find_nothing(_flow: Flow) -> Iterable[Mistake]:
    """The judge that knows no more than the flow itself."""
    return ()


class FlowsInvalid(Exception):
    """At least one flow file cannot be used; `problems` has them all."""

    def __init__(self, problems: Sequence[Problem]) -> None:
        super().__init__("\n".join(str(problem) for problem in problems))
        self.problems = list(problems)


def load_flows(*folders: Path) -> dict[str, Flow]:
    """All flows in the product's own folder and in `folders`, by name. Raises FlowsInvalid with every problem in
    every file."""
    flows, problems = find_flows(*folders)
    if problems:
        raise FlowsInvalid(problems)
    return flows


def find_flows(*folders: Path, judge: Judge = find_nothing) -> tuple[dict[str, Flow], list[Problem]]:
    """The flows that can be used, and the problems of the rest. Of two with one name the second is a problem: what is
    recorded, discussed and compared goes by the name."""
    flows: dict[str, Flow] = {}
    problems: list[Problem] = []
    for folder in (DEFINITIONS, *folders):
        if not folder.is_dir():
            says = "there is no such folder; make it, or mend MEDVIRK_FLOWS_DIR"
            problems.append(Problem(str(folder), None, "", says))
            continue
        for path in sorted(folder.iterdir()):
            if path.suffix == ".yaml":
                read = read_flow(path, judge)
                if not isinstance(read, Flow):
                    problems += read
                elif read.name in flows:
                    whose = (
                        "comes with Medvirk" if (DEFINITIONS / path.name).is_file() else "is in another folder of yours"
                    )
                    says = f"a flow of the name {read.name} {whose}; give this file another name"
                    problems.append(Problem(name_file(path), None, "", says))
                else:
                    flows[read.name] = read
            elif path.suffix.lower() in (".yml", ".yaml"):
                says = f"is not read, because its name does not end in .yaml; name it {path.stem}.yaml"
                problems.append(Problem(name_file(path), None, "", says))
    return flows, problems


def read_flow(path: Path, judge: Judge = find_nothing) -> Flow | list[Problem]:
    """The flow in one file, or its problems."""
    content = read_text(path)
    return [content] if isinstance(content, Problem) else parse_flow(name_file(path), content, judge)


def parse_flow(file: str, content: str, judge: Judge = find_nothing) -> Flow | list[Problem]:
    """The flow in `content`, or its problems. The name of the flow is the name of the file."""
    document = read_yaml(file, content)
    if isinstance(document, Problem):
        return [document]
    if document.data is None:
        return [Problem(file, None, "", "the file is empty; copy a flow that comes with Medvirk, and change it")]
    if not isinstance(document.data, dict):
        return [Problem(file, 1, "", "a flow is written as keys, such as 'kind: anonymous', each on its line")]
    problems = []
    if "name" in document.data:
        says = "the name of the file is the name of the flow; take this key away"
        problems.append(Problem(file, document.line_of(("name",)), "name", says))
    data = {**document.data, "name": Path(file).stem}
    try:
        flow = Flow.model_validate(data, context={"scales": load_scales()})
    except ValidationError as error:
        return problems + tell(file, document, data, error)
    for place, says in judge(flow):
        problems.append(Problem(file, document.line_of(place), ", ".join(map(str, place)), says))
    return problems or flow


def load_scales() -> Scales:
    """The named scales: for each its points with their texts, in the order shown. Raises FlowsInvalid."""
    content = read_text(SCALES)
    if isinstance(content, Problem):
        raise FlowsInvalid([content])
    return _read_scales(content)


@lru_cache(maxsize=1)  # every flow asks for them
def _read_scales(content: str) -> Scales:
    document = read_yaml(SCALES.name, content)
    if isinstance(document, Problem):
        raise FlowsInvalid([document])
    try:
        return TypeAdapter(dict[Id, tuple[Option, ...]]).validate_python(document.data)
    except ValidationError as error:
        raise FlowsInvalid(tell(SCALES.name, document, document.data, error)) from None
