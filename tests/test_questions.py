"""Each question of `queries/examples/` is put to the real build; the answer must be what a reader of the report finds.

An answer file, `answers/<name>.yaml`, was worked out by hand from the report. Each of its rows gives some columns:
`contains` are rows that must be there, `rows` all rows that there are (on the columns that they give), `absent` rows
that must not be there, and `count` is how many there are. IRIs are short (`actor/armenia`, `framing/occupation`, and
`signed` for a relation), a value between slashes is a regular expression, and an empty string is an empty cell.
"""

import json
import re
from collections.abc import Iterator
from decimal import Decimal, InvalidOperation
from pathlib import Path
from typing import Any

import pytest
import yaml

from kg.config import Config
from kg.store.answering import open_engine
from kg.store.engine import Engine
from kg.vocab import ASC, SCHEMES
from kg.web.queries import read_all
from tests.conftest import REPO

QUESTIONS = read_all(REPO / "queries" / "examples")
ANSWERS = Path(__file__).parent / "answers"
AT_LEAST = 63
SECONDS = 2.0

Row = dict[str, str]


@pytest.fixture(scope="module")
def engine(built: Config) -> Iterator[Engine]:
    found = open_engine(built)
    yield found
    found.close()


def table(answer: bytes, base: str) -> list[Row]:
    """The rows of an answer in SPARQL's JSON, with short IRIs; a cell without a value is empty."""
    found = json.loads(answer)
    names = found["head"]["vars"]
    rows: list[Row] = []
    for binding in found["results"]["bindings"]:
        cells = {name: binding.get(name, {}).get("value", "") for name in names}
        rows.append({name: short(cell, base) for name, cell in cells.items()})
    return rows


def short(cell: str, base: str) -> str:
    return next((cell.removeprefix(start) for start in (base, ASC, SCHEMES) if cell.startswith(start)), cell)


def fits(row: Row, wanted: dict[str, Any]) -> bool:
    return all(same(row[name], str(value)) for name, value in wanted.items())


def same(cell: str, wanted: str) -> bool:
    if len(wanted) > 1 and wanted[0] == wanted[-1] == "/":
        return re.search(wanted[1:-1], cell) is not None
    try:
        return cell == wanted or Decimal(cell) == Decimal(wanted)
    except InvalidOperation:
        return False


def faults(rows: list[Row], wanted: dict[str, Any]) -> list[str]:
    """What is wrong with the rows of an answer, in words."""
    exact = wanted.get("rows", [])
    named = {name for part in ("contains", "rows", "absent") for row in wanted.get(part, []) for name in row}
    if unknown := sorted(named - (rows[0].keys() if rows else named)):
        return [f"has no column {', '.join(unknown)}"]
    found = [
        f"misses {row}" for row in [*wanted.get("contains", []), *exact] if not any(fits(each, row) for each in rows)
    ]
    found += [f"has {row}" for row in wanted.get("absent", []) if any(fits(each, row) for each in rows)]
    found += [f"has also {each}" for each in rows if exact and not any(fits(each, row) for row in exact)]
    if "count" in wanted and len(rows) != wanted["count"]:
        found.append(f"has {len(rows)} rows, not {wanted['count']}")
    return found


@pytest.mark.parametrize("name", QUESTIONS)
def test_the_answer_is_what_a_reader_of_the_report_finds(name: str, engine: Engine) -> None:
    with engine.query(QUESTIONS[name].text) as answer:
        rows = table(answer.read(), engine.build().base)
        assert answer.seconds < SECONDS
    wanted = yaml.safe_load((ANSWERS / f"{name}.yaml").read_text(encoding="utf-8"))
    assert wanted.keys() <= {"contains", "rows", "absent", "count"}
    assert rows
    assert "\n".join(faults(rows, wanted)) == ""


def test_each_question_has_an_answer_and_each_answer_a_question() -> None:
    assert {path.stem for path in ANSWERS.glob("*.yaml")} == QUESTIONS.keys()
    assert len(QUESTIONS) >= AT_LEAST


def test_each_question_has_a_head_and_a_title_of_its_own() -> None:
    assert all(each.title.endswith("?") and each.description and each.tags for each in QUESTIONS.values())
    assert len({each.title for each in QUESTIONS.values()}) == len(QUESTIONS)


def test_the_rows_of_each_answer_have_an_order() -> None:
    assert [each.name for each in QUESTIONS.values() if "\nORDER BY " not in each.text] == []
