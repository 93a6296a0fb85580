"""Scales: where numbers lie, and the marks on the axis."""

import pytest

from kg.web.scales import Scale


def test_a_scale_begins_with_nought_and_ends_with_a_round_number() -> None:
    scale = Scale.over([3, 17])
    assert (scale.low, scale.high, scale.logarithmic) == (0, 20, False)
    assert [tick.label for tick in scale.ticks()] == ["0", "5", "10", "15", "20"]


def test_percentages_have_the_whole_as_their_scale() -> None:
    scale = Scale.over([0.5, 60], percent=True)
    assert [tick.label for tick in scale.ticks()] == ["0", "25", "50", "75", "100"]


def test_numbers_far_apart_have_a_logarithmic_scale() -> None:
    scale = Scale.over([350, 132170])
    assert scale.logarithmic
    assert [tick.label for tick in scale.ticks()] == ["100", "1,000", "10,000", "100,000", "1 million"]
    tens = [scale.at(10**power) for power in (3, 4, 5)]
    assert tens[1] - tens[0] == pytest.approx(tens[2] - tens[1], abs=0.02)


@pytest.mark.parametrize("numbers", [[0], [0, 5000], [-4, 3], [7], [0.02, 0.03], [6e10], [1, 1e12]])
def test_every_number_lies_between_the_ends_and_the_marks_are_few(numbers: list[float]) -> None:
    scale = Scale.over(numbers)
    assert all(7 <= scale.at(number) <= 90 for number in numbers)
    ticks = scale.ticks()
    assert 2 <= len(ticks) <= 7
    assert [tick.at for tick in ticks] == sorted(tick.at for tick in ticks)
    assert len({tick.label for tick in ticks}) == len(ticks)
