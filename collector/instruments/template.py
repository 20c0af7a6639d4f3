"""A survey template as a value: the questions once, and their wording in each locale.

A survey's published definition is the same value, kept as JSON (`template_schema.as_json`, `from_json`).
"""

from collections.abc import Mapping
from dataclasses import dataclass, field

from collector.instruments.kinds import ON_A_PICTURE
from collector.instruments.question import Condition

Text = Mapping[str, str]
"""One text in several locales, by BCP 47 tag."""

STATUSES = ("published", "own", "back_translation_pending", "back_translated")
DIRECTIONS = ("higher_is_better", "lower_is_better")
WORDS = ("send", "close", "thanks", "thanks_more", "optional", "of", "error", "retry", "choose", "sent")
"""The widget's words that every locale offered must have."""

SPARE_WORDS = ("change", "later")
"""Those that a locale may leave unsaid: the widget then says nothing there."""

LAYOUTS = ("horizontal", "vertical")


@dataclass(frozen=True)
class Wording:
    """All that one question says in one locale, with where it comes from and how far it is checked."""

    text: str
    source: str
    status: str
    low: str = ""
    high: str = ""
    labels: tuple[str, ...] = ()
    options: Mapping[str, str] = field(default_factory=dict)
    prompts: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class TemplateQuestion:
    """One question: its kind, its settings, and its wording by locale; `prompts` are conditions by name."""

    id: str
    kind: str
    required: bool
    wording: Mapping[str, Wording]
    min: int | None = None
    max: int | None = None
    min_choices: int | None = None
    max_choices: int | None = None
    max_length: int | None = None
    options: tuple[str, ...] = ()
    show_if: Condition | None = None
    prompts: Mapping[str, Condition] = field(default_factory=dict)


@dataclass(frozen=True)
class Template:
    """An instrument: what is asked, how it is counted (metric, direction), how it is laid out."""

    key: str
    version: int
    locales: tuple[str, ...]
    name: Text
    questions: tuple[TemplateQuestion, ...]
    about: Text = field(default_factory=dict)
    metric: str | None = None
    composites: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    locked: bool = False
    direction: str = "higher_is_better"
    layout: str = "horizontal"
    footnote: Text = field(default_factory=dict)
    words: Mapping[str, Text] = field(default_factory=dict)

    @property
    def asked(self) -> tuple[TemplateQuestion, ...]:
        """The questions whose answers make the template's figure: its score, or the items of its composites, or its click."""
        items = {item for of in self.composites.values() for item in of}
        wanted = {self.score.id} if self.score else items or {self.click or ""}
        return tuple(question for question in self.questions if question.id in wanted)

    @property
    def score(self) -> TemplateQuestion | None:
        """The question whose answer is the score, or None where the template has none."""
        return next((question for question in self.questions if question.id == "score"), None)

    @property
    def click(self) -> str | None:
        """The id of the question that is answered on a picture, or None where the template has none."""
        return next((each.id for each in self.questions if each.kind == ON_A_PICTURE), None)
