"""Claims in one line, by number."""

import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from kg.store import lines


@pytest.mark.parametrize("numbers", [set(), {0}, {3, 17, 64}])
def test_bits_and_their_first_numbers(numbers: set[int]) -> None:
    bits = lines.bits(numbers)
    assert bits == sum(1 << number for number in numbers)
    assert list(lines.first(bits, 2)) == sorted(numbers)[:2]


def test_lines_are_read_in_any_number(drawn_index: Path) -> None:
    with closing(sqlite3.connect(drawn_index)) as connection:
        found = lines.read(connection, range(2000))
    assert len(found) == 11
    assert found[0].text == "The flood came on 3 March 1995."
