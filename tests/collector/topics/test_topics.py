"""Topics: fifty equal complaints are one, on top; whatever is hidden, erased or out of scope is in none."""

from __future__ import annotations

import random
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from near_duplicates import vary
from sqlalchemy.orm import Session

from collector import clock, responses, topics
from collector.responses import Response
from collector.topics import Asked
from collector.workspaces import scopes, sight

Say = Callable[..., list[Response]]


@pytest.fixture
def read(session: Session, company: Any, time: clock.FixedClock) -> Callable[..., topics.Topics]:
    today = time().date()

    def ask(band: str | None = None, channel: str | None = None, **wanted: Any) -> topics.Topics:
        asked = Asked(responses.Wanted(today - timedelta(days=29), today, **wanted), band, channel)
        return topics.read(session, company.workspace_id, asked)

    return ask


def test_req_133_fifty_near_equal_complaints_are_one_topic_on_top(
    plant: list[Response], say: Say, read: Any
) -> None:
    say("order-confirmed", ["She solved it in two minutes"] * 60, score=10)
    found = read()
    first = found.topics[0]
    assert first.n >= 45
    assert first.unhappy == first.n
    assert first.touchpoint == "installed"
    assert {"technician", "called"} & {term.casefold() for term in first.terms}
    assert found.topics[1].n == 60, "the unhappy stand first, however few"


def test_five_people_make_a_topic_and_four_do_not(say: Say, read: Any) -> None:
    say("installed", ["The router loses its connection"] * 4)
    assert read().topics == ()
    say("installed", ["The router loses its connection"] * 3, customer="cu_one")
    assert [(topic.n, len(topic.members)) for topic in read().topics] == [(5, 7)]


def test_a_hidden_comment_is_gone_at_once(
    plant: list[Response], read: Any, session: Session, time: Any
) -> None:
    before = read().topics[0]
    row = session.get_one(Response, (plant[0].workspace_id, before.members[0].response_id))
    row.hidden_at = time()
    session.commit()
    after = read().topics[0]
    assert after.n == before.n - 1
    assert row.response_id not in {said.response_id for said in after.members}


def test_an_erased_customer_is_gone_at_once(
    plant: list[Response], read: Any, session: Session, time: Any
) -> None:
    before = read().topics[0]
    gone = before.members[-1]
    session.delete(session.get_one(Response, (plant[0].workspace_id, gone.response_id)))
    session.commit()
    after = read().topics[0]
    assert after.n == before.n - 1
    assert gone.comment not in {said.comment for said in after.members} or after.n > 1


def test_a_department_finds_what_its_own_customers_say(
    plant: list[Response], say: Say, read: Any, session: Session, company: Any
) -> None:
    say("order-confirmed", ["Forty minutes in the queue"] * 6)
    assert len(read().topics) == 2
    sight.bind(session, sight.Sight(company.workspace_id, scopes.Scope(frozenset({"sales"}))))
    assert [topic.touchpoint for topic in read().topics] == ["order-confirmed"]
    assert read().comments == 6


def test_the_filters_hold(plant: list[Response], say: Say, read: Any) -> None:
    say("order-confirmed", ["She solved it in two minutes"] * 6, score=10, channel="phone")
    assert [topic.touchpoint for topic in read(band="top").topics] == ["order-confirmed"]
    assert [topic.touchpoint for topic in read(channel="phone").topics] == ["order-confirmed"]
    assert [topic.touchpoint for topic in read(touchpoints=("installed",)).topics] == ["installed"]
    assert read(journey="other").topics == ()


def test_volunteered_comments_are_among_them_and_those_of_staff_are_not(say: Say, read: Any) -> None:
    say("installed", ["The router loses its connection"] * 5, source="volunteered")
    say("installed", ["Our own tools are too slow for this"] * 5, respondent="employee")
    assert [topic.n for topic in read().topics] == [5]


