"""The one shape of a defect in the data, whichever checker saw it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

if TYPE_CHECKING:
    from collections.abc import Iterable

Severity = Literal["violation", "warning", "info"]


@dataclass(frozen=True, slots=True)
class Finding:
    """Names one defect: what is wrong with which node, where it stands, and how to mend it.

    `line` counts from 1; it and `file` are None where the defect has no place in a file.
    """

    rule: str
    severity: Severity
    message: str
    advice: str
    node: str | None = None
    file: str | None = None
    line: int | None = None

    def __str__(self) -> str:
        place = f"{self.file}:{self.line}: " if self.file and self.line else f"{self.file}: " if self.file else ""
        node = f"{self.node}: " if self.node else ""
        return f"{place}{self.severity}: {node}{self.message} [{self.rule}]\n    mend: {self.advice}"


def in_order(findings: Iterable[Finding]) -> list[Finding]:
    """Return findings without repeats, sorted by file, line, node, rule and message, so that runs can be compared."""
    key = lambda f: (f.file or "", f.line or 0, f.node or "", f.rule, f.message)  # noqa: E731 - one use, reads best here
    return sorted(set(findings), key=key)


def worst(findings: Iterable[Finding]) -> Severity | None:
    """Return the gravest severity among findings, or None where there is none."""
    found = {finding.severity for finding in findings}
    return next((severity for severity in ("violation", "warning", "info") if severity in found), None)
