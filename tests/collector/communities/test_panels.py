"""Members join once with the proof of their consent, leave in one step, and stay away; how they are reached lies sealed."""

from __future__ import annotations

import threading
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import Engine, select, text
from sqlalchemy.orm import Session

from collector import db, sealed_columns, sealing, workspaces
from collector.communities import panels
from collector.communities.panels.contacts import Contact
from collector.communities.panels.joining import Consent, Joining
from collector.communities.panels.models import PanelContact, PanelMember

SECRETS = ("a-secret-of-the-collector-0123456789",)
PANEL = {
    "key": "testers",
    "name": "Testers",
    "consent": {"en": "May we ask you?", "de": "Dürfen wir Sie fragen?"},
}
ADA = Contact("ada@example.com", "+4930123456", "Ada Example")


@pytest.fixture
def panel(session: Session, company: Any, time: Any) -> Any:
    made = panels.actions.make(session, company.workspace_id, PANEL, "tests", time())
    session.commit()
    return made


@pytest.fixture
def joining(company: Any, time: Any) -> Any:
    def make(customer: str = "c-1", source: str = "import", **given: Any) -> Joining:
        consent = Consent("testers-1", time(), "a form")
        return Joining([workspaces.pseudonym_of(company, customer)], source, **{"consent": consent, **given})

    return make


def test_a_member_joins_with_the_proof_of_their_consent(
    session: Session, panel: Any, joining: Any, time: Any
) -> None:
    said = joining(attributes={"plan": "fibre"}, locale="de")
    assert panels.joining.join(session, panel, said, time(), SECRETS).outcome == "joined"
    assert panels.joining.join(session, panel, said, time(), SECRETS).outcome == "known"
    more = joining(attributes={"city": "Tarnwick"})
    assert panels.joining.join(session, panel, more, time(), SECRETS).outcome == "updated"
    [row] = session.scalars(select(PanelMember))
    assert (row.attributes, row.locale) == ({"plan": "fibre", "city": "Tarnwick"}, "de")
    assert (row.consent_text, row.consent_at, row.consent_source) == ("testers-1", time(), "a form")
    asked = {"workspace_id": panel.workspace_id, "panel_key": "testers"}
    known = panels.member_of(session, **asked, subject_ref=row.customer)
    assert known == panels.Member(row.customer, row.attributes, True)
    assert panels.members_of(session, **asked) == [known]
    assert panels.member_of(session, **asked, subject_ref="cu_nobody") is None


def test_who_left_is_brought_back_by_no_file_but_by_their_own_click(
    session: Session, panel: Any, joining: Any, time: Any
) -> None:
    panels.joining.join(session, panel, joining(contact=ADA, attributes={"plan": "fibre"}), time(), SECRETS)
    [row] = session.scalars(select(PanelMember))
    assert panels.leaving.leave(session, panel.workspace_id, [row.customer], time()) == []
    assert (row.left_at, row.attributes) == (time(), {})
    assert session.scalars(select(PanelContact)).all() == []
    assert panels.members_of(session, workspace_id=panel.workspace_id, panel_key="testers") == []
    time.move(days=1)
    again = panels.joining.join(session, panel, joining(contact=ADA), time(), SECRETS)
    assert again.outcome == "left"
    assert session.scalars(select(PanelContact)).all() == []
    assert panels.joining.join(session, panel, joining(source="link"), time(), SECRETS).outcome == "joined"
    session.refresh(row)
    assert (row.left_at, row.source, row.consent_at) == (None, "link", time())


def test_how_members_are_reached_is_readable_in_no_table(
    session: Session, panel: Any, joining: Any, time: Any
) -> None:
    member = panels.joining.join(session, panel, joining(contact=ADA), time(), SECRETS).member
    sealed = session.scalars(select(PanelContact.sealed)).one()
    assert not any(word in sealed for word in (b"ada", b"4930", b"Ada", b"example"))
    ids = [member.member_id]
    assert panels.contacts.opened(session, panel.workspace_id, ids, SECRETS) == {member.member_id: ADA}
    assert panels.contacts.opened(session, panel.workspace_id, ids, ("another-secret",)) == {}


def test_a_sealed_contact_cannot_be_moved_to_another_member(
    session: Session, panel: Any, joining: Any, time: Any
) -> None:
    ada = panels.joining.join(session, panel, joining("ada", contact=ADA), time(), SECRETS).member
    bob = panels.joining.join(
        session, panel, joining("bob", contact=Contact("b@example.com")), time(), SECRETS
    )
    rows = {row.member_id: row for row in session.scalars(select(PanelContact))}
    rows[bob.member.member_id].sealed = rows[ada.member_id].sealed
    session.flush()
    assert set(panels.contacts.opened(session, panel.workspace_id, rows, SECRETS)) == {ada.member_id}


