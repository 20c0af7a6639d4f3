"""The sentences that rules tell, for the translators: ``pybabel extract`` finds them in the code (see ``babel.cfg``)."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from typing import IO, Any

from babel.messages.extract import extract_python

from collector.told import CONTEXT, PLACE

TELLS = frozenset(
    {"BadInput", "Conflict", "FileProblem", "Finding", "Gone", "NotAllowed", "NotFound", "Stale", "TooMany", "Unavailable",
     "Block", "ValidationError", "ValueError", "Verdict", "_RefusedError", "_at", "_in_text", "_refuse", "_skip", "_weak", "_withdraw",
     "_wrong", "problem"}
)  # fmt: skip
"""Calls that are given a sentence."""
NAMED = frozenset({"detail", "kept", "message", "rule", "says", "why", "SILENT"})
"""Names that hold one."""
OF_MARSHMALLOW = (
    "Missing data for required field.", "Unknown field.", "Field may not be null.", "Not a valid integer.",
    "Not a valid number.", "Not a valid string.", "Not a valid boolean.", "Not a valid mapping type.",
    "Not a valid list.", "Not a valid datetime.", "Not a valid date.", "Not a valid UUID.", "Invalid input type.",
    "Must be one of: %(choices)s.", "Length must be between %(min)s and %(max)s.",
    "Longer than maximum length %(max)s.", "Shorter than minimum length %(min)s.",
    "String does not match expected pattern.", "Must be greater than or equal to %(min)s.",
    "Must be less than or equal to %(max)s.",
    "Must be greater than or equal to %(min)s and less than or equal to %(max)s.",
)  # fmt: skip
OF_WIRE = (
    "unknown", "missing", "needed", "must not hold NUL", "must not hold half a character (a surrogate)",
    "must be a finite number", "must be a number of at most 2^53", "must be at most %(longest)s characters", "http:// or https://",
    "Something went wrong on our side; nothing was stored.", "There is no such run.",
)  # fmt: skip
"""What is said in so few words, or so far from where it stands, that it is not known for a sentence in the code."""
_BRACES = re.compile(r"\{(\w+)\}")


def extract(file: IO[bytes], keywords: Any, comment_tags: Any, options: Any) -> Iterator[Any]:
    """What Babel collects of a Python file: its marked words, and the sentences that it tells."""
    yield from extract_python(file, keywords, comment_tags, options)
    file.seek(0)
    for line, sentence in sentences(file.read().decode("utf-8")):
        yield line, "pgettext", (CONTEXT, sentence), []


def sentences(source: str) -> Iterator[tuple[int, str]]:
    """(line, sentence) of every sentence that a Python file tells, values as places."""
    tree = ast.parse(source)
    for node in ast.walk(tree):
        for said in _told_by(node):
            if " " in (text := _sentence(said)).strip():
                yield said.lineno, text
        if isinstance(node, ast.Assign):
            lists = {"OF_MARSHMALLOW": OF_MARSHMALLOW, "OF_WIRE": OF_WIRE}
            named = "".join(_names(node.targets[0]))
            yield from ((node.lineno, each) for each in lists.get(named, ()))


def _told_by(node: ast.AST) -> Iterator[ast.expr]:
    if isinstance(node, ast.Call):
        if _names(node.func) & TELLS:
            for given in (*node.args, *(each.value for each in node.keywords)):
                yield from _texts(given)
        else:
            yield from (text for each in node.keywords if each.arg == "error" for text in _texts(each.value))
    if isinstance(node, ast.Assign):
        target = node.targets[0]
        is_wrong = isinstance(target, ast.Subscript) and _names(target.value) == {"wrong"}
        if is_wrong or _names(target) & NAMED:
            yield from _texts(node.value)


def _texts(node: ast.expr | None) -> Iterator[ast.expr]:
    """The texts that an expression may come to; what is looked up or called is not looked into."""
    if isinstance(node, ast.JoinedStr) or (isinstance(node, ast.Constant) and isinstance(node.value, str)):
        yield node
    elif isinstance(node, ast.List | ast.Tuple):
        for each in node.elts:
            yield from _texts(each)
    elif isinstance(node, ast.Dict):
        for each in node.values:
            yield from _texts(each)
    elif isinstance(node, ast.IfExp):
        yield from _texts(node.body)
        yield from _texts(node.orelse)
    elif isinstance(node, ast.BinOp) and isinstance(node.op, ast.Add):
        yield node


def _sentence(node: ast.expr) -> str:
    """An expression as a sentence with places."""
    if isinstance(node, ast.Constant):
        return _BRACES.sub(r"%(\1)s", str(node.value).replace("%", "%%"))
    if isinstance(node, ast.JoinedStr):
        parts = [
            str(each.value).replace("%", "%%") if isinstance(each, ast.Constant) else f"%({_place(each)})s"
            for each in node.values
        ]
        return _numbered("".join(parts))
    if isinstance(node, ast.BinOp):
        return _numbered(_sentence(node.left) + _sentence(node.right))
    return f"%({_place(node)})s"


def _place(node: ast.expr) -> str:
    """A name for a value, as translators read it."""
    inner = node.value if isinstance(node, ast.FormattedValue) else node
    if isinstance(inner, ast.Name):
        return inner.id.lower()
    return inner.attr.lower() if isinstance(inner, ast.Attribute) else "value"


def _numbered(sentence: str) -> str:
    """No two places of one name."""
    seen: dict[str, int] = {}

    def name(match: re.Match[str]) -> str:
        if match[1] is None:
            return match[0]
        seen[match[1]] = seen.get(match[1], 0) + 1
        return f"%({match[1]}{seen[match[1]] if seen[match[1]] > 1 else ''})s"

    return PLACE.sub(name, sentence)


def _names(node: ast.expr) -> set[str]:
    if isinstance(node, ast.Attribute):
        return {node.attr}
    return {node.id} if isinstance(node, ast.Name) else set()
