"""The hosted page: a plain form without scripts, the widget with them, a kind word at every dead end."""

import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from flask import Flask, Response, jsonify, render_template, request
from werkzeug.serving import make_server

from collector.instruments.kinds import shows_number

ROOT = Path(__file__).parents[3]
WORDS = {
    "title": "Your feedback", "confirm": "Send {score}", "try_again": "Please check your answer and send it again.",
    "expired": "This link has expired.", "expired_more": "Nothing more is needed from you.",
    "answered": "You have answered already.", "answered_more": "Your answer counts once.",
    "closed": "This survey is over.", "closed_more": "Nothing more is needed from you.",
    "unknown": "This link does not work.", "unknown_more": "Please open it again from the message.",
}  # fmt: skip
POLICY = (
    "default-src 'none'; script-src 'self' 'nonce-n'; style-src 'self' 'nonce-n'; img-src 'self' data:; "
    "connect-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'self'"
)


def hosting(collector: Any) -> Flask:
    """The template behind as little as it needs; the real view's tests are the collector's."""
    app = Flask(
        __name__,
        template_folder=ROOT / "collector/responses/templates",
        static_folder=ROOT / "collector/static",
    )
    app.extensions["forms"] = []

    def page(state: str, token: str = "nps.1") -> str:
        survey = collector.survey({"token": [token]})
        if survey:
            survey["answered"] = survey["answered"] or {"response_id": None, "answers": {}}
        locale = survey["locale"] if survey else "en"
        return render_template(
            "hosted.html", state=state, survey=survey, company=survey and survey["company"], token=token,
            words=WORDS | (survey["words"] if survey else {}), locale=locale, dir="rtl" if locale == "ar" else "ltr",
            script_url="/static/widget/v1.js", post_url=f"/s/{token}", csp_nonce="n", response_id="r",
            preset=request.args.get("score", ""), shows_number=shows_number,
        )  # fmt: skip

    @app.get("/s/<token>")
    def show(token: str) -> Response:
        return Response(page("ask", token), headers={"Content-Security-Policy": POLICY})

    @app.get("/end/<state>")
    def end(state: str) -> Response:
        return Response(page(state), headers={"Content-Security-Policy": POLICY})

    @app.post("/s/<token>")
    def post(token: str) -> str:
        app.extensions["forms"].append(request.form.to_dict(flat=False))
        return page("thanks", token)

    @app.get("/w/v1/survey")
    @app.get("/static/w/v1/survey")
    def survey() -> Response:
        return jsonify(collector.survey(request.args.to_dict(flat=False)))

    @app.post("/static/w/v1/<path:_rest>")
    def take(_rest: str) -> tuple[Response, int]:
        message = request.get_json(force=True)
        return jsonify({"response_id": message.get("response_id")}), collector.submit(
            message
        ) if _rest == "responses" else 202

    return app


@pytest.fixture
def hosted(collector: Any) -> Iterator[tuple[str, list[dict[str, list[str]]]]]:
    """The page's address, and the forms that were posted to it."""
    app = hosting(collector)
    server = make_server("127.0.0.1", 0, app, threaded=True)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_port}", app.extensions["forms"]
    server.shutdown()
    server.server_close()


def test_the_widget_takes_the_forms_place(collector, hosted, visit, violations, shoot):
    page = visit(hosted[0] + "/s/nps.1")
    assert page.get_by_text("Example Telecom", exact=True).is_visible()
    assert violations(page) == []
    shoot(page, "hosted")
    page.locator(".choice:visible").nth(9).click()
    page.get_by_text("Your answer is saved.").wait_for()
    page.locator(".send:visible").click()
    page.get_by_text("Thank you!").wait_for()
    assert violations(page) == []
    shoot(page, "hosted-thanks")
    assert collector.answers("nps.1") == {"score": 9}


