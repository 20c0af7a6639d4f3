"""Words for one run: besides the names of touchpoints, what its own survey measures is called."""

from __future__ import annotations

from sqlalchemy.orm import Session

from collector import surveys
from collector.communities.runs import StoredRun
from collector.instruments import KINDS, ON_A_PICTURE
from collector.locale import Speaker
from collector.results import measures, reading
from collector.results.wording import Words


def words_of(session: Session, run: StoredRun, speaker: Speaker) -> Words:
    """The words in which a run is told to a reader."""
    published = reading.measured(session, run.workspace_id, run.survey)
    known = measures.of_survey(published)
    return Words(speaker, reading.names(session, run.workspace_id), known, asked(published, speaker))


def asked(published: surveys.Published, speaker: Speaker) -> dict[str, str]:
    """measure -> what was asked: of a question its words, of an option what was offered."""
    found = {}
    for question in surveys.localised(published, [speaker.language])["questions"]:
        found[question["id"]] = f"“{question['text']}”"
        if KINDS[question["kind"]].options == ():
            for option in question["options"]:
                found[f"{question['id']}.{option['key']}"] = f"“{option['label']}”"
        if question["kind"] == ON_A_PICTURE:
            found[measures.hits(question["id"])] = speaker.gettext("first clicks that hit")
    return found
