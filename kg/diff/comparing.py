"""Compares two editions record by record."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from kg.diff.reading import Edition, Fields, Withdrawal

_NAMES = ("prefLabel", "altLabel")


@dataclass(frozen=True, slots=True)
class Change:
    """Says what one field of a record lost and gained.

    Where a part of the record (a figure, a statement, a passage) changed, the part as a whole is in `before` and
    `after`, and `within` says which of its own fields did.
    """

    field: str
    before: tuple[str, ...]
    after: tuple[str, ...]
    within: tuple[Change, ...] = ()


@dataclass(frozen=True, slots=True)
class Recoded:
    """Names a record that is there before and after, with the fields that changed."""

    id: str
    text: str  # what the claim says now, or the entity's name
    changes: tuple[Change, ...]


@dataclass(frozen=True, slots=True)
class Changes:
    """Holds all differences of two editions.

    `vanished` are claims that are gone without having been withdrawn, which no release may do; `merged` tells which
    entity bears the name of one that is gone.
    """

    before: str
    after: str
    added: tuple[tuple[str, str], ...]  # id, text
    withdrawn: tuple[tuple[str, str, Withdrawal], ...]  # id, what it said, when and why
    vanished: tuple[tuple[str, str], ...]
    restored: tuple[tuple[str, str], ...]
    recoded: tuple[Recoded, ...]
    entities_added: tuple[tuple[str, str], ...]
    entities_merged: tuple[tuple[str, str, str], ...]  # id that is gone, its name, id that has its name now
    entities_gone: tuple[tuple[str, str], ...]
    entities_changed: tuple[Recoded, ...]
    references_changed: tuple[Recoded, ...]

    @property
    def figures(self) -> tuple[Recoded, ...]:
        """Return the claims whose figures changed, with those changes alone."""
        return self._recoded(figures=True)

    @property
    def others(self) -> tuple[Recoded, ...]:
        """Return the claims of which something else than a figure changed, with those changes alone."""
        return self._recoded(figures=False)

    def _recoded(self, *, figures: bool) -> tuple[Recoded, ...]:
        chosen = (
            Recoded(each.id, each.text, tuple(one for one in each.changes if (one.field == "figure") is figures))
            for each in self.recoded
        )
        return tuple(each for each in chosen if each.changes)

    @property
    def any(self) -> bool:
        """Return whether anything differs."""
        return any(getattr(self, name) for name in self.__slots__ if name not in ("before", "after"))


def compare(old: Edition, new: Edition) -> Changes:
    """Return what changed from one edition to the other, each list in the order of the ids."""
    gone = old.claims.keys() - new.claims.keys()
    withdrawn = sorted(gone & new.withdrawn.keys())
    added = sorted(new.claims.keys() - old.claims.keys() - old.withdrawn.keys())
    restored = sorted(new.claims.keys() & old.withdrawn.keys())
    merged, dropped = _left(old, new)
    parts = {**old.parts, **new.parts}
    return Changes(
        _named(old),
        _named(new),
        tuple((name, _text(new.claims[name])) for name in added),
        tuple((name, _text(old.claims[name]), new.withdrawn[name]) for name in withdrawn),
        tuple((name, _text(old.claims[name])) for name in sorted(gone - new.withdrawn.keys())),
        tuple((name, _text(new.claims[name])) for name in restored),
        _recoded(old.claims, new.claims, {name: _text(fields) for name, fields in new.claims.items()}, parts),
        tuple((name, new.labels.get(name, "")) for name in sorted(new.entities.keys() - old.entities.keys())),
        merged,
        dropped,
        _recoded(old.entities, new.entities, new.labels, parts),
        _recoded(old.references, new.references, {}, parts),
    )


def _named(edition: Edition) -> str:
    return f"{edition.origin} (version {edition.version})" if edition.version else edition.origin


def _text(fields: Fields) -> str:
    return next(iter(fields.get("text", ())), "")


def _recoded(
    old: Mapping[str, Fields], new: Mapping[str, Fields], texts: Mapping[str, str], parts: Mapping[str, Fields]
) -> tuple[Recoded, ...]:
    return tuple(
        Recoded(name, texts.get(name, ""), tuple(_differences(old[name], new[name], parts)))
        for name in sorted(old.keys() & new.keys())
        if old[name] != new[name]
    )


def _differences(before: Fields, after: Fields, parts: Mapping[str, Fields]) -> Iterator[Change]:
    """Yield what changed field by field; a part that became another much like it is told by its own fields."""
    for field in sorted(before.keys() | after.keys()):
        was, now = before.get(field, ()), after.get(field, ())
        lost = [value for value in was if value not in now]
        gained = [value for value in now if value not in was]
        for one, other in _pairs(lost, gained, parts):
            lost.remove(one)
            gained.remove(other)
            yield Change(field, (one,), (other,), tuple(_differences(parts[one], parts[other], parts)))
        if lost or gained:
            yield Change(field, tuple(lost), tuple(gained))


def _pairs(lost: list[str], gained: list[str], parts: Mapping[str, Fields]) -> list[tuple[str, str]]:
    """Return which part became which: of those that share at least half of the fields, the most alike first."""
    shared = {
        (one, other): sum(parts[other].get(name) == values for name, values in parts[one].items())
        for one in lost
        for other in gained
        if one in parts and other in parts
    }
    found: dict[str, str] = {}
    for one, other in sorted(shared, key=lambda pair: (-shared[pair], pair)):
        alike = 2 * shared[one, other] >= min(len(parts[one]), len(parts[other]))
        if alike and one not in found and other not in found.values():
            found[one] = other
    return list(found.items())


def _left(old: Edition, new: Edition) -> tuple[tuple[tuple[str, str, str], ...], tuple[tuple[str, str], ...]]:
    """Return the entities that are gone: those whose name another of the same kind bears now, and the others."""
    bearers: dict[tuple[str, str], str] = {}
    for name, fields in new.entities.items():
        for label in _labels(fields):
            bearers.setdefault((name.split("/")[0], label), name)
    merged, dropped = [], []
    for name in sorted(old.entities.keys() - new.entities.keys()):
        kind, shown = name.split("/")[0], old.labels.get(name, "")
        into = next((bearers[kind, each] for each in _labels(old.entities[name]) if (kind, each) in bearers), None)
        if into is None:
            dropped.append((name, shown))
        else:
            merged.append((name, shown, into))
    return tuple(merged), tuple(dropped)


def _labels(fields: Fields) -> tuple[str, ...]:
    return tuple(label for name in _NAMES for label in fields.get(name, ()))
