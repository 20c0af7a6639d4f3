"""The nodes of a UJG document, and all that they say: what no part of the result holds is lost."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from typing import Any

from collector.journeys.definitions import free_key
from collector.journeys.formats.draft import Draft
from collector.journeys.formats.heard import NOWHERE

OURS = "urn:afterword:journey-file"
TAKEN = {"Journey", "State", "CompositeState", "Transition", "Phase", "Touchpoint", "ExperienceStep"}
LINKS = {"startState", "stateRefs", "transitionRefs", "touchpointRefs", "phaseRef", "from", "to"}
BUILT = {"ExperienceStep", "Touchpoint", "Phase", "Journey"}  # what a part of the result is made of
LAST_PART = re.compile(r"[^:/#]+(?=[/#:]*$)")
WHERE = (1, 1)
Node = Mapping[str, Any]
Made = Mapping[str, list[dict[str, Any]]]
"""The parts of the result by the node that they were made of."""


def tell(draft: Draft, nodes: list[Node], made: Made) -> None:
    """Tell the draft all that the nodes say, so that it can see what was lost."""
    known = {str(node["@id"]): node for node in nodes}
    passed = {"Phase.order"} if _in_sequence(nodes, made) else set()
    for node in nodes:
        if not TAKEN & types(node):
            said = "; ".join(str(leaf) for name, leaf in _leaves(node) if not name.startswith("@"))
            called = "/".join(sorted(types(node))) or "node"
            draft.hear(called, said or str(node["@id"]), NOWHERE, note="no such thing in a journey file")
        else:
            _tell_one(draft, node, made.get(str(node["@id"]), []), known, passed)


def _tell_one(
    draft: Draft, node: Node, parts: list[dict[str, Any]], known: Mapping[str, Node], passed: set[str]
) -> None:
    kind = min(TAKEN & types(node))
    where: list[Mapping[str, Any]] = [*parts] or ([NOWHERE] if kind in BUILT else [])
    for name, leaf in _leaves(node):
        top = name.partition(".")[0]
        if top == "touchpointRefs" and str(leaf) in known:
            met = known[str(leaf)]
            called = str(met.get("label") or key_of(met))
            draft.hear(top, called, *where, note="a step has one touchpoint; the first is taken")
        elif top == "extensions":
            draft.hear(f"{kind}.{name}", leaf)
        elif (
            f"{kind}.{name}" not in passed
            and not top.startswith("@")
            and not (top in LINKS and str(leaf) in known)
        ):
            draft.hear(f"{kind}.{name}", leaf, *where)


def _in_sequence(nodes: list[Node], made: Made) -> bool:
    """Whether the phases stand in the order that the graph gives them: then it is said by their places."""
    orders = {str(node["@id"]): node.get("order") for node in nodes}
    found = [orders.get(name) for name in made if name in orders]
    said = [order for order in found if isinstance(order, int | float)]
    return said == sorted(said)


def read_nodes(text: str, draft: Draft) -> list[Node]:
    """The nodes of a document; raises FileError for what is no UJG."""
    try:
        value = json.loads(text)
    except RecursionError:
        draft.refuse(WHERE, "", "too_deep", "nested too deep")
    except json.JSONDecodeError as error:
        draft.refuse((error.lineno, error.colno), "", "not_json", f"not readable as JSON: {error.msg}")
    nodes = value.get("nodes") if isinstance(value, dict) else None
    if not isinstance(nodes, list):
        draft.refuse(WHERE, "nodes", "not_ujg", "must be a UJGDocument with `nodes`")
    for name, leaf in _leaves({name: said for name, said in value.items() if name != "nodes"}):
        if name == "imports":
            draft.hear(name, leaf, NOWHERE, note="other documents are not fetched")
        elif not name.startswith("@"):
            draft.hear(name, leaf)
    for index, node in enumerate(nodes):
        if not isinstance(node, dict) or not isinstance(node.get("@id"), str) or "@type" not in node:
            draft.refuse(WHERE, f"nodes.{index}", "not_ujg", "a node needs an @id and a @type")
    return nodes


def types(node: Node) -> set[str]:
    """What a node is, without prefixes."""
    kinds = node["@type"] if isinstance(node["@type"], list) else [node["@type"]]
    return {str(kind).rpartition("#")[2].rpartition(":")[2] for kind in kinds}


def refs(node: Node, name: str) -> list[str]:
    """The nodes that a field refers to."""
    value = node.get(name, [])
    return [str(item) for item in (value if isinstance(value, list) else [value])]


def own(node: Node) -> dict[str, Any]:
    """What we wrote into a node's extensions; anybody can write there, so its form is checked later like all else."""
    extensions = node.get("extensions")
    ours = extensions.get(OURS) if isinstance(extensions, dict) else None
    if not isinstance(ours, dict):
        return {}
    return {name: said for name, said in ours.items() if name != "key" or (said and isinstance(said, str))}


def key_of(node: Node) -> str:
    """A key out of a node's address."""
    found = LAST_PART.search(str(node["@id"]))
    return free_key(found.group(), (), "") if found else ""


def _leaves(value: Any, path: str = "") -> Iterator[tuple[str, Any]]:
    """Each text, number and flag with the names that lead to it."""
    if isinstance(value, Mapping):
        for name, item in value.items():
            yield from _leaves(item, f"{path}.{name}" if path else str(name))
    elif isinstance(value, list):
        for item in value:
            yield from _leaves(item, path)
    elif value is not None:
        yield path, value
