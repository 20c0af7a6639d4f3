"""The web floor: one transaction per request (``transactions``), one error handler, one set of security headers.

A view loads, calls, dumps.
"""

from __future__ import annotations

import uuid
from collections.abc import Callable
from datetime import datetime
from functools import wraps
from typing import Any, NoReturn, cast
from urllib.parse import urlsplit

import flask
import flask_smorest
from flask import Flask, Response, current_app, g, request
from marshmallow import EXCLUDE, RAISE, Schema, ValidationError, fields
from webargs.flaskparser import FlaskParser
from werkzeug.datastructures import ImmutableMultiDict
from werkzeug.exceptions import HTTPException
from werkzeug.routing import RequestRedirect

from collector import bodies, clock, errors, locale, patience, problems, safe_headers, values
from collector.addresses import Addresses
from collector.bodies import invalid, read_json
from collector.config import Config
from collector.plain_schemas import PlainSchema
from collector.transactions import afterwards as afterwards
from collector.transactions import apart as apart
from collector.transactions import aside as aside
from collector.transactions import close, commit
from collector.transactions import end_look as end_look
from collector.transactions import looking as looking
from collector.transactions import reader as reader
from collector.transactions import session as session
from collector.transactions import with_session as with_session
from collector.view_marks import View
from collector.view_marks import looks_first as looks_first
from collector.view_marks import public as public
from collector.view_marks import short as short
from collector.view_marks import short_paths as short_paths


class ProblemSchema(Schema):
    """RFC 9457 problem details."""

    type = fields.String()
    title = fields.String()
    status = fields.Integer()
    detail = fields.String()
    code = fields.String()
    fields_ = fields.Dict(keys=fields.String(), values=fields.List(fields.String()), data_key="fields")


class App(Flask):
    """Flask without its look, before each of a request's many calls, whether the function is a coroutine: none is."""

    def ensure_sync(self, func: Callable[..., Any]) -> Callable[..., Any]:
        return func

    def raise_routing_exception(self, request: flask.Request) -> NoReturn:
        """Send who doubled a slash to the path without it, from our root: ``_say_safely`` knows what stands before that."""
        if isinstance(found := request.routing_exception, RequestRedirect):
            found.new_url = urlsplit(found.new_url)._replace(scheme="", netloc="").geturl()
        super().raise_routing_exception(request)


class Request(flask.Request):
    """A request whose form has passed the gate for values: what customers typed is mended, the rest is refused."""

    def _load_form_data(self) -> None:
        if "form" in self.__dict__:
            return
        super()._load_form_data()
        fields = list(self.form.items(multi=True))
        if self.path.startswith(bodies.CUSTOMERS):
            self.form = ImmutableMultiDict(values.mended([list(field) for field in fields]))
            return
        for name, text in fields:
            values.check({name: text})
        for name, file in self.files.items(multi=True):
            values.check(file.filename or "", name)


class Parser(FlaskParser):
    """Reads arguments strictly: unknown fields are refused, bodies are JSON in UTF-8 whatever their media type says.

    (A browser sends ``text/plain`` to spare the CORS preflight.)
    """

    DEFAULT_UNKNOWN_BY_LOCATION = {
        **FlaskParser.DEFAULT_UNKNOWN_BY_LOCATION,
        "json": RAISE,
        "query": RAISE,
        "form": RAISE,
        "headers": EXCLUDE,
    }

    def load_json(self, req: flask.Request, schema: Schema) -> Any:
        return read_json(req, schema)

    def read(self, req: flask.Request, schema: Schema, location: str) -> Any:
        """What ``parse`` reads; a body, and a query that a schema takes at once, without its detours.

        (Of a name that stands in an address twice the first value counts, as ``parse`` has it.)
        """
        if location == "json":
            said = read_json(req, schema)
        elif location == "query" and isinstance(schema, PlainSchema):
            said = req.args.to_dict()
        else:
            return self.parse(schema, req, location=location)
        try:
            return schema.load(said, unknown=RAISE)
        except ValidationError as error:
            raise invalid(error) from None

    def handle_error(self, error: ValidationError, req: Any, schema: Any, **_kwargs: Any) -> Any:
        raise invalid(error)


class Blueprint(flask_smorest.Blueprint):  # type: ignore[misc] # flask-smorest carries no types
    """flask-smorest's blueprint with this house's parser and typed decorators."""

    ARGUMENTS_PARSER = Parser()

    def arguments(
        self, schema: type[Schema] | Schema, location: str = "json", **kwargs: Any
    ) -> Callable[[View], View]:
        made = schema() if isinstance(schema, type) else schema  # once, and not for every request
        document = super().arguments(made, location=location, **kwargs)

        def decorate(view: View) -> View:
            @wraps(view)
            def reading(*args: Any, **kwargs: Any) -> Any:
                return view(*args, self.ARGUMENTS_PARSER.read(here(), made, location), **kwargs)

            reading._apidoc = document(view)._apidoc  # type: ignore[attr-defined]
            if location == "query":
                reading.takes_query = True  # type: ignore[attr-defined]
            return cast(View, reading)

        return decorate

    def response(
        self, status: int, schema: type[Schema] | Schema | None = None, **kwargs: Any
    ) -> Callable[[View], View]:
        return cast("Callable[[View], View]", super().response(status, schema, **kwargs))

    def alt_response(self, status: int, **kwargs: Any) -> Callable[[View], View]:
        """Document another way in which a call may end; the view is called as it is."""
        document = super().alt_response(status, **kwargs)

        def decorate(view: View) -> View:
            view._apidoc = document(view)._apidoc  # type: ignore[attr-defined]
            return view

        return decorate

    def route(self, rule: str, **options: Any) -> Callable[[View], View]:
        return cast("Callable[[View], View]", super().route(rule, **options))