def test_contacts_are_sealed_anew_before_a_secret_is_left_out(
    session: Session, panel: Any, joining: Any, time: Any
) -> None:
    member = panels.joining.join(session, panel, joining(contact=ADA), time(), SECRETS).member
    both = ("the-new-secret-0123456789", *SECRETS)
    assert sealed_columns.are_under_older(session, time(), panels.contacts.SEALED, both)
    assert sealed_columns.seal_anew(session, time(), panels.contacts.SEALED, both) == 1
    assert not sealed_columns.are_under_older(session, time(), panels.contacts.SEALED, both)
    assert sealed_columns.seal_anew(session, time(), panels.contacts.SEALED, both) == 0
    found = panels.contacts.opened(session, panel.workspace_id, [member.member_id], both[:1])
    assert found == {member.member_id: ADA}


def test_what_a_seal_closes_is_bound_to_its_purpose_and_company(panel: Any) -> None:
    one = sealing.seal(SECRETS, "panel-contact", panel.workspace_id)
    other = sealing.seal(SECRETS, "something-else", panel.workspace_id)
    assert one.opened(one.closed(b"words", b"row"), b"row") == b"words"
    assert one.closed(b"words", b"row") != one.closed(b"words", b"row")
    for seal, row in ((other, b"row"), (one, b"another row")):
        with pytest.raises(sealing.CannotUnseal):
            seal.opened(one.closed(b"words", b"row"), row)


def test_an_erased_customer_is_gone_and_no_older_consent_brings_them_back(
    client: Any, keys: Any, session: Session, panel: Any, joining: Any, time: Any
) -> None:
    said = joining(contact=ADA)
    panels.joining.join(session, panel, said, time(), SECRETS)
    session.commit()
    time.move(minutes=1)
    gone = client.delete("/api/v1/customers/c-1", headers=keys["server"]).json["erased"]
    assert gone["members"] == 1
    assert session.scalars(select(PanelMember)).all() == []
    assert session.scalars(select(PanelContact)).all() == []
    assert panels.joining.join(session, panel, said, time(), SECRETS).outcome == "erased"
    time.move(minutes=1)
    new = joining(consent=Consent("testers-2", time(), "a form"))
    assert panels.joining.join(session, panel, new, time(), SECRETS).outcome == "joined"


def test_a_rotation_of_pseudonyms_takes_members_along(
    session: Session, company: Any, panel: Any, joining: Any, time: Any
) -> None:
    from collector.erasure import rekeying

    old = joining()
    panels.joining.join(session, panel, old, time(), SECRETS)
    workspaces.pseudonyms.rotate(session, company.workspace_id, "tests", time())
    names = workspaces.pseudonyms.names_of(session, company, "c-1")
    both = Joining(names, "import", old.consent)
    assert panels.joining.join(session, panel, both, time(), SECRETS).outcome == "known"
    assert rekeying.rekey(session, company, ["c-1"], time()) == 1
    assert session.scalars(select(PanelMember.customer)).all() == [names[0]]


ON_POSTGRESQL = pytest.mark.parametrize("database_url", ["postgresql"], indirect=True)
"""SQLite writes one at a time."""


def _meanwhile(engine: Engine, work: Any) -> tuple[threading.Thread, list[Any]]:
    """Work in a session of its own, on another thread, which commits when it is done."""
    found: list[Any] = []

    def run() -> None:
        with db.make_sessions(engine).begin() as own:
            found.append(work(own))

    thread = threading.Thread(target=run)
    thread.start()
    return thread, found


def _waits(session: Session) -> bool:
    query = text(
        "SELECT count(*) FROM pg_stat_activity WHERE wait_event_type = 'Lock' AND datname = current_database()"
    )
    return bool(session.execute(query).scalar_one())


def _until_somebody_waits(engine: Engine) -> None:
    with engine.connect() as look:
        for _ in range(2000):
            if _waits(look):  # type: ignore[arg-type]
                return
            threading.Event().wait(0.01)
            look.rollback()
    raise AssertionError("nobody waits")


@ON_POSTGRESQL
def test_who_joins_from_two_sides_at_once_is_in_once(
    session: Session, engine: Engine, panel: Any, joining: Any, time: Any
) -> None:
    first = panels.joining.join(session, panel, joining(source="link"), time(), SECRETS)
    thread, found = _meanwhile(
        engine, lambda own: panels.joining.join(own, panel, joining(contact=ADA), time(), SECRETS).outcome
    )
    _until_somebody_waits(engine)
    session.commit()
    thread.join(30)
    assert (first.outcome, found) == ("joined", ["updated"])
    assert len(session.scalars(select(PanelMember)).all()) == 1


@ON_POSTGRESQL
def test_who_leaves_while_a_file_is_taken_has_left(
    session: Session, engine: Engine, panel: Any, joining: Any, time: Any
) -> None:
    customer = joining().names[0]
    panels.joining.join(session, panel, joining(), time() - timedelta(days=1), SECRETS)
    session.commit()
    panels.leaving.leave(session, panel.workspace_id, [customer], time())
    thread, found = _meanwhile(
        engine, lambda own: panels.joining.join(own, panel, joining(contact=ADA), time(), SECRETS).outcome
    )
    _until_somebody_waits(engine)
    session.commit()
    thread.join(30)
    assert found == ["left"]
    assert session.scalars(select(PanelContact)).all() == []
