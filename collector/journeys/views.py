"""Stakeholders, personas, touchpoints and journeys over the API; four nouns, the same five calls each."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from flask import request
from marshmallow import Schema

from collector import errors, web
from collector.journeys import actions, commands, history, reading, wire
from collector.journeys.definitions import Definition, Journey
from collector.workspaces import caller, requires

api = web.Blueprint(
    "journeys", __name__, url_prefix="/api/v1", description="Journeys and what they are made of"
)
READERS = ("read", "admin", "person")
WRITERS = ("admin", "editor")
ETAG = {"ETag": {"schema": {"type": "string"}, "description": "Send it back as If-Match with a change"}}


@dataclass(frozen=True)
class Noun:
    """A kind of definition: its words, how one is read, and its form on the wire."""

    name: str
    get: Callable[..., Definition]
    sent: type[Schema]
    shown: type[Schema]


STAKEHOLDER = Noun("stakeholder", reading.stakeholder, wire.StakeholderIn, wire.StakeholderOut)
PERSONA = Noun("persona", reading.persona, wire.PersonaIn, wire.PersonaOut)
TOUCHPOINT = Noun("touchpoint", reading.touchpoint, wire.TouchpointIn, wire.TouchpointOut)
JOURNEY = Noun("journey", reading.get, wire.JourneyIn, wire.JourneyOut)


@api.route("/stakeholders")
@requires(*READERS)
@api.arguments(wire.PageQuery, location="query")
@api.response(200, wire.page_of("stakeholders", wire.StakeholderOut))
def get_stakeholders(query: dict[str, Any]) -> Any:
    """Departments and people, ordered by key."""
    return reading.list_stakeholders(web.session(), _workspace(), **query)


@api.route("/personas")
@requires(*READERS)
@api.arguments(wire.PageQuery, location="query")
@api.response(200, wire.page_of("personas", wire.PersonaOut))
def get_personas(query: dict[str, Any]) -> Any:
    """Personas, ordered by key."""
    return reading.list_personas(web.session(), _workspace(), **query)


@api.route("/touchpoints")
@requires(*READERS)
@api.arguments(wire.TouchpointQuery, location="query")
@api.response(200, wire.page_of("touchpoints", wire.TouchpointOut))
def get_touchpoints(query: dict[str, Any]) -> Any:
    """Touchpoints by channel, stage, owner, tag, system or text; ``unowned`` finds those without an owner."""
    return reading.touchpoints(web.session(), _workspace(), **query)


@api.route("/journeys")
@requires(*READERS)
@api.arguments(wire.JourneyQuery, location="query")
@api.response(200, wire.page_of("journeys", wire.JourneySummaryOut))
def get_journeys(query: dict[str, Any]) -> Any:
    """Journeys with their shown versions, in short; GET one for its steps."""
    return reading.list_journeys(web.session(), _workspace(), **query)


@api.route("/journeys/apply", methods=["POST"])
@requires(*WRITERS)
@api.arguments(wire.JourneyApplyIn)
@api.response(200, wire.JourneyPlanOut)
def post_apply(given: dict[str, Any]) -> Any:
    """Apply a document, as ``afterword journeys apply`` does; ``dry_run`` shows the plan only."""
    if given.pop("dry_run"):
        return actions.plan(web.session(), _workspace(), given)
    return actions.apply(web.session(), _workspace(), given, caller().name, web.now())


@api.route("/journeys/export")
@requires(*READERS)
@api.arguments(wire.ExportQuery, location="query")
@api.response(200, wire.JourneyExportOut)
@api.alt_response(404)
def get_export(query: dict[str, Any]) -> Any:
    """The workspace, or one journey with all it refers to, in a format; with what the format cannot say."""
    return commands.export(web.session(), _workspace(), query["journey"], query["format"])


@api.route("/journeys/import", methods=["POST"])
@requires(*WRITERS)
@api.arguments(wire.JourneyImportIn)
@api.response(200, wire.JourneyImportOut)
def post_import(given: dict[str, Any]) -> Any:
    """Take over a CSV, Mermaid, CJML or UJG file; ``dry_run`` shows the plan and the losses only."""
    options = wire.options(given)
    imported = commands.import_(
        web.session(), _workspace(), given["text"], given["filename"], options, given["format"]
    )
    document = imported.file.document
    if given["dry_run"]:
        plan = actions.plan(web.session(), _workspace(), document)
    else:
        plan = actions.apply(web.session(), _workspace(), document, caller().name, web.now())
    return {"plan": plan, "losses": imported.losses}


@api.route("/journeys/<key>/versions")
@requires(*READERS)
@api.response(200, wire.JourneyVersionsOut)
def get_versions(key: str) -> Any:
    """When each version of a journey was made, and by whom."""
    reading.get(web.session(), _workspace(), key)
    return {"versions": history.versions(web.session(), _workspace(), key)}


@api.route("/journeys/<key>/versions/<int:version>")
@requires(*READERS)
@api.response(200, wire.JourneyOut)
def get_version(key: str, version: int) -> Any:
    """A journey as one of its versions said it."""
    return reading.get(web.session(), _workspace(), key, version)


def _add_calls(noun: Noun) -> None:
    """GET, PUT, PATCH and DELETE of one definition by its key."""
    address = f"/{noun.name}s/<key>"

    @requires(*READERS)
    @api.response(200, noun.shown, headers=ETAG)
    def get_one(key: str) -> Any:
        return _answer(noun, key)

    @requires(*WRITERS)
    @api.arguments(noun.sent)
    @api.response(200, noun.shown, headers=ETAG)
    @api.alt_response(409)
    @api.alt_response(412)
    def put_one(given: dict[str, Any], key: str) -> Any:
        expected = _expected(given)
        (wanted,) = actions.read_document({f"{noun.name}s": [{**_same_key(given, key), "key": key}]}).all
        actions.save(web.session(), _workspace(), wanted, expected, caller().name, web.now())
        return _answer(noun, key)

    @requires(*WRITERS)
    @api.arguments(wire.patch_of(noun.sent))
    @api.response(200, noun.shown, headers=ETAG)
    @api.alt_response(409)
    @api.alt_response(412)
    def patch_one(given: dict[str, Any], key: str) -> Any:
        expected = _needed(_expected(given))
        item = noun.get(web.session(), _workspace(), key)
        said = _same_key(given, key)
        actions.change(web.session(), _workspace(), item, expected, said, caller().name, web.now())
        return _answer(noun, key)

    @requires(*WRITERS)
    @api.arguments(wire.RevisionQuery, location="query")
    @api.response(200, noun.shown, headers=ETAG)
    @api.alt_response(409)
    @api.alt_response(412)
    def delete_one(query: dict[str, Any], key: str) -> Any:
        expected = _needed(_expected(query))
        item = noun.get(web.session(), _workspace(), key)
        actions.archive(web.session(), _workspace(), item, expected, caller().name, web.now())
        return _answer(noun, key)

    docs: dict[Callable[..., Any], str] = {
        get_one: f"A {noun.name}; the ETag is what a change must send back as If-Match.",
        put_one: f"Make a {noun.name}, or replace one that was read at a revision.",
        patch_one: f"Change the fields that are sent of a {noun.name} that was read at a revision.",
        delete_one: f"Archive a {noun.name} that nothing in use refers to; its history stays.",
    }
    for view, text in docs.items():
        method, _, _ = view.__name__.partition("_")
        view.__name__, view.__doc__ = f"{method}_{noun.name}", text
        api.route(address, methods=[method.upper()])(view)


for _noun in (STAKEHOLDER, PERSONA, TOUCHPOINT, JOURNEY):
    _add_calls(_noun)


def _workspace() -> Any:
    return caller().workspace.workspace_id


def _answer(noun: Noun, key: str) -> Any:
    item = noun.get(web.session(), _workspace(), key)
    number = item.version if isinstance(item, Journey) else item.revision
    return item, 200, {"ETag": f'"{number}"'}


def _expected(given: dict[str, Any]) -> int | None:
    """The revision that the caller read: from If-Match, else from ``revision``."""
    sent: int | None = given.pop("revision", None)
    header = request.headers.get("If-Match")
    if header is None:
        return sent
    match = re.fullmatch(r'"(\d{1,9})"', header.strip())
    if match is None:
        raise errors.BadInput('If-Match must be the ETag that GET gave, such as "3".', "bad_etag")
    return int(match[1])


def _needed(expected: int | None) -> int:
    if expected is None:
        message = "Say which revision you read: send its ETag as If-Match, or `revision`."
        raise errors.BadInput(message, "revision_needed", {"revision": ["is needed"]})
    return expected


def _same_key(given: dict[str, Any], key: str) -> dict[str, Any]:
    if given.get("key", key) != key:
        raise errors.BadInput("The key cannot be changed.", "other_key", {"key": [f"must be {key}"]})
    return given
