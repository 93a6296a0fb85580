"""Maps numbers to places in a drawing: positions are percentages of its width, so that it fits a phone and a desk."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence

_LEFT, _RIGHT = 7.0, 90.0  # where a scale begins and ends; arrows have room beside it
_SPREAD = 50  # a scale is logarithmic where the greatest number is more than this many times the least


@dataclass(frozen=True, slots=True)
class Tick:
    """Marks a number on a scale."""

    at: float
    label: str


@dataclass(frozen=True, slots=True)
class Scale:
    """Maps numbers to percentages of a drawing's width."""

    low: float
    high: float
    logarithmic: bool

    @classmethod
    def over(cls, numbers: Sequence[float], *, percent: bool = False) -> Scale:
        """Return the scale for some numbers: from nought on, or logarithmic where they spread far."""
        least, greatest = min(numbers), max(numbers)
        if percent and least >= 0 and greatest <= 100:
            return cls(0, 100, logarithmic=False)
        if least > 0 and greatest / least > _SPREAD:
            return cls(10 ** math.floor(math.log10(least)), 10 ** math.ceil(math.log10(greatest)), logarithmic=True)
        low = min(0.0, least)
        step = _step((greatest - low) or 1)
        return cls(math.floor(low / step) * step, (math.ceil(greatest / step) or 1) * step, logarithmic=False)

    def at(self, number: float) -> float:
        """Return where a number lies."""
        ends = (self.low, self.high)
        low, high, given = (math.log10(each) for each in (*ends, number)) if self.logarithmic else (*ends, number)
        return round(_LEFT + (_RIGHT - _LEFT) * (given - low) / (high - low), 2)

    def ticks(self) -> tuple[Tick, ...]:
        """Return three to six marks."""
        if self.logarithmic:
            low, high = round(math.log10(self.low)), round(math.log10(self.high))
            every = max(1, math.ceil((high - low) / 5))
            return tuple(Tick(self.at(10**power), _round(10**power)) for power in range(low, high + 1, every))
        step = _step(self.high - self.low)
        count = round((self.high - self.low) / step)
        return tuple(
            Tick(self.at(number), _round(number)) for number in (self.low + step * each for each in range(count + 1))
        )


def _step(length: float) -> float:
    """Return the distance of ticks, 1, 2, 2.5 or 5 times a power of ten, that cuts a length into three to five."""
    rough = length / 4
    power = 10 ** math.floor(math.log10(rough))
    return float(next(power * each for each in (1, 2, 2.5, 5, 10) if power * each >= rough * 0.999))


def _round(number: float) -> str:
    """Return a tick's number, short."""
    for size, name in ((1e9, " billion"), (1e6, " million")):
        if abs(number) >= size:
            return f"{number / size:g}{name}"
    return f"{number:,g}" if abs(number) < 1e5 else f"{number:,.0f}"
