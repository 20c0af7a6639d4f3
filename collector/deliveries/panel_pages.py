"""What customers open to join a panel, and to leave it: a page that asks, and one click.

A GET changes nothing; the way out takes a mail program's one click as well (RFC 8058), and nobody waits on it.
"""

from __future__ import annotations

from typing import Any

from flask import Blueprint, Response, render_template, request

from collector import errors, invitations, web, workspaces
from collector.communities import panels
from collector.deliveries import words
from collector.locale import best, direction

pages = Blueprint("panel_ways", __name__, template_folder="templates")


@pages.get("/j/<token>")
@web.public
def show_join(token: str) -> Response:
    """What a customer would agree to, in their language."""
    workspaces.limit()
    try:
        link, panel = _invited_to(token)
    except errors.AfterwordError as error:
        return _word("unknown", error.status)
    company = workspaces.facts(web.session(), panel.workspace_id)
    known = panels.membership.row_of(web.session(), panel, [link.customer])
    if known is not None and known.left_at is None:
        return _joined(company, known, "in_already")
    consent = panels.actions.consent(web.session(), panel)
    locale = _locale(company.locale, consent.texts if consent else words.all_words())
    said = words.words(locale, company.name)
    more = {"text": consent.texts[locale], "version": consent.version} if consent else {}
    return _page(locale, said["join_title"], company.name, button=said["join_button"], **more)


@pages.post("/j/<token>")
@web.public
def post_join(token: str) -> Response:
    """Join, by the version of the text that stood on the page."""
    workspaces.limit()
    try:
        link, panel = _invited_to(token)
    except errors.AfterwordError as error:
        return _word("unknown", error.status)
    company = workspaces.facts(web.session(), panel.workspace_id)
    consent = panels.actions.consent_of(web.session(), panel, request.form.get("version", ""))
    locale = _locale(company.locale, consent.texts if consent else {})
    if consent is None:
        return show_join(token)
    agreed = panels.joining.Consent(
        panels.actions.text_of(consent), web.now(), f"page behind a link ({locale})"
    )
    joining = panels.joining.Joining([link.customer], link.source, agreed, locale=locale)
    joined = panels.joining.join(web.session(), panel, joining, web.now(), web.config().secret_key)
    if joined.member is None:
        return _word("unknown", 410)
    return _joined(company, joined.member, "joined")


def _invited_to(token: str) -> tuple[panels.links.Join, panels.Panel]:
    """What a link to join says, and its panel; raises what it is refused for."""
    workspace_id, link = panels.links.read_join(web.session(), token)
    return link, panels.actions.get(web.session(), workspace_id, link.panel)


@pages.get("/l/<token>")
@web.public
def show_leave(token: str) -> Response:
    """Whether to take a member out."""
    try:
        workspace_id, member_id = panels.links.read_leave(web.session(), token)
    except errors.NotAuthenticated as error:
        return _word("unknown", error.status)
    company = workspaces.facts(web.session(), workspace_id)
    member = web.session().get(panels.PanelMember, (workspace_id, member_id))
    if member is None or member.left_at is not None:
        return _left(company)
    locale = _locale(company.locale)
    said = words.words(locale, company.name)
    its, others = _panels(member)
    return _page(
        locale,
        said["leave_title"],
        company.name,
        text=said["leave_question"] if not others else said["leave_all_question"],
        button=said["leave_button"],
        only=said["leave_one_button"].replace("{panel}", its) if others else None,
    )


@pages.post("/l/<token>")
@web.public
def post_leave(token: str) -> Response:
    """Out of all panels, or (asked on the page) of this one only: whoever was erased, or has left, is told the same."""
    session = web.session(writes=True)
    try:
        workspace_id, member_id = panels.links.read_leave(session, token)
    except errors.NotAuthenticated as error:
        return _word("unknown", error.status)
    member = session.get(panels.PanelMember, (workspace_id, member_id))
    company = workspaces.facts(session, workspace_id)
    if member is None:
        return _left(company)
    its, others = _panels(member)
    only = member.panel if others and "only" in request.form else None
    invitations.members.leave(session, workspace_id, [member.customer], web.now(), only)
    return _left_one(company, its, others) if only else _left(company)


def _panels(member: panels.PanelMember) -> tuple[str, list[str]]:
    """What the member's panel is called, and the others that they are in as well."""
    every = panels.membership.panels_of(web.session(), member)
    its = [panel.name for panel in every if panel.key == member.panel]
    return "".join(its), [panel.name for panel in every if panel.key != member.panel]


def _left_one(company: workspaces.WorkspaceFacts, its: str, others: list[str]) -> Response:
    locale = _locale(company.locale)
    said = words.words(locale, company.name)
    text = said["left_one_more"].replace("{panel}", its).replace("{others}", ", ".join(others))
    return _page(locale, said["left"], company.name, text=text)


def _joined(company: workspaces.WorkspaceFacts, member: Any, title: str) -> Response:
    locale = _locale(company.locale)
    said = words.words(locale, company.name)
    token = panels.links.leave_token(web.session(), company.workspace_id, member.member_id, web.now())
    link = (f"/l/{token}", said["leave_link"])
    return _page(locale, said[title], company.name, text=said["joined_more"], link=link)


def _left(company: workspaces.WorkspaceFacts) -> Response:
    locale = _locale(company.locale)
    said = words.words(locale, company.name)
    return _page(locale, said["left"], company.name, text=said["left_more"])


def _word(name: str, status: int) -> Response:
    locale = _locale()
    said = words.words(locale)
    response = _page(locale, said[name], text=said[f"{name}_more"])
    response.status_code = status
    return response


def _page(locale: str, title: str, company: str = "", **said: Any) -> Response:
    named = {"locale": locale, "dir": direction(locale), "title": title, "company": company}
    response = Response(render_template("deliveries/word.html", **named, **said))
    response.headers["Cache-Control"] = "no-store"
    response.headers["X-Robots-Tag"] = "noindex"
    return response


def _locale(default: str = "en", offered: Any = None) -> str:
    """The reader's language, of those in which it can be said; else the company's, else the first."""
    known = offered or words.all_words()
    own = best([default], known, next(iter(known)))
    return best([request.args.get("lang", ""), *(tag for tag, _ in request.accept_languages)], known, own)
