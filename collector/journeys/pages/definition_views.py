"""Make, change and archive a touchpoint, an owner or a persona."""

from __future__ import annotations

from typing import Any

from flask import Response, redirect, request

from collector import errors, web
from collector.journeys import actions, rows, usage
from collector.journeys.definitions import CHANNELS, PERSONA_GROUPS, STAGES, free_key
from collector.journeys.pages import conflict, forms, history_panel, nouns
from collector.journeys.pages.blueprint import pages, show, workspace_id
from collector.journeys.pages.merge import Form
from collector.journeys.pages.nouns import Item, Noun
from collector.journeys.pages.words import Words
from collector.workspaces import caller, may_sign_in_only, requires

ANY = '<any("touchpoints", "owners", "personas"):section>'
FRESH = {
    "touchpoints": {
        "channel": "web",
        "stage": "during",
        "measurable": "1",
        "feedback_enabled": "1",
        "form_enabled": "1",
    }
}


@pages.get(f"/setup/{ANY}")
@may_sign_in_only
def show_new_definition(section: str) -> Response:
    """The empty form."""
    return _page(nouns.named(section), None, FRESH.get(section, {}))


@pages.post(f"/setup/{ANY}")
@requires("editor")
def make_definition(section: str) -> Any:
    """A new one; its key comes from its name where none was typed."""
    noun, form = nouns.named(section), _form()
    session, workspace = web.session(), workspace_id()
    taken = [item.key for item in noun.all(session, workspace)]
    key = form.get("key") or free_key(form.get("name", ""), taken, noun.name)
    try:
        document = actions.read_document({f"{noun.name}s": [{**noun.json(form), "key": key}]})
        actions.save(session, workspace, document.all[0], None, caller().name, web.now())
    except (errors.BadInput, errors.Conflict) as problem:
        return _page(noun, None, form, problem)
    return redirect(f"/setup?made={section}.{key}", 303)


@pages.get(f"/setup/{ANY}/<key>")
@may_sign_in_only
def show_definition(section: str, key: str) -> Response:
    noun = nouns.named(section)
    item = noun.get(web.session(), workspace_id(), key)
    return _page(noun, item, noun.form(item))


@pages.post(f"/setup/{ANY}/<key>")
@requires("editor")
def save_definition(section: str, key: str) -> Any:
    """Save the form unless somebody else was faster; then show both and ask."""
    noun, form = nouns.named(section), _form()
    session, workspace = web.session(), workspace_id()
    item, expected = noun.get(session, workspace, key), conflict.read_at("revision")
    try:
        actions.change(session, workspace, item, expected, noun.json(form), caller().name, web.now())
    except errors.Stale:
        return _conflict(noun, item, expected, form)
    except (errors.BadInput, errors.Conflict) as problem:
        return _page(noun, item, form, problem, expected)
    return redirect(f"/setup/{section}/{key}?saved", 303)


@pages.post(f"/setup/{ANY}/<key>/archive")
@requires("editor")
def archive_definition(section: str, key: str) -> Any:
    """Take it out of use; refused while a journey or another definition needs it."""
    noun, session, workspace = nouns.named(section), web.session(), workspace_id()
    item, expected = noun.get(session, workspace, key), conflict.read_at("revision")
    try:
        actions.archive(session, workspace, item, expected, caller().name, web.now())
    except errors.Stale:
        return _conflict(noun, item, expected, noun.form_at(session, workspace, item, expected))
    except errors.Conflict as problem:
        return _page(noun, item, noun.form(item), problem)
    return redirect(f"/setup?archived={section}.{key}", 303)


def _form() -> dict[str, str]:
    return forms.typed(request.form.lists())


def _conflict(noun: Noun, item: Item, expected: int, form: Form) -> Response:
    base = noun.form_at(web.session(), workspace_id(), item, expected)
    address = f"/setup/{noun.section}/{item.key}"
    return conflict.fields(
        item, base, noun.form(item), form, action=address, number=("revision", item.revision), back=address
    )


def _page(
    noun: Noun,
    item: Item | None,
    form: Form,
    problem: errors.AfterwordError | None = None,
    revision: int | None = None,
) -> Response:
    session, workspace = web.session(), workspace_id()
    owners = [each for each in rows.stakeholders(session, workspace) if not each.archived_at]
    if revision is None and item is not None:
        revision = item.revision
    return show(
        "definition.html",
        problem.status if problem else 200,
        noun=noun,
        item=item,
        form=form,
        revision=revision,
        problem=None if problem is None else conflict.told(problem),
        owners=_leading_first(owners, form.get("owners", "").split("\n")),
        channels=CHANNELS,
        stages=STAGES,
        groups=PERSONA_GROUPS,
        history=[] if item is None else history_panel.lines(session, workspace, item, Words(web.speaker())),
        users=[] if item is None else usage.users_of(session, workspace, item),
        saved="saved" in request.args,
    )


def _leading_first(owners: list[Any], chosen: list[str]) -> list[Any]:
    """Owners in the order in which they own, the others behind them."""
    place = {key: number for number, key in enumerate(chosen)}
    return sorted(owners, key=lambda owner: (place.get(owner.key, len(place)), owner.name.casefold()))
