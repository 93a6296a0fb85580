"""Answers one query on the project's own build, for a program that then ends."""

from __future__ import annotations

from typing import TYPE_CHECKING

from kg.errors import UsageError
from kg.formats import by_key
from kg.store.embedded import EmbeddedEngine
from kg.store.syntax import scan

if TYPE_CHECKING:
    from kg.config import Config
    from kg.store.engine import Engine

TABLE_KEYS = ("json", "xml", "csv", "tsv")
GRAPH_KEYS = ("turtle", "ntriples", "rdfxml", "jsonld")


def open_engine(config: Config) -> Engine:
    """Return the engine on the project's current build; raises MissingPartError where there is none."""
    engine = EmbeddedEngine(config.build / "current", config.limits)
    engine.build()
    return engine


def answer(config: Config, text: str, form: str | None = None, timeout: float | None = None) -> bytes:
    """Return the answer in a format by key (for None: JSON for tables, Turtle for graphs).

    Raises UsageError where the format cannot carry the answer, besides what queries raise.
    """
    keys = GRAPH_KEYS if scan(text).form in ("construct", "describe") else TABLE_KEYS
    if form is not None and form not in keys:
        known = by_key(form)
        raise UsageError(f"{known.label if known else form} cannot carry this answer. Use one of: {', '.join(keys)}.")
    engine = open_engine(config)
    try:
        with engine.query(text, table=form or "json", graph=form or "turtle", timeout=timeout) as found:
            return found.read()
    finally:
        engine.close()
