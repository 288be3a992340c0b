"""Reading a YAML file so that a problem is told with its line, and so that 'yes' is a word and not true."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml


@dataclass(frozen=True)
class Problem:
    """One thing to mend: the file, the line (from 1, or None), where in it, and what to do."""

    file: str
    line: int | None
    where: str
    says: str

    def __str__(self) -> str:
        place = f"{self.file}, line {self.line}" if self.line else self.file
        return f"{place}: {self.where}: {self.says}" if self.where else f"{place}: {self.says}"


class _Loader(yaml.SafeLoader):
    """YAML with the plain types of version 1.2: true, false, numbers, null; no dates, no 'yes', no 'on'."""


_Loader.yaml_implicit_resolvers = {}
for _tag, _pattern, _first in (
    ("bool", r"^(?:true|false)$", "tf"),
    # No leading zero: PyYAML reads 010 as eight, and 08 not at all.
    ("int", r"^[-+]?(?:0|[1-9][0-9]*)$", "-+0123456789"),
    ("float", r"^[-+]?[0-9]+\.[0-9]+$", "-+0123456789"),
    ("null", r"^(?:null|~|)$", ["n", "~", ""]),
):
    _Loader.add_implicit_resolver(f"tag:yaml.org,2002:{_tag}", re.compile(_pattern), list(_first))


@dataclass(frozen=True)
class Document:
    """What a file says, and where each part of it stands."""

    data: Any
    root: yaml.Node | None

    def line_of(self, path: Sequence[str | int]) -> int | None:
        """The line (from 1) of the part at `path`, or of the nearest part around it."""
        if self.root is None:
            return None
        node, line = self.root, self.root.start_mark.line + 1
        for part in path:
            found = _child(node, part)
            if found is None:
                break
            node, line = found
        return line


def read_text(path: Path) -> str | Problem:
    """What stands in a file, or the one problem that keeps it from being read."""
    try:
        content = path.read_bytes()
    except FileNotFoundError:
        return Problem(name_file(path), None, "", "is not there")
    except OSError as error:
        return Problem(name_file(path), None, "", f"cannot be read ({error.strerror}); look at the file's permissions")
    try:
        return content.decode("utf-8")
    except UnicodeDecodeError as error:
        line = content.count(b"\n", 0, error.start) + 1
        return Problem(name_file(path), line, "", "is not UTF-8 here; save the file anew with the encoding UTF-8")


def name_file(path: Path) -> str:
    """What a file is called when something in it is told of."""
    return f"{path.parent.name}/{path.name}"  # two folders may have a file of the same name


def read_yaml(file: str, content: str) -> Document | Problem:
    """The document in `content`, or the one problem that keeps it from being read as YAML."""
    try:
        loader = _Loader(content)
        try:
            root = loader.get_single_node()
            for key, line in _keys_written_twice(root, set()):
                return Problem(file, line, "", f"the key {key!r} is written twice; keep one of them")
            return Document(loader.construct_document(root) if root is not None else None, root)
        finally:
            loader.dispose()
    except yaml.reader.ReaderError as error:
        line = content.count("\n", 0, error.position) + 1
        code_point = f"U+{ord(content[error.position]):04X}"
        says = f"an invisible character stands here ({code_point}); delete it, or write the line anew"
        return Problem(file, line, "", says)
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        if error.context == "while scanning a quoted scalar":  # the problem is where the file ends
            mark = error.context_mark
        return Problem(file, mark.line + 1 if mark else None, "", _say_remedy(error))
    except RecursionError:
        says = "the parts lie too deep inside each other; a flow has fewer than ten levels"
        return Problem(file, None, "", says)
    except (yaml.YAMLError, ValueError) as error:
        return Problem(file, None, "", f"this cannot be read as YAML ({error}); look at numbers and quotes")


_REMEDIES = {  # what PyYAML says, and what its reader can do; the first that fits
    "mapping values are not allowed": "a text with a colon stands in quotes; or a line is indented too far",
    r"character '\t'": "indent with spaces, never with tabs",
    "cannot start any token": "a text that begins with a sign such as @, % or ` stands in quotes",
    "while scanning a quoted scalar": "a quotation mark is opened here and not closed",
    "while parsing a flow mapping": "between { and }, a text with , or ? or a bracket stands in quotes; "
    "or write each key on a line of its own",
    "while parsing a flow sequence": "a list that begins with [ ends with ], with commas between its parts",
    "expected a single document": "one file is one flow; take away the line with ---",
    "could not determine a constructor": "take away the tag that begins with !",
    "undefined alias": "a text that begins with * stands in quotes",
    "expected <block end>": "the keys of one part begin in one column; quotes stand around a text as a whole",
    "could not find expected ':'": "each key ends with a colon and a space",
}


def _say_remedy(error: yaml.MarkedYAMLError) -> str:
    said = " ".join(part for part in (error.context, error.problem) if part)
    remedy = next((remedy for sign, remedy in _REMEDIES.items() if sign in said), "look at indentation and quotes")
    return f"this cannot be read as YAML: {remedy} ({said})"


def _child(node: yaml.Node, part: str | int) -> tuple[yaml.Node, int] | None:
    if isinstance(node, yaml.MappingNode):
        for key, value in node.value:
            if key.value == str(part):
                return value, key.start_mark.line + 1
    if isinstance(node, yaml.SequenceNode) and isinstance(part, int) and part < len(node.value):
        return node.value[part], node.value[part].start_mark.line + 1
    return None


def _keys_written_twice(node: yaml.Node | None, looked_at: set[int]) -> Iterator[tuple[str, int]]:
    """Keys that stand twice in one mapping, with their lines. YAML would keep the last and say nothing."""
    if node is None or id(node) in looked_at:  # an alias leads to a part that was looked at, or back up
        return
    looked_at.add(id(node))
    if isinstance(node, yaml.MappingNode):
        keys: set[str] = set()
        for key, value in node.value:
            if isinstance(key, yaml.ScalarNode):
                if key.value in keys:
                    yield key.value, key.start_mark.line + 1
                keys.add(key.value)
            yield from _keys_written_twice(value, looked_at)
    if isinstance(node, yaml.SequenceNode):
        for item in node.value:
            yield from _keys_written_twice(item, looked_at)
