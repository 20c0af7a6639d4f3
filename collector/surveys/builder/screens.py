"""The builder's pages, put together: the list, the editor, the question about the series, the preview."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from flask import Response, render_template, request

from collector import errors, journeys, web
from collector.instruments import Template
from collector.instruments.translations import exchange
from collector.locale import best
from collector.surveys import comparability
from collector.surveys.builder import answers_needed, drafts, forms, rows, same_question, sentences, texts
from collector.surveys.builder.drafts import Draft
from collector.surveys.models import Survey
from collector.surveys.running import state_of
from collector.workspaces import caller

MODES = ("inline", "popover", "sheet")


def survey_list(problem: errors.AfterwordError | None = None, file_problems: Sequence[str] = ()) -> Response:
    session, workspace = web.session(), caller().workspace
    workspace_id, language = workspace.workspace_id, web.speaker().language
    places = journeys.touchpoints(session, workspace_id, limit=500).items
    page = render_template(
        "surveys/list.html",
        rows=rows.surveys(session, workspace_id, web.now()),
        templates=rows.templates(session, workspace_id, language),
        touchpoints=places,
        names={place.key: place.name for place in places},
        journeys=journeys.list_journeys(session, workspace_id, limit=500).items,
        read_by=same_question.read_by(session, workspace_id),
        company=workspace.name,
        given=request.form,
        problem=problem,
        file_problems=file_problems,
        may_edit=caller().may_edit,
    )
    return Response(page, problem.status if problem else 422 if file_problems else 200)


def editor(
    survey: Survey,
    draft: Draft,
    wanted: str,
    given: Mapping[str, str],
    problem: errors.AfterwordError | None = None,
) -> Response:
    gettext, session, template = web.speaker().gettext, web.session(), draft.template
    locale = wanted or _readers(template)
    texts.check_locale(locale)
    subject = forms.subject_of(given, draft.subject)
    asked = sentences.sentences(template, given, subject)
    locales = rows.locales(template, locale, subject)
    chosen = next(row for row in locales if row.tag == locale)
    place = journeys.touchpoint(session, survey.workspace_id, survey.touchpoint)
    page = render_template(
        "surveys/edit.html",
        survey=survey,
        template=template,
        shown_state=state_of(survey, web.now()),
        touchpoint_name=place.name,
        moves=rows.moves(survey.state, gettext),
        locales=locales,
        locale=locale,
        complete=not chosen.missing,
        missing=chosen.missing,
        sentences=asked,
        mixed=same_question.advice(session, survey),
        needed=answers_needed.needed(template.metric),
        each_has_its_own=any(each.given for each in asked) or any(each.lacks_subject for each in asked),
        texts=rows.texts(template, locale, request.form if problem else {}, gettext),
        history=rows.history(session, survey),
        given=given,
        problem=problem,
        message=gettext("Saved.") if "saved" in request.args else "",
        may_edit=caller().may_edit,
    )
    return Response(page, problem.status if problem else 200, {"Cache-Control": "private, no-store"})


def question_about_the_series(
    survey: Survey,
    before: Draft,
    draft: Draft,
    carried: Sequence[tuple[str, str]],
    losses: Sequence[exchange.Loss] = (),
) -> Response:
    """The question about the series; nothing is stored before it is answered."""
    gettext, broken = web.speaker().gettext, drafts.breaks(web.session(), survey, draft)
    asked_for_reason = request.form.get("decision") == "same_meaning"
    page = render_template(
        "surveys/comparability.html",
        survey=survey,
        changes=rows.changes(before, draft, broken, gettext),
        may_mean_the_same=not comparability.NEVER_THE_SAME & set(broken),
        carried=carried,
        action=f"/surveys/{survey.key}",
        losses=losses,
        reason=request.form.get("reason", ""),
        problem=gettext("Say why it means the same.") if asked_for_reason else "",
    )
    return Response(page, 409, {"Cache-Control": "private, no-store"})


def preview(survey: Survey, draft: Draft, wanted: Mapping[str, str]) -> Response:
    """The draft through the code that serves surveys, in a page with the real widget; nothing is stored."""
    workspace = caller().workspace
    locale = wanted.get("locale") or _readers(draft.template)
    page = render_template(
        "surveys/preview.html",
        asked=rows.asked(survey, draft, workspace.name, workspace.logo_url, locale, web.now()),
        wanted=locale,
        mode=wanted["mode"] if wanted.get("mode") in MODES else "inline",
        scheme="dark" if wanted.get("scheme") == "dark" else "light",
        problem=None,
    )
    return Response(page, headers={"Cache-Control": "private, no-store"})


def _readers(template: Template) -> str:
    """The reader's own language where the template speaks it, else its first."""
    return best([web.speaker().language], template.locales, template.locales[0])
