"""YAML for people who must find their mistake: plain values, and the line and column each came from.

A careful subset, so that a file means what it seems to mean and can do no harm: JSON's types only (``no``
and ``on`` are texts, a date is a text), text keys, no key twice, no anchors or aliases, no tags, no control
characters, limits on size, depth and number of values. Journeys, surveys and templates all read their files through here.
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, TypeAlias

import yaml

from collector import values
from collector.errors import BadInput

MAX_BYTES = 1_000_000
MAX_DEPTH = 32
MAX_VALUES = 100_000
"""Far more than any file of people holds; reading costs by the value, not by the byte."""

Value: TypeAlias = "bool | int | float | str | list[Value] | dict[str, Value] | None"
Path = tuple[str | int, ...]
Place = tuple[int, int]

_PAIR = re.compile("[\ud800-\udbff][\udc00-\udfff]")
_NO_TEXT = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x84\x86-\x9f\ud800-\udfff\ufffe\uffff]")


@dataclass(frozen=True)
class Problem:
    """One thing wrong in a file: where (line and column count from 1), in which field, and what."""

    file: str
    line: int
    column: int
    field: str
    code: str
    message: str

    def __str__(self) -> str:
        place = f"{self.file}:{self.line}:{self.column}"
        return f"{place}: {self.field}: {self.message}" if self.field else f"{place}: {self.message}"


class FileError(BadInput):
    """A file that cannot be taken; ``problems`` names every place that is wrong."""

    default_code = "invalid_file"

    def __init__(self, problems: list[Problem]) -> None:
        fields: dict[str, list[str]] = {}
        for problem in problems:
            fields.setdefault(problem.field or "file", []).append(str(problem))
        super().__init__("\n".join(map(str, problems)), fields=fields)
        self.problems = problems


@dataclass(frozen=True)
class Document:
    """A file's value and where each part of it stands."""

    file: str
    value: Value
    places: Mapping[Path, Place] = field(repr=False)

    def place_of(self, path: Path) -> Place:
        """The line and column of a path, or of the nearest part above it that stands in the file."""
        while path and path not in self.places:
            path = path[:-1]
        return self.places.get(path, (1, 1))

    def line_of(self, path: Path) -> int:
        """The line of a path, counted from 1."""
        return self.place_of(path)[0]

    def problem(self, path: Path, code: str, message: str) -> Problem:
        """A problem at a path."""
        line, column = self.place_of(path)
        return Problem(self.file, line, column, dotted(path), code, message)

    def problems(self, errors: Mapping[Any, Any]) -> list[Problem]:
        """marshmallow's nested messages as problems, in the order of the file."""
        found = [self.problem(path, _code(text), text) for path, text in _flat(errors, ())]
        return sorted(found, key=lambda problem: (problem.line, problem.column))


def load(text: str | bytes, filename: str) -> Document:
    """Read one YAML document; FileError names the line of what cannot be read."""
    loader = _Loader(_decoded(text, filename))
    places: dict[Path, Place] = {(): (1, 1)}
    try:
        node = loader.get_single_node()
        value = None if node is None else _value(loader, node, (), places)
    except _RefusedError as refusal:
        problem = _at(filename, refusal.mark, dotted(refusal.path), refusal.code, str(refusal))
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        problem = _at(filename, mark, "", "not_yaml", f"this is not YAML: {_of_parser(error)}")
    except (yaml.YAMLError, ValueError) as error:
        # chr() of "\U00110000" gets through the scanner: https://github.com/yaml/pyyaml/issues/634
        problem = _at(filename, loader.get_mark(), "", "not_yaml", f"this is not YAML: {error}")
    else:
        return Document(filename, value, places)
    raise FileError([problem])


def dotted(path: Path) -> str:
    """A path as people write it: ``questions.0.wording.de``."""
    return ".".join(map(str, path))


class _RefusedError(Exception):
    """Readable YAML that this subset does not take."""

    def __init__(self, message: str, code: str, mark: yaml.Mark, path: Path = ()) -> None:
        super().__init__(message)
        self.code, self.mark, self.path = code, mark, path


class _Loader(yaml.SafeLoader):
    """SafeLoader with YAML 1.2's few implicit types, limits on depth and number, no anchors and no tags."""

    yaml_implicit_resolvers: dict[str, list[tuple[str, re.Pattern[str]]]] = {}
    depth = 0
    values = 0

    def compose_node(self, parent: yaml.Node | None, index: int) -> yaml.Node | None:
        event = self.peek_event()  # type: ignore[no-untyped-call]  # types-PyYAML leaves it out
        if isinstance(event, yaml.AliasEvent) or getattr(event, "anchor", None):
            message = "anchors and aliases are not taken; write the value out"
            raise _RefusedError(message, "alias", event.start_mark)
        if getattr(event, "tag", None):
            raise _RefusedError(f"the tag {event.tag} is not taken", "tag", event.start_mark)
        if self.depth >= MAX_DEPTH:
            raise _RefusedError(f"nested deeper than {MAX_DEPTH} levels", "too_deep", event.start_mark)
        self.values += 1
        if self.values > MAX_VALUES:
            raise _RefusedError(f"more than {MAX_VALUES:,} values", "too_many_values", event.start_mark)
        self.depth += 1
        node: yaml.Node | None = super().compose_node(parent, index)
        self.depth -= 1
        return node


