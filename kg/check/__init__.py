"""Checks a build as assessors of FAIR data do, on a local server and without a network.

serving (the server that is asked) → visiting (requests, links) → subject (what is checked) → identifiers, description,
rights, files (the checks, each a function that yields findings) → report (what came out).
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from kg.check import description, files, identifiers, rights
from kg.check.report import Check, Report, Result
from kg.check.serving import served
from kg.check.subject import Subject

if TYPE_CHECKING:
    from collections.abc import Callable

    from kg.config import Config

CHECKS: tuple[Check, ...] = (*identifiers.CHECKS, *description.CHECKS, *files.CHECKS, *rights.CHECKS)


def run(config: Config, step: Callable[[str], None] = lambda _: None) -> Report:
    """Serve the current build on a free port of this machine, check it and return what came out.

    Raises BuildError where there is no build, or one without a release.
    """
    with served(config) as root:
        subject = Subject.of(config, root)
        results = []
        for check in sorted(CHECKS, key=lambda each: each.principle):
            step(check.title)
            results.append(Result(check, tuple(check.run(subject))))
        return Report(subject.description.base, subject.description.version, tuple(results))
