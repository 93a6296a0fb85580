"""What a check asks, and what came out: principle by principle, with advice for whatever failed."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from kg.check.subject import Subject
    from kg.findings import Finding

AREAS = {"F": "Findable", "A": "Accessible", "I": "Interoperable", "R": "Reusable"}
_NOTE = "Whether its permanent addresses lead to a server on the web is not looked up."


@dataclass(frozen=True, slots=True)
class Check:
    """Names one thing that assessors look for, the FAIR principle that it serves, and what finds it wanting."""

    principle: str  # F1 to R1.3
    title: str
    run: Callable[[Subject], Iterator[Finding]]


@dataclass(frozen=True, slots=True)
class Result:
    """Holds what a check found; nothing means that it passed."""

    check: Check
    findings: tuple[Finding, ...]


@dataclass(frozen=True, slots=True)
class Report:
    """Holds the results of all checks on a version of a data set."""

    dataset: str
    version: str
    results: tuple[Result, ...]

    @property
    def passed(self) -> bool:
        """Return whether nothing was found wanting."""
        return not any(result.findings for result in self.results)

    def as_text(self) -> str:
        """Return the report for people."""
        lines = [f"{self.dataset}, version {self.version}, as a server on this machine gives it", _NOTE]
        for letter, area in AREAS.items():
            lines += ["", area]
            for result in self.results:
                if result.check.principle.startswith(letter):
                    lines += _lines(result)
        failed = sum(bool(result.findings) for result in self.results)
        end = f"{failed} of {len(self.results)} checks failed." if failed else f"All {len(self.results)} checks passed."
        return "\n".join([*lines, "", end]) + "\n"

    def as_dict(self) -> dict[str, Any]:
        """Return the report for programs."""
        results = [
            {
                "principle": result.check.principle,
                "title": result.check.title,
                "passed": not result.findings,
                "findings": [asdict(finding) for finding in result.findings],
            }
            for result in self.results
        ]
        return {"dataset": self.dataset, "version": self.version, "passed": self.passed, "results": results}


def _lines(result: Result) -> Iterator[str]:
    yield f"  {'FAIL' if result.findings else 'ok  '} {result.check.principle:<5} {result.check.title}"
    for finding in result.findings:
        node = f"{finding.node}: " if finding.node else ""
        yield f"       {node}{finding.message} [{finding.rule}]"
        yield f"           mend: {finding.advice}"