def _implicit(name: str, pattern: str, first: str) -> None:
    _Loader.add_implicit_resolver(f"tag:yaml.org,2002:{name}", re.compile(f"^(?:{pattern})$"), list(first))


_implicit("null", "~|null|", "~n")
_Loader.yaml_implicit_resolvers.setdefault("", []).append(("tag:yaml.org,2002:null", re.compile("^$")))
_implicit("bool", "true|false", "tf")
# At most 18 digits, and no leading zero: anything else is an identifier (a postcode, a phone number).
_implicit("int", "[-+]?(?:0|[1-9][0-9]{0,17})", "-+0123456789")
_implicit("float", r"[-+]?(?:0|[1-9][0-9]{0,17})?\.[0-9]+(?:[eE][-+]?[0-9]{1,3})?", "-+.0123456789")


def _decoded(text: str | bytes, filename: str) -> str:
    """The text of a file, checked for size, encoding and characters that are no text."""
    raw = text.encode("utf-8", "surrogatepass") if isinstance(text, str) else text
    if len(raw) > MAX_BYTES:
        raise FileError([_in_text(filename, "", "too_large", f"larger than {MAX_BYTES:,} bytes")])
    try:
        decoded = text if isinstance(text, str) else raw.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        before = raw[: error.start].decode("utf-8", "ignore")
        raise FileError([_in_text(filename, before, "not_utf8", "not UTF-8; save it as UTF-8")]) from None
    if bad := _NO_TEXT.search(decoded):
        message = f"contains the control character U+{ord(bad.group()):04X}"
        raise FileError([_in_text(filename, decoded[: bad.start()], "control_character", message)])
    return decoded


def _value(loader: _Loader, node: yaml.Node, path: Path, places: dict[Path, Place]) -> Value:
    """The plain value of a node; every path on the way is written into ``places``."""
    places.setdefault(path, (node.start_mark.line + 1, node.start_mark.column + 1))
    if isinstance(node, yaml.SequenceNode):
        return [_value(loader, item, (*path, index), places) for index, item in enumerate(node.value)]
    if isinstance(node, yaml.MappingNode):
        return _mapping(loader, node, path, places)
    value: Value = loader.construct_object(node)
    if isinstance(value, str):
        return _text(value, node, path)
    if isinstance(value, int | float) and values.number_fault(value):
        raise _RefusedError("too large for a number", "number", node.start_mark, path)
    return value


def _mapping(
    loader: _Loader, node: yaml.MappingNode, path: Path, places: dict[Path, Place]
) -> dict[str, Value]:
    result: dict[str, Value] = {}
    for key_node, value_node in node.value:
        mark = key_node.start_mark
        if not isinstance(key_node, yaml.ScalarNode):
            raise _RefusedError("a key must be a text", "key", mark, path)
        key = _text(key_node.value, key_node, path)
        here = (*path, key)
        if key in result:
            message = f"stands here twice; first in line {places[here][0]}"
            raise _RefusedError(message, "duplicate_key", mark, here)
        places[here] = (mark.line + 1, mark.column + 1)
        result[key] = _value(loader, value_node, here, places)
    return result


def _text(text: str, node: yaml.Node, path: Path) -> str:
    """The text, unless an escape such as ``"\\0"`` made it something that is no text."""
    # JSON writes an emoji as two escapes, which YAML does not join.
    text = _PAIR.sub(lambda pair: pair.group().encode("utf-16", "surrogatepass").decode("utf-16"), text)
    if _NO_TEXT.search(text):
        raise _RefusedError("contains a control character", "control_character", node.start_mark, path)
    return text


def _flat(errors: Mapping[Any, Any], path: Path) -> Iterator[tuple[Path, str]]:
    """Each message with its path; what marshmallow says of a whole (``_schema``) belongs to that whole."""
    for name, inner in errors.items():
        here = path if name == "_schema" else (*path, name if isinstance(name, int) else str(name))
        if isinstance(inner, Mapping):
            yield from _flat(inner, here)
        else:
            for message in inner if isinstance(inner, list) else [inner]:
                yield here, str(message)


def _code(message: str) -> str:
    known = {"Unknown field.": "unknown_field", "Missing data for required field.": "missing"}
    return known.get(message, "invalid")


def _of_parser(error: yaml.MarkedYAMLError) -> str:
    """PyYAML's own words, which are in one language only: what holds them says enough without them."""
    return " ".join(part for part in (error.context, error.problem) if part)


def _in_text(filename: str, before: str, code: str, message: str) -> Problem:
    lines = before.split("\n")
    return Problem(filename, len(lines), len(lines[-1]) + 1, "", code, message)


def _at(filename: str, mark: yaml.Mark | None, field: str, code: str, message: str) -> Problem:
    line, column = (mark.line + 1, mark.column + 1) if mark else (1, 1)
    return Problem(filename, line, column, field, code, message)