class Api(flask_smorest.Api):  # type: ignore[misc]
    """The OpenAPI document and the one error handler."""

    ERROR_SCHEMA = ProblemSchema

    def handle_http_exception(self, error: HTTPException) -> Any:
        return problems.answer_http_error(error)


def here() -> flask.Request:
    """This request itself: each look through ``flask.request`` finds it anew."""
    return cast(flask.Request, request._get_current_object())  # type: ignore[attr-defined]


def now() -> datetime:
    """The time of this request: one and the same from its first look at the clock to its end."""
    if "now" not in g:
        g.now = cast(clock.Clock, current_app.extensions["afterword_clock"])()
    return cast(datetime, g.now)


def config() -> Config:
    return cast(Config, current_app.extensions["afterword_config"])


def extension(name: str) -> Any:
    """Something the app was made with."""
    return current_app.extensions[name]


def addresses() -> Addresses:
    """Where this collector stands."""
    return cast(Addresses, current_app.extensions["afterword_addresses"])


def openapi() -> dict[str, Any]:
    """The OpenAPI document of this app."""
    return cast("dict[str, Any]", current_app.extensions["afterword_api"].spec.to_dict())


def speaker() -> locale.Speaker:
    """The language of this request's page: asked for, else the page's own, the signed-in person's, the browser's."""
    if "speaker" not in g:
        asked = request.args.get("lang", "")
        person = getattr(g.get("person"), "locale", None) or ""
        accepted = [tag for tag, _ in request.accept_languages]
        g.speaker = locale.Speaker(
            locale.best([asked, g.get("language", ""), person, *accepted]), g.get("zone", "UTC")
        )
    return cast(locale.Speaker, g.speaker)


def speak_in(zone: str) -> None:
    """Let this request's page say days and times by the clock of a time zone; until then it is UTC."""
    g.zone = zone
    g.pop("speaker", None)


def speak(language: str) -> None:
    """Let this request's page be written in a language of its own, unless its address asks for another."""
    g.language = language
    g.pop("speaker", None)


def cursor() -> uuid.UUID | None:
    """The id after which a page of a list begins, by the address; None at the beginning, or for what is no id."""
    try:
        return uuid.UUID(request.args.get("cursor", ""))
    except ValueError:
        return None


def install(app: Flask) -> None:
    """Give an app the request's life: limits, the commit, headers, errors."""
    app.request_class = Request
    app.before_request(_guard_request)
    app.after_request(commit)
    app.after_request(_say_safely)
    app.teardown_request(close)
    app.register_error_handler(errors.AfterwordError, problems.answer_problem)
    app.register_error_handler(HTTPException, problems.answer_http_error)
    app.register_error_handler(Exception, problems.answer_unexpected)
    app.jinja_env.add_extension("jinja2.ext.i18n")
    app.jinja_env.filters["told"] = lambda sentence: speaker().told(sentence)
    app.jinja_env.install_gettext_callables(  # type: ignore[attr-defined]
        lambda message: speaker().gettext(message),
        lambda one, many, count: speaker().ngettext(one, many, count),
        newstyle=True,
    )
    app.context_processor(lambda: {"speaker": speaker(), "csp_nonce": safe_headers.csp_nonce(), "now": now()})


def _guard_request() -> None:
    asked = here()
    asked.max_content_length = bodies.largest(asked.path)
    takes_long = "/imports/" in asked.path or "/exports/" in asked.path
    patience.patience.set(patience.LONG if takes_long else patience.REQUEST)
    patience.promises.set(asked.method not in {"GET", "HEAD", "OPTIONS"})
    if asked.environ.get("HTTP_CONTENT_ENCODING", "").strip().lower() not in {"", "identity"}:
        raise errors.UnknownEncoding("Send the body as it is, without a Content-Encoding.")
    if asked.view_args:
        values.check(asked.view_args)
    if asked.query_string:
        for name, said in asked.args.items(multi=True):
            values.check({name: said})
        _refuse_unread_query(asked)


def _refuse_unread_query(asked: flask.Request) -> None:
    """A call of the API that reads no query refuses one by name, as those that read one refuse what they do not know."""
    view = current_app.view_functions.get(asked.endpoint or "")
    if not asked.args or getattr(view, "takes_query", False):
        return
    if isinstance(current_app.blueprints.get(asked.blueprint or ""), Blueprint):
        raise invalid(ValidationError({name: ["Unknown field."] for name in asked.args}))


def _say_safely(response: Response) -> Response:
    if response.location:
        response.location = addresses().here(response.location)
    return safe_headers.add(response, is_https=config().url.startswith("https://"))
