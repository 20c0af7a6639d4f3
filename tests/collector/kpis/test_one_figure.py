"""One figure and one verdict everywhere: whoever reads a random company is told the same (long form: ``make simulate``)."""

from __future__ import annotations

import one_figure
import pytest
from flask import Flask
from sqlalchemy import Engine

from collector import clock, db


@pytest.mark.parametrize("seed", range(2))
def test_every_reader_tells_the_same_figure_and_the_same_verdict(
    app: Flask, engine: Engine, time: clock.FixedClock, seed: int
) -> None:
    assert one_figure.differences(app, db.make_sessions(engine), seed, time()) == []
