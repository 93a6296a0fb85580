"""Carries offsets of the pinned text over to another extraction of it, by the passages that were located there."""

from __future__ import annotations

from bisect import bisect_right
from dataclasses import dataclass
from typing import TYPE_CHECKING

from kg.anchors.locating import rising

if TYPE_CHECKING:
    from collections.abc import Iterable

    from kg.anchors.locating import Located


@dataclass(frozen=True, slots=True)
class Alignment:
    """Holds offsets of the pinned text, rising, and the offsets of the other text that they stand at."""

    pinned: tuple[int, ...]
    other: tuple[int, ...]

    @classmethod
    def of(cls, located: Iterable[Located]) -> Alignment:
        """Return the alignment that the longest run of located passages gives which kept its order."""
        starts = {each.range.start: each.pieces[0].start for each in located if each.found}
        chain = rising(sorted(starts.items()))
        return cls(tuple(here for here, _ in chain), tuple(there for _, there in chain))

    def around(self, offset: int, length: int) -> tuple[int, int, int]:
        """Return where an offset of the pinned text is expected in the other one, after what and before what.

        `length` is the other text's; the three rise: low, expected, high.
        """
        at = bisect_right(self.pinned, offset)
        if at and self.pinned[at - 1] == offset:
            exact = self.other[at - 1]
            return exact, exact, exact
        if not at or at == len(self.pinned):  # before the first or after the last: the texts run on alike
            near = 0 if not at else -1
            expected = self.other[near] + offset - self.pinned[near] if self.pinned else offset
            expected = min(max(expected, 0), length)
            return (0, expected, self.other[0]) if not at and self.pinned else (expected, expected, length)
        low, high = self.other[at - 1], self.other[at]
        share = (offset - self.pinned[at - 1]) / (self.pinned[at] - self.pinned[at - 1])
        return low, low + round(share * (high - low)), high
