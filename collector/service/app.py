"""The Flask application: the floor and the stations put together."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Any

from flask import Flask
from sqlalchemy import Engine
from werkzeug.middleware.proxy_fix import ProxyFix

from collector import (
    __version__,
    addresses,
    clock,
    db,
    errors,
    invitations,
    responses,
    web,
    webhooks,
    workspaces,
)
from collector.communities.panels import views as panel_views
from collector.company import (
    company_page,
    connect_page,
    imports_page,
    inbound_page,
    key_api,
    panels_page,
    people_api,
    people_page,
    record_api,
    record_page,
    webhooks_page,
    workspace_api,
)
from collector.config import Config
from collector.config import load as load_config
from collector.dashboard import insight_views, share_views, signal_views, topic_views
from collector.dashboard import views as dashboard_views
from collector.deliveries import pages as delivery_pages
from collector.deliveries import panel_pages, run_views, sheets
from collector.deliveries import views as delivery_views
from collector.digests import views as digest_views
from collector.erasure import (
    answer_pages,
    answer_views,
    held_pages,
    held_views,
    receipt_pages,
    retention_pages,
    retention_views,
    timeline_views,
)
from collector.erasure import views as erasure_views
from collector.exchange import move_views
from collector.exchange import run_views as run_file_views
from collector.exchange import views as exchange_views
from collector.exchange.inbound import views as inbound_views
from collector.insights import views as insight_api
from collector.interactions import views as interaction_views
from collector.invitations import member_views, plan_views, policy_views, subject_views
from collector.invitations import pages as asking
from collector.invitations import views as invitation_views
from collector.journeys import pages as editing
from collector.journeys import views as journey_views
from collector.kpis import views as kpi_views
from collector.outcomes import views as outcome_views
from collector.responses import elsewhere_views
from collector.responses import pages as hosted
from collector.responses import views as response_views
from collector.results import pages as run_pages
from collector.results import picture_views
from collector.results import views as result_views
from collector.service import loop, prometheus
from collector.service.api_page import pages as api_page
from collector.service.health import pages as health
from collector.service.widget_file import pages as assets
from collector.signals import views as signal_api
from collector.surveys import views as survey_views
from collector.surveys.builder import views as builder
from collector.topics import views as topic_api
from collector.webhooks import views as webhook_views
from collector.workspaces import KeyUses, Rates, Throttle, choosing_views, factor_views, own_views
from collector.workspaces import views as workspace_views
from collector.workspaces.openid import views as openid_views

END = r"\Z"
OPENAPI: dict[str, Any] = {
    "API_TITLE": "Afterword",
    "API_VERSION": "v1",
    "OPENAPI_VERSION": "3.1.0",
    "OPENAPI_URL_PREFIX": "/",
    "OPENAPI_JSON_PATH": "openapi.json",
}
APIS = (
    key_api.api,
    workspace_api.api,
    people_api.api,
    record_api.api,
    journey_views.api,
    survey_views.api,
    panel_views.api,
    member_views.api,
    interaction_views.api,
    invitation_views.api,
    policy_views.api,
    subject_views.api,
    response_views.browser,
    elsewhere_views.api,
    answer_views.api,
    held_views.api,
    timeline_views.api,
    delivery_views.api,
    run_views.api,
    kpi_views.api,
    outcome_views.api,
    topic_api.api,
    insight_api.api,
    result_views.api,
    picture_views.api,
    signal_api.api,
    digest_views.api,
    exchange_views.api,
    move_views.api,
    inbound_views.doors,
    inbound_views.api,
    run_file_views.api,
    erasure_views.api,
    retention_views.api,
    webhook_views.api,
)
PAGES = (
    health,
    prometheus.pages,
    assets,
    api_page,
    workspace_views.pages,
    openid_views.pages,
    factor_views.pages,
    choosing_views.pages,
    own_views.pages,
    digest_views.pages,
    hosted.pages,
    delivery_pages.pages,
    panel_pages.pages,
    builder.pages,
    sheets.pages,
    asking.pages,
    plan_views.pages,
    editing.pages,
    dashboard_views.pages,
    share_views.pages,
    insight_views.pages,
    topic_views.pages,
    signal_views.pages,
    run_pages.pages,
    picture_views.pages,
    company_page.pages,
    connect_page.pages,
    imports_page.pages,
    inbound_page.pages,
    people_page.pages,
    panels_page.pages,
    record_page.pages,
    webhooks_page.pages,
    timeline_views.pages,
    answer_pages.pages,
    receipt_pages.pages,
    held_pages.pages,
    retention_pages.pages,
)


def create_app(
    config: Config | None = None, engine: Engine | None = None, now: clock.Clock | None = None
) -> Flask:
    """An app over a database; the engine and the clock may be handed in (tests, the demo)."""
    config = config or load_config()
    app = web.App("collector", root_path=None)
    app.config.update(OPENAPI, API_SPEC_OPTIONS=_spec_options(config), JSON_SORT_KEYS=False)
    app.json.sort_keys = False  # type: ignore[attr-defined]
    bind(
        app,
        config,
        engine or db.make_engine(config.database_url, config.threads + loop.THREADS),
        now or clock.system_clock,
    )
    web.install(app)
    app.context_processor(lambda: {"form_token": workspaces.access.form_token, "version": __version__})
    app.extensions["afterword_addresses"] = addresses.install(app, config.url)
    api = web.Api(app)
    for blueprint in APIS:
        api.register_blueprint(blueprint)
    app.extensions["afterword_api"] = api
    webhooks.describe(api.spec)
    _describe(app, api)
    prometheus.Meter().install(app)
    for pages in PAGES:
        app.register_blueprint(pages)
    if config.proxies:
        hops = config.proxies
        app.wsgi_app = ProxyFix(app.wsgi_app, x_for=hops, x_proto=hops, x_host=hops)  # type: ignore[method-assign]
    return app


def bind(app: Flask, config: Config, engine: Engine, now: clock.Clock) -> None:
    """Give an app what it works with, its counters at zero: all that differs between two apps of one process."""
    app.extensions["afterword_config"] = config
    app.extensions["afterword_engine"] = engine
    app.extensions["afterword_sessions"] = db.make_sessions(engine)
    app.extensions["afterword_readers"] = db.make_readers(app.extensions["afterword_sessions"])
    app.extensions["afterword_answers"] = responses.Lane(app.extensions["afterword_sessions"])
    app.extensions["afterword_events"] = responses.EventLane(app.extensions["afterword_sessions"])
    app.extensions["afterword_triggers"] = invitations.Lane(app.extensions["afterword_sessions"])
    app.extensions["afterword_clock"] = now
    app.extensions["afterword_sign_in_throttle"] = Throttle()
    app.extensions["afterword_rates"] = Rates()
    app.extensions["afterword_key_uses"] = KeyUses()
    app.extensions["afterword_openid"] = workspaces.openid.of(config)


def _describe(app: Flask, api: web.Api) -> None:
    """Say in the OpenAPI document what is true of all calls: who may make each, and with which errors it may end."""
    _anchor_patterns([api.spec.components.schemas, api.spec._paths])
    kinds = {kind.status: kind for kind in errors.kinds()}
    answers = api.spec.components.responses
    answers.clear()
    answers |= {kind.__name__: _problem(kind) for kind in kinds.values()}
    for rule in app.url_map.iter_rules():
        path = re.sub(r"<(?:[^:>]+:)?([^>]+)>", r"{\1}", rule.rule)
        for method, operation in api.spec._paths.get(path, {}).items():
            if method.upper() in (rule.methods or set()) and isinstance(operation, dict):
                access = getattr(app.view_functions[rule.endpoint], "access", ())
                is_public = access == ("public",)
                operation["x-callers"] = list(access)
                operation["security"] = [] if is_public else [{"key": []}]
                ends = _errors(operation["responses"], is_public, "{" in path, "requestBody" in operation)
                good = {code: said for code, said in operation["responses"].items() if code < "4"}
                bad = {str(s): {"$ref": f"#/components/responses/{kinds[s].__name__}"} for s in sorted(ends)}
                operation["responses"] = dict(sorted(good.items())) | bad


def _errors(named: Iterable[str], is_public: bool, is_one: bool, has_body: bool) -> set[int]:
    """The statuses of a call's errors: those that its view names, and those that follow from what it is."""
    found = {int(code) for code in named if code.isdigit() and int(code) >= 400}
    found |= {400, 422, 503}  # what cannot be read, an unknown field, a database that is busy
    found |= set() if is_public else {401, 403}
    found |= {404} if is_one else set()
    return found | {413, 415} if has_body else found


