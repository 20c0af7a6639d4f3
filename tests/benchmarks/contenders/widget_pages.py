"""One page per contender, each asking the same NPS question with a comment, and what its servers answer."""

import json
from typing import Any

QUESTION = "How likely is it that you would recommend Example Telecom to a friend or colleague?"
LOW, HIGH, MORE = "Not at all likely", "Extremely likely", "Would you like to tell us more?"

SURVEY: dict[str, Any] = {
    "token": "t", "invitation_id": "00000000-0000-8000-8000-000000000001", "expires_at": "2030-01-01T00:00:00Z",
    "survey": {"key": "order", "version": 1, "series": "s"}, "touchpoint": "order-confirmed", "journey": None,
    "locale": "en", "dir": "ltr", "company": {"name": "Example Telecom", "logo": None},
    "questions": [
        {"id": "score", "kind": "nps", "text": QUESTION, "required": True, "min": 0, "max": 10, "low": LOW, "high": HIGH},
        {"id": "comment", "kind": "comment", "text": MORE, "required": False, "max_length": 2000},
    ],
    "words": {"send": "Send", "close": "Close", "thanks": "Thank you!", "thanks_more": "", "optional": "optional",
              "of": "{value} of {max}", "error": "Kept.", "retry": "Try again", "choose": "Choose.", "sent": "Saved."},
    "footnote": None, "answered": {"response_id": None, "answers": {}},
}  # fmt: skip

WORDS = f"const [QUESTION, LOW, HIGH, MORE] = {json.dumps([QUESTION, LOW, HIGH, MORE])};"
FLOOR = (
    WORDS
    + """
const at = document.getElementById("survey"), form = document.createElement("form");
const make = (tag, set, ...kids) => {
  const e = Object.assign(document.createElement(tag), set); e.append(...kids); return e };
form.append(make("fieldset", {}, make("legend", {}, QUESTION), ...Array.from({length: 11}, (_, i) =>
  make("label", {}, make("input", {type: "radio", name: "score", value: i}), String(i)))),
  make("textarea", {name: "comment"}), make("button", {}, "Send"));
at.append(form);"""
)
SURVEYJS = (
    WORDS
    + """
const model = new Survey.Model({elements: [
  {type: "rating", name: "score", title: QUESTION, rateMin: 0, rateMax: 10,
   minRateDescription: LOW, maxRateDescription: HIGH},
  {type: "comment", name: "comment", title: MORE}]});
model.render(document.getElementById("survey"));"""
)

POSTHOG_SURVEY = {
    "id": "0190", "name": "NPS", "type": "popover", "start_date": "2024-01-01T00:00:00Z", "end_date": None,
    "current_iteration": None, "conditions": None, "schedule": "once", "feature_flag_keys": [],
    "linked_flag_key": None, "targeting_flag_key": None, "internal_targeting_flag_key": None,
    "appearance": {"surveyPopupDelaySeconds": 0}, "questions": [
        {"id": "score", "type": "rating", "display": "number", "scale": 10, "question": QUESTION,
         "lowerBoundLabel": LOW, "upperBoundLabel": HIGH, "buttonText": "Send"},
        {"id": "comment", "type": "open", "question": MORE, "buttonText": "Send"}],
}  # fmt: skip

POSTHOG = """posthog.init("phc_x", {api_host: location.origin, ui_host: location.origin, autocapture: false,
  disable_session_recording: true, capture_pageview: false, advanced_disable_feature_flags: true})"""


def page(head: str, body: str) -> str:
    return (
        '<!doctype html><html lang="en"><meta charset="utf-8"><title>Shop</title><link rel="icon" href="data:,">'
        f"{head}<body><h1>Order confirmed</h1><p>Thank you.</p>{body}<p>Order number 991</p></body></html>"
    )


RESERVED = "<style>afterword-survey { display: block; min-height: 11rem }</style>"
PAGES = {
    "native form": page('<script src="/floor.js" defer></script>', '<div id="survey"></div>'),
    "afterword": page(RESERVED + '<script src="/widget/v1.js" async></script>', '<afterword-survey token="t"></afterword-survey>'),
    "afterword popover": page('<script src="/widget/v1.js" async></script>', '<afterword-survey token="t" mode="popover"></afterword-survey>'),
    "afterword parts": page(RESERVED + '<script src="/widget/v1.ask.js" async></script>', '<afterword-survey token="t"></afterword-survey>'),
    "afterword pending": page('<script src="/widget/v1.ask.js" async></script>', '<afterword-survey customer="t" mode="popover"></afterword-survey>'),
    "survey-js-ui": page(
        '<link rel="stylesheet" href="/peers/survey-core/survey-core.fontless.min.css">'
        + "".join(f'<script src="/peers/{name}" defer></script>' for name in ("survey-core/survey.core.min.js", "survey-js-ui/survey-js-ui.min.js"))
        + '<script src="/surveyjs.js" defer></script>', '<div id="survey"></div>'),
    "posthog-js": page('<script src="/peers/posthog-js/dist/array.js" defer></script><script src="/posthog.js" defer></script>', ""),
}  # fmt: skip

ANSWERS = {
    "/floor.js": ("text/javascript", FLOOR),
    "/surveyjs.js": ("text/javascript", SURVEYJS),
    "/posthog.js": ("text/javascript", POSTHOG),
    "/w/v1/survey": ("application/json", json.dumps(SURVEY)),
    "/api/surveys/": ("application/json", json.dumps({"surveys": [POSTHOG_SURVEY]})),
    "/array/phc_x/config": ("application/json", json.dumps({"surveys": True, "supportedCompression": []})),
    "/array/phc_x/config.js": ("text/javascript", ""),
    "/flags/": ("application/json", json.dumps({"featureFlags": {}, "surveys": True})),
}
