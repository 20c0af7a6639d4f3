"""The few words that the SDK itself says: the line in an e-mail and the link without script.

Wording follows the templates of `survey_templates/`; where nobody says whom the score is about, "us" stands in.
"""

from __future__ import annotations

from typing import NamedTuple

RIGHT_TO_LEFT = frozenset({"ar", "fa", "he", "ur"})

SCALES: dict[str, tuple[int, int]] = {"nps": (0, 10), "csat": (1, 5), "ces": (1, 7)}


class Line(NamedTuple):
    """One question with the words at its two ends, for a subject and without one."""

    about: str
    plain: str
    low: str
    high: str

    def question(self, subject: str | None) -> str:
        """Return the question about `subject`."""
        return self.plain if subject is None else self.about.format(subject=subject)


LINK: dict[str, str] = {
    "en": "Tell us how it was",
    "de": "Sagen Sie uns, wie es war",
    "fr": "Dites-nous comment cela s’est passé",
    "es": "Cuéntenos cómo le fue",
    "ar": "أخبرنا عن تجربتك",
}

LINES: dict[str, dict[str, Line]] = {
    "nps": {
        "en": Line(
            "How likely is it that you would recommend {subject} to a friend or colleague?",
            "How likely is it that you would recommend us to a friend or colleague?",
            "Not at all likely",
            "Extremely likely",
        ),
        "de": Line(
            "Wie wahrscheinlich ist es, dass Sie {subject} einem Freund oder Kollegen weiterempfehlen?",
            "Wie wahrscheinlich ist es, dass Sie uns einem Freund oder Kollegen weiterempfehlen?",
            "gar nicht wahrscheinlich",
            "äußerst wahrscheinlich",
        ),
        "fr": Line(
            "Quelle est la probabilité que vous recommandiez {subject} à un ami ou un collègue ?",
            "Quelle est la probabilité que vous nous recommandiez à un ami ou un collègue ?",
            "pas du tout probable",
            "extrêmement probable",
        ),
        "es": Line(
            "¿Qué tan probable es que recomiende {subject} a un amigo o colega?",
            "¿Qué tan probable es que nos recomiende a un amigo o colega?",
            "nada probable",
            "extremadamente probable",
        ),
        "ar": Line(
            "ما مدى احتمالية أن توصي بـ{subject} لصديق أو زميل؟",
            "ما مدى احتمالية أن توصي بنا لصديق أو زميل؟",
            "غير محتمل على الإطلاق",
            "محتمل للغاية",
        ),
    },
    "csat": {
        "en": Line(
            "How satisfied were you with {subject}?",
            "How satisfied were you?",
            "Very unsatisfied",
            "Very satisfied",
        ),
        "de": Line(
            "Wie zufrieden waren Sie mit {subject}?",
            "Wie zufrieden waren Sie?",
            "Sehr unzufrieden",
            "Sehr zufrieden",
        ),
        "fr": Line(
            "Dans quelle mesure êtes-vous satisfait(e) de {subject} ?",
            "Dans quelle mesure êtes-vous satisfait(e) ?",
            "Très insatisfait",
            "Très satisfait",
        ),
        "es": Line(
            "¿Qué tan satisfecho/a estuvo con {subject}?",
            "¿Qué tan satisfecho/a estuvo?",
            "Muy insatisfecho",
            "Muy satisfecho",
        ),
        "ar": Line("ما مدى رضاك عن {subject}؟", "ما مدى رضاك؟", "غير راضٍ جدًا", "راضٍ جدًا"),
    },
    "ces": {
        "en": Line(
            "{subject} made it easy for me to handle my issue.",
            "It was easy for me to handle my issue.",
            "Strongly disagree",
            "Strongly agree",
        ),
        "de": Line(
            "{subject} hat es mir leicht gemacht, mein Anliegen zu erledigen.",
            "Es war leicht, mein Anliegen zu erledigen.",
            "stimme überhaupt nicht zu",
            "stimme voll zu",
        ),
        "fr": Line(
            "{subject} m’a permis de régler facilement ma demande.",
            "J’ai pu régler facilement ma demande.",
            "pas du tout d’accord",
            "tout à fait d’accord",
        ),
        "es": Line(
            "{subject} me facilitó la resolución de mi problema.",
            "Me resultó fácil resolver mi problema.",
            "Totalmente en desacuerdo",
            "Totalmente de acuerdo",
        ),
        "ar": Line(
            "سهّلت {subject} عليّ حلّ مشكلتي.", "كان من السهل عليّ حلّ مشكلتي.", "لا أوافق بشدة", "أوافق بشدة"
        ),
    },
}


def language(locale: str | None) -> str:
    """Return the language of a locale for which there are words; English where there are none."""
    wanted = (locale or "en").replace("_", "-").split("-")[0].lower()
    return wanted if wanted in LINK else "en"
