"""Compares two editions record by record."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping

    from kg.diff.reading import Edition, Fields, Withdrawal

_NAMES = ("prefLabel", "altLabel")


@dataclass(frozen=True, slots=True)
class Change:
    """Says what one field of a record lost and gained."""

    field: str
    before: tuple[str, ...]
    after: tuple[str, ...]


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
        chosen = (
            Recoded(each.id, each.text, tuple(change for change in each.changes if change.field == "figure"))
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
    return Changes(
        _named(old),
        _named(new),
        tuple((name, _text(new.claims[name])) for name in added),
        tuple((name, _text(old.claims[name]), new.withdrawn[name]) for name in withdrawn),
        tuple((name, _text(old.claims[name])) for name in sorted(gone - new.withdrawn.keys())),
        tuple((name, _text(new.claims[name])) for name in restored),
        _recoded(old.claims, new.claims, {name: _text(fields) for name, fields in new.claims.items()}),
        tuple((name, new.labels.get(name, "")) for name in sorted(new.entities.keys() - old.entities.keys())),
        merged,
        dropped,
        _recoded(old.entities, new.entities, new.labels),
        _recoded(old.references, new.references, {}),
    )


def _named(edition: Edition) -> str:
    return f"{edition.origin} (version {edition.version})" if edition.version else edition.origin


def _text(fields: Fields) -> str:
    return next(iter(fields.get("text", ())), "")


def _recoded(old: Mapping[str, Fields], new: Mapping[str, Fields], texts: Mapping[str, str]) -> tuple[Recoded, ...]:
    found = []
    for name in sorted(old.keys() & new.keys()):
        before, after = old[name], new[name]
        if before == after:
            continue
        changes = tuple(_change(field, before, after) for field in sorted(before.keys() | after.keys()))
        found.append(Recoded(name, texts.get(name, ""), tuple(each for each in changes if each is not None)))
    return tuple(found)


def _change(field: str, before: Fields, after: Fields) -> Change | None:
    was, now = before.get(field, ()), after.get(field, ())
    lost = tuple(value for value in was if value not in now)
    gained = tuple(value for value in now if value not in was)
    return Change(field, lost, gained) if lost or gained else None


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
