"""``/api/v1/signals``: what has changed, and what a workspace wants to be told."""

from __future__ import annotations

import uuid
from typing import Any

from collector import journeys, web
from collector.signals import knowing, reading, schemas, settings
from collector.signals.models import Signal
from collector.signals.wording import Sentences
from collector.workspaces import caller, requires

api = web.Blueprint(
    "signals", __name__, url_prefix="/api/v1", description="What has changed at touchpoints, as it is noticed"
)
READERS = ("read", "admin", "person")


@api.route("/signals")
@requires(*READERS)
@api.arguments(schemas.SignalQuery, location="query")
@api.response(200, schemas.SignalsOut)
@api.alt_response(404)
def get_signals(query: dict[str, Any]) -> Any:
    """Signals, the newest first."""
    states, kinds, places = (
        [query[name]] if query[name] else None for name in ("state", "kind", "touchpoint")
    )
    wanted = reading.Wanted(states, kinds, places)
    found = reading.listed(web.session(), _workspace(), wanted, query["cursor"], query["limit"])
    say = _sentences()
    rows = [schemas.signal_dict(row, say) for row in found]
    return {"signals": rows, "next": found[-1].signal_id if len(found) == query["limit"] else None}


@api.route("/signals/<uuid:signal_id>")
@requires(*READERS)
@api.response(200, schemas.SignalOut)
def get_signal(signal_id: uuid.UUID) -> Any:
    """One signal with the figures that it rests on."""
    return schemas.signal_dict(_signal(signal_id), _sentences())


@api.route("/signals/<uuid:signal_id>", methods=["PATCH"])
@requires("admin", "person")
@api.arguments(schemas.SignalPatch)
@api.response(200, schemas.SignalOut)
def patch_signal(given: dict[str, Any], signal_id: uuid.UUID) -> Any:
    """Mark a signal as known: it is quiet from now on, until it is over and begins anew."""
    row = knowing.know(web.session(), _signal(signal_id), caller().name, web.now())
    return schemas.signal_dict(row, _sentences())


@api.route("/signal-settings")
@requires(*READERS)
@api.response(200, schemas.SignalSettingsOut)
def get_settings() -> Any:
    """What is signalled everywhere (``touchpoint`` empty), and otherwise where."""
    found = settings.of(web.session(), _workspace())
    places = [settings.EVERYWHERE, *sorted(key for key in found.own if key)]
    return {"settings": [schemas.setting_dict(key, found.at(key)) for key in places]}


@api.route("/signal-settings", methods=["PUT"])
@requires("admin", "editor")
@api.arguments(schemas.SignalSettingIn)
@api.response(200, schemas.SignalSettingOut)
@api.alt_response(404)
def put_setting(given: dict[str, Any]) -> Any:
    """Say what is to be signalled, everywhere or at one touchpoint."""
    journeys.scoping.demand(web.session(), [given["touchpoint"]] if given["touchpoint"] else [])
    if not given["touchpoint"]:
        journeys.scoping.demand_everything(web.session())
    session, by, now = web.session(), caller().name, web.now()
    wish = settings.save(session, _workspace(), given["touchpoint"], given["off"], given["per_year"], by, now)
    return schemas.setting_dict(given["touchpoint"], wish)


def _signal(signal_id: uuid.UUID) -> Signal:
    return reading.get(web.session(), _workspace(), signal_id)


def _sentences() -> Sentences:
    return Sentences(web.speaker(), reading.names(web.session(), _workspace()))


def _workspace() -> uuid.UUID:
    return caller().workspace.workspace_id
