"""The project's exceptions: one root, a few kinds, each with its HTTP status and exit code.

An exception is for when the work cannot go on; a defect in the data that can be listed beside others is a
:class:`kg.findings.Finding`. One table at each edge (page, problem+json, exit code) reads `status` and `exit_code`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence

    from kg.findings import Finding


class AscribeError(Exception):
    """Root of all errors that the project raises on purpose; its text is meant for the user."""

    status = 500
    exit_code = 2
    title = "Error"


class InputError(AscribeError):
    """Says that a curated file is wrong, carrying every finding so that one run shows them all."""

    status = 422
    title = "The data has errors"

    def __init__(self, findings: Sequence[Finding]) -> None:
        self.findings = tuple(findings)
        super().__init__("\n".join(str(finding) for finding in self.findings))


class UsageError(AscribeError):
    """Says that the user asked for something that cannot be, and what to ask instead."""

    status = 400
    title = "Bad request"


class BuildError(AscribeError):
    """Says that a build could not be completed; the previous one stands untouched."""

    title = "The build failed"


class NotFoundError(AscribeError):
    """Says that no thing stands at an address."""

    status = 404
    title = "Not found"


class GoneError(NotFoundError):
    """Says that what stood at an address is kept here no more."""

    status = 410
    title = "No longer here"


class QueryError(AscribeError):
    """Says that a query is not SPARQL or cannot be answered as put, with its place where that is known.

    `line` and `column` count from 1; `excerpt` shows the line with a caret below the place; `hint` says what to do.
    """

    status = 400
    title = "The query is not valid"

    def __init__(
        self, message: str, *, line: int | None = None, column: int | None = None, excerpt: str = "", hint: str = ""
    ) -> None:
        self.message, self.line, self.column, self.excerpt, self.hint = message, line, column, excerpt, hint
        super().__init__("\n".join(filter(None, (message, excerpt, hint))))


class ForbiddenError(AscribeError):
    """Says that the endpoint does not do what was asked, ever (updates, federation)."""

    status = 403
    title = "Not allowed"


class LimitError(AscribeError):
    """Says which limit a query met; nothing was answered."""

    status = 503
    title = "A limit was reached"

    def __init__(self, message: str, retry_after: int | None = None) -> None:
        self.retry_after = retry_after  # seconds after which another try may go through
        super().__init__(message)


class OverdueError(LimitError):
    """Says that a query was stopped at its deadline."""

    status = 504
    title = "The query ran out of time"


class OverMemoryError(LimitError):
    """Says that a query was stopped because it needed too much memory."""

    title = "The query needs too much memory"


class TooLargeError(LimitError):
    """Says that a query, or the answer to it, is larger than it may be."""

    status = 413
    title = "Too large"


class BusyError(LimitError):
    """Says that too many queries wait already."""

    title = "The server is busy"


class ShareError(BusyError):
    """Says that one client has too many queries waiting."""

    status = 429
    title = "Too many queries at once"


class MissingPartError(AscribeError):
    """Says that a program or a file outside the project is needed and how to get it."""

    title = "Something is missing"
