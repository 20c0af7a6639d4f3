"""A quota cell ends exactly at its number, under as many answers at once as may come, and later links say so kindly."""

from __future__ import annotations

import threading
import uuid
from collections import Counter
from typing import Any

from flask import Flask

CELLS = {"attribute": "tariff", "quotas": {"gold": 3, "basic": 5}}


def test_ten_answers_at_once_fill_three_places(
    app: Flask, client: Any, keys: Any, make: Any, trigger: Any
) -> None:
    make(cells=CELLS)
    batch = [
        {"touchpoint": "order-confirmed", "journey": "first-order", "customer": f"c-{n}", "transaction": f"t-{n}", "attributes": {"tariff": "gold"}}
        for n in range(10)
    ]  # fmt: skip
    decided = client.post("/api/v1/triggers", json={"triggers": batch}, headers=keys["server"]).json[
        "decisions"
    ]
    tokens = [each["invitation"]["token"] for each in decided]
    start, statuses = threading.Barrier(10), Counter[tuple[int, str | None]]()

    def submit(token: str) -> None:
        body = {"token": token, "response_id": str(uuid.uuid4()), "answers": {"score": 4}}
        with app.test_client() as own:
            start.wait(30)
            while (given := own.post("/w/v1/responses", json=body)).status_code == 503:
                pass
        statuses[given.status_code, given.json.get("code")] += 1

    threads = [threading.Thread(target=submit, args=(token,)) for token in tokens]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    assert statuses == {(201, None): 3, (410, "survey_closed"): 7}
    gold, basic = client.get("/api/v1/runs/new-page", headers=keys["read"]).json["progress"]["cells"]
    assert (gold["answered"], gold["started"], basic["answered"]) == (3, 3, 0)


def test_a_link_that_is_opened_late_says_so_and_who_has_begun_may_finish(
    client: Any, make: Any, trigger: Any, answer: Any
) -> None:
    make(cells={"attribute": "tariff", "quotas": {"gold": 1}})
    first, late = (trigger(attributes={"tariff": "gold"})["invitation"]["token"] for _ in range(2))
    begun = answer(first, score=4)
    assert begun.status_code == 201
    page = client.get(f"/s/{late}")
    assert page.status_code == 410
    assert "<form" not in page.text
    assert client.get(f"/w/v1/survey?token={late}").json["code"] == "survey_closed"
    more = answer(first, response_id=begun.json["response_id"], score=4, comment="Quick!", complete=True)
    assert more.status_code == 200
    assert client.get(f"/s/{first}").status_code in {200, 410}


def test_a_cells_progress_is_told_by_variant_too(
    client: Any, keys: Any, make: Any, trigger: Any, answer: Any, reader: Any
) -> None:
    make(cells=CELLS)
    for number in range(4):
        asked = trigger(customer=f"c-{number}", attributes={"tariff": "basic"})
        assert answer(asked["invitation"]["token"], score=4, complete=number < 2).status_code == 201
    progress = client.get("/api/v1/runs/new-page", headers=keys["read"]).json["progress"]
    gold, basic = progress["cells"]
    assert basic["variants"] == progress["steps"]  # all of them are of this cell
    assert sum(each["invited"] for each in basic["variants"]) == 4
    assert (sum(each["started"] for each in basic["variants"]), basic["finished"]) == (4, 2)
    assert [each["invited"] for each in gold["variants"]] == [0, 0]
    assert "basic · New page" in reader.get("/runs/new-page").text