def test_a_topic_is_found_again_by_any_of_its_answers(
    plant: list[Response], read: Any, session: Session, company: Any, time: Any
) -> None:
    topic = read().topics[0]
    today = time().date()
    asked = Asked(responses.Wanted(today - timedelta(days=29), today))
    for said in topic.members[:3]:
        found = topics.members(session, company.workspace_id, asked, said.response_id)
        assert [each.response_id for each in found] == [each.response_id for each in topic.members]
    assert topics.members(session, company.workspace_id, asked, clock.new_id()) == []


@pytest.mark.parametrize(
    ("locale", "comments"),
    [
        (
            "de",
            [
                "Die Rechnung enthält eine Gebühr, die nicht im Vertrag steht",
                "Wartezeit an der Hotline zu lang",
            ],
        ),
        ("en", ["My bill lists a fee that is not in the contract", "Waiting on the hotline took too long"]),
        (
            "fr",
            ["Ma facture contient des frais qui ne figurent pas au contrat", "Trop d'attente au téléphone"],
        ),
        ("es", ["Mi factura incluye un cargo que no está en el contrato", "Demasiada espera al teléfono"]),
    ],
)
def test_words_tell_the_unhappy_from_the_happy(locale: str, comments: list[str], say: Say, read: Any) -> None:
    say("order-confirmed", [comments[0]] * 40, score=1, locale=locale)
    say("order-confirmed", [comments[1]] * 40, score=10, locale=locale)
    sides = {side.value: side for side in read().sides if side.by == "band"}
    unhappy = {word.word.casefold() for word in sides["bottom"].words or ()}
    happy = {word.word.casefold() for word in sides["top"].words or ()}
    bill, wait = {
        "de": ("rechnung", "wartezeit"), "en": ("bill", "waiting"), "fr": ("facture", "attente"), "es": ("factura", "espera"),
    }[locale]  # fmt: skip
    assert bill in unhappy
    assert wait in happy
    assert not unhappy & happy
    assert not unhappy & {"die", "eine", "a", "des", "un", "el"}, "words without a subject tell nothing"


def test_under_thirty_comments_a_side_no_word_is_compared(say: Say, read: Any) -> None:
    say("order-confirmed", ["Too expensive"] * 29, score=1)
    say("order-confirmed", ["Very clear"] * 40, score=10)
    assert {side.words for side in read().sides if side.by == "band"} >= {None}


def test_req_137_a_channel_has_its_words(say: Say, read: Any) -> None:
    say("order-confirmed", ["Forty minutes in the queue"] * 40, channel="phone")
    say("order-confirmed", ["The chat window closed itself"] * 40, channel="web")
    found = {
        side.value: [word.stem for word in side.words or ()] for side in read().sides if side.by == "channel"
    }
    assert "queue" in found["phone"]
    assert "chat" in found["web"]


def test_req_120_a_new_topic_is_told_as_new(say: Say, read: Any) -> None:
    usual = ["She solved it in two minutes", "The bill is clear", "The app shows my usage late"]
    for days in (3, 40):
        for text in usual:
            say("order-confirmed", [text] * 40, score=9, days=days)
    chance = random.Random(1)
    say("installed", [vary("The new router overheats beside the window", chance) for _ in range(14)])
    found = read()
    assert [topic.change for topic in found.topics] == ["new", "", "", ""]
    assert found.topics[0].q is not None
    assert found.topics[0].q < 0.05
    period = next(side for side in found.sides if side.by == "period")
    assert "router" in {word.word for word in period.words or ()}


def test_a_topic_that_fades_is_told_and_one_under_thirty_comments_is_not(say: Say, read: Any) -> None:
    say("order-confirmed", ["The queue is endless"] * 40, days=40)
    say("order-confirmed", ["The queue is endless"] * 8)
    assert [topic.change for topic in read().topics] == [""], "only eight comments now"
    say("order-confirmed", ["She solved it in two minutes"] * 60, score=9)
    assert "fewer" in {topic.change for topic in read().topics}


def test_more_comments_than_are_read_are_said_to_be_more(
    say: Say, read: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("collector.topics.reading.MOST", 20)
    say("order-confirmed", ["Router"] * 30)
    found = read()
    assert found.is_cut
    assert found.comments == 20
