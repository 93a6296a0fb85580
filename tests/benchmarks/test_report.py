"""The document on the endpoint: every figure and verdict is computed from the results."""

import json
from pathlib import Path
from typing import Any

import pytest

from benchmarks import goals, report
from benchmarks.queries import queries

NAMES = [query.name for query in queries()]
FACTS = {"quads": 999_990, "claims": 13_000, "seed": 1, "from": "0123456789abcdef"}


def crowd(rate: float, errors: int = 0, **more: Any) -> dict[str, Any]:
    return {"rate": rate, "errors": errors, "generator": 0.2, **more}


def found(milliseconds: float, rate: float = 0, resident: int = 0, **more: Any) -> dict[str, Any]:
    times = [milliseconds / 1000] * 3
    asked = {name: {"rows": 3, "digest": "d", "cold": times, "warm": times, "first": 1.0} for name in NAMES}
    crowds = {f"{kind} {n}": crowd(rate) for kind in ("mix", "look-ups") for n in (8, 64)} if rate else {}
    memory = {"rss": resident, "pss": resident // 2, "greatest": resident}
    base = {"key": {"version": "1", "effort": {"runs": 21}}, "begun": "2026-01-02T", "ended": "2026-01-03T"}
    return {
        **base,
        "load": {"seconds": 1.0},
        "loaded": memory,
        "pressed": memory,
        "queries": asked,
        "crowds": crowds,
        **more,
    }


def verdicts(peers: dict[str, Any], corpus: str = "1m") -> dict[str, set[bool | None]]:
    kept: dict[str, set[bool | None]] = {}
    for goal in goals.goals({corpus: peers}):
        kept.setdefault(goal.key, set()).add(goal.reached)
    return kept


def peers() -> dict[str, Any]:
    return {
        "ascribe": found(3, 1000, 399_000_000),
        "pyoxigraph": found(1),
        "oxigraph": found(1, 999),
        "virtuoso": found(5, 500),
        "rdflib": found(61, 10),
    }


def test_all_goals_can_be_reached() -> None:
    assert verdicts(peers()) == {name: {True} for name in ("limit", "rdflib", "mix", "look-ups", "resident")}


@pytest.mark.parametrize(
    ("goal", "peer", "changed"),
    [
        ("limit", "ascribe", found(3.16, 1000, 1)),
        ("rdflib", "rdflib", found(59, 10)),
        ("mix", "ascribe", found(3, 999, 1)),
        ("mix", "ascribe", found(3, crowds={f"{k} {n}": crowd(2000, 1) for k in ("mix", "look-ups") for n in (8, 64)})),
        ("look-ups", "oxigraph", found(1, 3334)),
        ("resident", "ascribe", found(3, 1000, 400_000_000)),
    ],
)
def test_each_goal_can_be_missed(goal: str, peer: str, changed: dict[str, Any]) -> None:
    assert False in verdicts({**peers(), peer: changed})[goal]


def test_what_was_not_measured_is_neither() -> None:
    assert verdicts({"ascribe": found(3)}) == {
        "limit": {None}, "rdflib": {None}, "mix": {None}, "look-ups": {None}, "resident": {True},
    }  # fmt: skip
    other = found(1, crowds={f"mix {n}": crowd(9, without=["predictions"]) for n in (8, 64)})
    assert verdicts({**peers(), "oxigraph": other, "virtuoso": other})["mix"] == {None}


def test_a_query_of_ours_that_fails_is_a_goal_missed() -> None:
    failing = found(1)
    failing["queries"][NAMES[0]] = {"error": "504"}
    assert verdicts({**peers(), "ascribe": failing})["limit"] == {False}


def test_a_query_that_ran_out_of_time_counts_with_that_time() -> None:
    slow = found(60.0)
    slow["queries"][NAMES[0]] = {"error": "no answer in 60 s", "overdue": 60.0}
    told = next(goal for goal in goals.goals({"1m": {**peers(), "rdflib": slow}}) if goal.key == "rdflib")
    assert told.told.startswith(f"{(20 ** (len(NAMES) - 1) * 20_000) ** (1 / len(NAMES)):.1f} ×, at least: 1 ")


def test_the_document_names_what_is_missing_and_where_answers_differ() -> None:
    differing = found(5, 500)
    differing["queries"][NAMES[0]] |= {"digest": "other", "rows": 4}
    differing["queries"][NAMES[1]] = {"error": "500 a | b"}
    missing = {"title": "T", "missing": "oxigraph is not there", "key": {}}
    text = report.compose({"1m": {**peers(), "virtuoso": differing, "oxigraph": missing}}, {"1m": FACTS}, "a machine")
    assert "| Oxigraph's server | **missing**: oxigraph is not there |" in text
    assert f"- Virtuoso 7, {NAMES[0]}: another answer, 4 rows in place of 3" in text
    assert f"- Virtuoso 7, {NAMES[1]}: 500 a   b" in text
    assert "5.0 / 5.0 ≠" in text
    assert "999,990 quads, 13,000 claims, seed 1; build `0123456789ab`." in text
    assert "2026-01-02 to 2026-01-03" in text


def test_tables_have_as_many_cells_in_every_row() -> None:
    text = report.compose({"1m": peers()}, {"1m": FACTS}, "a machine")
    for block in text.split("\n\n"):
        lines = [line for line in block.splitlines() if line.startswith("|")]
        assert len({line.count("|") for line in lines}) <= 1, block


def test_only_the_part_on_the_endpoint_is_replaced(tmp_path: Path) -> None:
    document, results = tmp_path / "benchmarks.md", tmp_path / "results"
    (results / "1m").mkdir(parents=True)
    (results / "1m" / "corpus.json").write_text(json.dumps(FACTS), "utf-8")
    for name, each in peers().items():
        (results / "1m" / f"{name}.json").write_text(json.dumps(each), "utf-8")
    document.write_text("# Benchmarks\n\n## Build\n\nkept\n\n## Endpoint\n\noutdated\n", "utf-8")
    report.write(document, results)
    once = document.read_text("utf-8")
    assert once.startswith("# Benchmarks\n\n## Build\n\nkept\n\n## Endpoint\n\n`make bench`, ")
    assert "outdated" not in once
    report.write(document, results)
    assert document.read_text("utf-8") == once
