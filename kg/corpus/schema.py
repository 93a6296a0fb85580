"""Checks curated values against `ontology/schemas/curated.schema.json` and words each fault for the curator."""

from __future__ import annotations

import difflib
import json
from typing import TYPE_CHECKING, Any

import jsonschema_rs

from kg.findings import Finding

if TYPE_CHECKING:
    from pathlib import Path

    from kg.corpus.yamlfile import Document, KeyPath


class Schemas:
    """Holds the compiled schema of every kind of curated file."""

    def __init__(self, path: Path) -> None:
        self._schema = json.loads(path.read_text(encoding="utf-8"))
        self._compiled: dict[str, jsonschema_rs.Draft202012Validator] = {}

    def check(self, document: Document, kind: str) -> list[Finding]:
        """Return a finding for each value of a file that does not fit the schema of its kind of file."""
        validator = self._compiled.get(kind)
        if validator is None:
            validator = jsonschema_rs.Draft202012Validator({**self._schema, "$ref": f"#/$defs/{kind}"})
            self._compiled[kind] = validator
        found: list[Finding] = []
        for error in validator.iter_errors(document.value):
            path: KeyPath = tuple(error.instance_path)
            found.extend(self._findings(document, path, error))
        return found

    def _findings(self, document: Document, path: KeyPath, error: Any) -> list[Finding]:
        details = error.kind.as_dict()
        schema = self._around(list(error.schema_path))
        advice = schema.get("description") or "See docs/data-format.md."
        node = record_id(document.value, path)
        where = dotted(path)

        def finding(rule: str, message: str, mend: str, at: KeyPath) -> Finding:
            return Finding(rule, "violation", message, mend, node, document.file, document.line(at))

        match error.kind.name:
            case "additionalProperties":
                known = sorted(schema.get("properties", {}))
                return [
                    finding("unknown-key", f"unknown key {key}", _nearest(key, known), (*path, key))
                    for key in details["unexpected"]
                ]
            case "required":
                key = details["property"]
                return [finding("missing-key", f"{where} has no {key}", advice, path)]
            case "falseSchema" if path[-1:] == ("quote",):
                mend = f"Run: kg anchors fix --text <source>=FILE {document.file}"
                return [finding("quote-left", "a drafted quote is left", mend, path)]
            case "type":
                value = _shown(_at(document.value, path))
                return [finding("wrong-type", f"{where} is {value}, which is not of the right type", advice, path)]
            case "pattern" | "enum" | "minLength" | "minItems" | "minProperties":
                value = _shown(_at(document.value, path))
                return [finding("wrong-value", f"{where} is {value}", advice, path)]
            case _:
                return [finding("wrong-value", f"{where}: {error.message}", advice, path)]

    def _around(self, steps: list[str | int]) -> dict[str, Any]:
        """Return the schema in which the failing keyword stands, following `$ref`."""
        here: Any = self._schema
        parents: list[dict[str, Any]] = [here]
        for step in steps:
            if isinstance(here, dict) and step == "$ref":
                here = self._schema["$defs"][here["$ref"].rsplit("/", 1)[1]]
            elif isinstance(here, dict):
                here = here.get(str(step), {})
            elif isinstance(here, list):
                here = here[int(step)]
            if isinstance(here, dict):
                parents.append(here)
        described = [each for each in reversed(parents) if "description" in each]
        innermost = parents[-1]
        if "properties" in innermost or not described:
            return innermost
        return {**described[0], **innermost}


def record_id(value: Any, path: KeyPath) -> str | None:
    """Return the id of the innermost record around a path that has one."""
    found = None
    for step in (*path, None):
        if isinstance(value, dict) and isinstance(value.get("id"), str):
            found = value["id"]
        if step is None:
            break
        try:
            value = value[step]
        except (KeyError, IndexError, TypeError):
            break
    return found


def dotted(path: KeyPath) -> str:
    """Return a path inside its record as a curator would say it, such as `figures[0].value`."""
    first = next((at for at, step in enumerate(path) if isinstance(step, int)), -1)
    inside = path[first + 1 :]
    words = "".join(f"[{step}]" if isinstance(step, int) else f".{step}" for step in inside)
    return words.lstrip(".") or "the record"


def _at(value: Any, path: KeyPath) -> Any:
    for step in path:
        value = value[step]
    return value


def _shown(value: Any) -> str:
    text = json.dumps(value, ensure_ascii=False, default=str)
    return text if len(text) <= 80 else f"{text[:77]}…"


def _nearest(word: str, known: list[str]) -> str:
    near = difflib.get_close_matches(word, known, 1)
    return f"Did you mean {near[0]}?" if near else f"Delete it; the keys here are {', '.join(known)}."