def test_a_score_in_the_address_is_only_chosen_until_the_person_sends_it(
    collector, hosted, visit, violations, shoot
):
    page = visit(hosted[0] + "/s/nps.1?score=9")
    send = page.locator("[part~=panel]").get_by_role("button", name="Send 9")
    send.wait_for()
    assert collector.posts == []
    assert violations(page) == []
    shoot(page, "hosted-preset")
    send.click()
    page.get_by_text("Your answer is saved.").wait_for()
    assert collector.answers("nps.1") == {"score": 9}


def test_without_scripts_the_form_asks_all_at_once(hosted, visitor, shoot):
    page = visitor(java_script_enabled=False).open(hosted[0] + "/s/nps.1?score=9")
    assert page.get_by_role("radio", name="9 of 10", exact=True).is_checked()
    shoot(page, "hosted-plain")
    page.get_by_label("Would you like to tell us more?").fill("Quick!")
    page.get_by_role("button", name="Send 9").click()
    page.get_by_text("Thank you!").wait_for()
    assert hosted[1] == [
        {"token": ["nps.1"], "response_id": ["r"], "answers.score": ["9"], "answers.comment": ["Quick!"]}
    ]


@pytest.mark.parametrize("name", ["csat", "ces", "stars", "thumbs", "emotion", "goal", "single_choice"])
def test_without_scripts_every_kind_can_be_answered(name, hosted, visitor):
    page = visitor(java_script_enabled=False).open(f"{hosted[0]}/s/{name}.1")
    page.get_by_role("radio").first.check()
    page.get_by_role("button").click()
    first = {
        "csat": "1",
        "ces": "1",
        "stars": "1",
        "thumbs": "1",
        "emotion": "-2",
        "goal": "yes",
        "single_choice": "price",
    }
    assert hosted[1][0]["answers.score"] == [first[name]]


def test_without_scripts_several_choices_can_be_made(hosted, visitor):
    page = visitor(java_script_enabled=False).open(f"{hosted[0]}/s/multiple_choice.1")
    page.get_by_label("The price").check()
    page.get_by_label("Something else").check()
    page.get_by_role("button").click()
    assert hosted[1][0]["answers.score"] == ["price", "other"]


def test_a_widget_that_does_not_come_leaves_the_form(hosted, visitor, violations):
    person = visitor()
    person.context.route("**/v1.js", lambda route: route.abort())
    page = person.open(hosted[0] + "/s/nps.1")
    page.locator("form").get_by_role("radio", name="9 of 10", exact=True).wait_for(timeout=4000)
    assert page.locator("form button").is_visible()
    assert violations(page) == []


@pytest.mark.parametrize("name", ["nps", "nps-ar", "csat-de"])
@pytest.mark.parametrize("script", [True, False])
def test_at_320_pixels_the_page_fits(name, script, hosted, visitor, shoot):
    person = visitor(viewport={"width": 320, "height": 640}, java_script_enabled=script)
    page = person.open(f"{hosted[0]}/s/{name}.1")
    page.locator(".choice:visible").first.wait_for()
    boxes = [choice.bounding_box() for choice in page.locator(".choice:visible").all()]
    in_two_rows = script and name.startswith("nps")  # the widget gives eleven choices targets for a thumb
    assert min(box["width"] for box in boxes) >= (36 if script else 24)
    assert len({box["y"] for box in boxes}) == (2 if in_two_rows else 1)
    assert max(box["x"] + box["width"] for box in boxes) <= 320
    shoot(page, f"hosted-320-{name}{'' if script else '-plain'}")


@pytest.mark.parametrize("state", ["expired", "answered", "closed", "unknown", "thanks"])
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_every_end_is_kind(state, scheme, hosted, visitor, violations, shoot):
    page = visitor(color_scheme=scheme).open(f"{hosted[0]}/end/{state}")
    assert page.get_by_role("heading").inner_text()
    assert violations(page) == []
    if state == "expired":
        shoot(page, f"hosted-{state}-{scheme}")
