"""What they say: how long ten thousand comments take, and how well near-duplicates are found among real ones.

    python tests/benchmarks/topics.py [FILE]

FILE: one comment a line, or a TSV or CSV with a column ``content``, ``comment`` or ``text``. Without it the comments are
those written for the tests, varied. 200 of a file's comments are varied as ``tests/support/near_duplicates.py`` says.
"""

from __future__ import annotations

import argparse
import csv
import random
import sys
import time
from datetime import timedelta
from pathlib import Path

import yaml

ROOT = Path(__file__).parents[2]
sys.path[:0] = [str(ROOT), str(ROOT / "tests/support")]

from near_duplicates import labelled, precision_and_recall, vary  # noqa: E402
from sqlalchemy import insert  # noqa: E402

from collector import clock, db, responses, topics, workspaces  # noqa: E402
from collector.migrations.models import metadata  # noqa: E402
from collector.responses import Response, stemming  # noqa: E402
from collector.surveys import MetricSeries  # noqa: E402
from collector.topics.grouping import Text, group  # noqa: E402
from collector.topics.reading import Asked  # noqa: E402

SIZE = 10_000
WRITTEN = yaml.safe_load((ROOT / "tests/collector/topics/comments.yaml").read_text())


def main(path: str | None) -> None:
    """Print quality and times of the processor, as ratios to the goal of two seconds."""
    comments = _read(Path(path)) if path else [text for texts in WRITTEN.values() for text in texts]
    set_ = labelled(comments, varied=min(200, len(comments) // 2))
    began = time.process_time()
    found = group([Text(text, "de" if path else None) for text, _number in set_])
    precision, recall = precision_and_recall(found, [number for _text, number in set_])
    print(f"near-duplicates: {len(set_)} comments, precision {precision:.3f}, recall {recall:.3f},"
          f" {time.process_time() - began:.2f} s")  # fmt: skip
    chance = random.Random(1)
    many = [vary(chance.choice(comments), chance) for _ in range(SIZE)]
    for name, texts in (("varied", many), ("all different", [_salad(many, chance) for _ in range(SIZE)])):
        began = time.process_time()
        groups = len(set(group([Text(text, "de") for text in texts])))
        took = time.process_time() - began
        print(f"grouping {SIZE} comments, {name}: {groups} groups, {took:.2f} s, {took / 2:.0%} of the goal")
        _page(texts)


def _page(texts: list[str]) -> None:
    """Read the same through the database, once anew and once remembered."""
    engine = db.make_engine("sqlite://", 1)
    metadata.create_all(engine)
    now = clock.FixedClock()()
    with db.make_sessions(engine)() as session:
        company = workspaces.create(session, "Bench", now)
        series = MetricSeries(workspace_id=company.workspace_id, series_id=clock.new_id(), survey="s", metric="nps",
                              fingerprint="0" * 64, started_at=now)  # fmt: skip
        session.add(series)
        session.flush()
        rows = [
            {"workspace_id": company.workspace_id, "response_id": clock.new_id(), "touchpoint": f"t{place % 9}",
             "survey": "s", "survey_version": 1, "series_id": series.series_id, "metric": "nps", "score": place % 11,
             "locale": "de", "channel": ("web", "phone", "app")[place % 3], "customer": f"c{place}", "comment": text,
             "comment_stems": stemming.stems(text, "de"), "occurred_at": now - timedelta(minutes=9 * place),
             "day": now.date(), "received_at": now, "updated_at": now}
            for place, text in enumerate(texts)
        ]  # fmt: skip
        session.execute(insert(Response), rows)
        asked = Asked(responses.Wanted(now.date() - timedelta(days=29), now.date()))
        for name in ("anew", "remembered"):
            began = time.process_time()
            found = topics.read(session, company.workspace_id, asked)
            took = time.process_time() - began
            print(f"  read {name}: {found.comments} and {found.comments_before} comments,"
                  f" {len(found.topics)} topics, {took:.2f} s, {took / 2:.0%} of the goal")  # fmt: skip


def _salad(texts: list[str], chance: random.Random) -> str:
    """A comment like no other: words of many."""
    words = [word for text in chance.sample(texts, 4) for word in text.split()]
    return " ".join(chance.sample(words, min(12, len(words))))


def _read(path: Path) -> list[str]:
    with path.open(encoding="utf-8") as lines:
        if path.suffix not in {".tsv", ".csv"}:
            return [line.strip() for line in lines if line.strip()]
        delimiter = "\t" if path.suffix == ".tsv" else ","
        quoting = csv.QUOTE_NONE if path.suffix == ".tsv" else csv.QUOTE_MINIMAL
        rows = list(csv.DictReader(lines, delimiter=delimiter, quoting=quoting))
    name = next(name for name in ("content", "comment", "text") if name in rows[0])
    found = dict.fromkeys(row[name] for row in rows if row[name])
    return [text for text in found if len(text.split()) >= 4]


if __name__ == "__main__":
    parser = argparse.ArgumentParser(
        description="How long ten thousand comments take, and how well they are grouped."
    )
    parser.add_argument("file", nargs="?", metavar="FILE", help="one comment a line, or a TSV or CSV")
    main(parser.parse_args().file)
