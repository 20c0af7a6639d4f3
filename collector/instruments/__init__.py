"""What can be asked: templates with their questions, kinds, flow and wording, in every language they speak.

In: template files, a company's own templates, translations. Out: templates as plain frozen values, the rules that
answers must pass, and the facets that a comparable number rests on. Read by surveys.
"""

from collector.instruments import commands, facets, flow, own, rules, texts, translations
from collector.instruments.composites import COMPOSITES
from collector.instruments.files import measuring, shipped, shipped_words
from collector.instruments.kinds import KINDS, MEASURES, ON_A_PICTURE, shows_number, takes_number, takes_text
from collector.instruments.localise import (
    Localised,
    completeness,
    localise,
    offered_locales,
    whole_locales,
)
from collector.instruments.question import Question
from collector.instruments.schemas import as_json, check_locale, from_json
from collector.instruments.subject import LONGEST as LONGEST_SUBJECT
from collector.instruments.subject import Subject, SubjectField, filled, subject_in
from collector.instruments.template import Template
from collector.instruments.texts import Slot
from collector.instruments.translations.exchange import name_of, put, without_halves

__all__ = [
    "COMPOSITES",
    "KINDS",
    "LONGEST_SUBJECT",
    "MEASURES",
    "ON_A_PICTURE",
    "Localised",
    "Question",
    "Slot",
    "Subject",
    "SubjectField",
    "Template",
    "as_json",
    "check_locale",
    "commands",
    "completeness",
    "facets",
    "filled",
    "flow",
    "from_json",
    "localise",
    "measuring",
    "name_of",
    "offered_locales",
    "own",
    "put",
    "rules",
    "shipped",
    "shipped_words",
    "shows_number",
    "subject_in",
    "takes_number",
    "takes_text",
    "texts",
    "translations",
    "whole_locales",
    "without_halves",
]