def _anchor_patterns(said: Any) -> None:
    """Python's patterns match from the start and end in ``\\Z``, JSON Schema's match anywhere and know ``^`` and ``$``."""
    inner = said.values() if isinstance(said, dict) else said if isinstance(said, list) else ()
    for part in inner:
        _anchor_patterns(part)
    if isinstance(said, dict) and isinstance(pattern := said.get("pattern"), str):
        said["pattern"] = f"^{pattern.removesuffix(END)}$"


def _problem(kind: type[errors.AfterwordError]) -> dict[str, Any]:
    content = {"application/problem+json": {"schema": {"$ref": "#/components/schemas/Problem"}}}
    said: dict[str, Any] = {"description": kind.title, "content": content}
    if kind.status in {429, 503}:
        seconds = {"schema": {"type": "integer"}, "description": "Seconds to wait before the next try"}
        said["headers"] = {"Retry-After": seconds}
    return said


def _spec_options(config: Config) -> dict[str, Any]:
    return {
        "info": {
            "description": "Micro-surveys at the end of a business transaction. See `docs/reference/wire.md`."
        },
        **({"servers": [{"url": prefix}]} if (prefix := addresses.Addresses(config.url).prefix) else {}),
        "components": {"securitySchemes": {"key": {"type": "http", "scheme": "bearer"}}},
    }
