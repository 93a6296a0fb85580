"""Filters a page by facets of the claims: parameters → bitset of the claims chosen, menus, and conditions in SPARQL."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from kg.errors import UsageError
from kg.store.choice import PATHS, Choice
from kg.store.facets import Facets
from kg.web.menus import SHOWN, Menu, Option

if TYPE_CHECKING:
    from collections.abc import Mapping

    from kg.web.site import Site

TITLES = {"kind": "Kind of claim", "speaker": "Speaker", "place": "Place", "about": "About", "topic": "Topic"}


@dataclass(frozen=True, slots=True)
class Sifted:
    """Holds what the parameters of a page choose: the claims as a bitset, its menus, and the same in SPARQL."""

    chosen: int
    choice: Choice
    menus: tuple[Menu, ...]
    conditions: tuple[str, ...]


def sift(
    site: Site,
    given: Mapping[str, str],
    names: tuple[str, ...],
    among: int = -1,
    since: int | None = None,
    until: int | None = None,
) -> Sifted:
    """Return what the parameters named choose of the claims in the bitset `among` (-1: all).

    Raises UsageError for a value that no claim has.
    """
    values = {name: (given[name],) for name in names if given.get(name)}
    choice = Choice("", values, since, until)
    with Facets(site.build().search) as facets:
        for name, (key,) in values.items():
            if not facets.known(name, key):
                raise UsageError(f"{TITLES[name]}: no claim has “{key}”. Choose from the menu.")
        counted = {name: facets.counts(choice, name, SHOWN, among) for name in names}
        chosen = facets.chosen(choice) & among
    site.learn(value.iri for each in counted.values() for value in each.values)
    menus = tuple(
        Menu(
            name,
            TITLES[name],
            tuple(Option(value.key, site.label(value.iri).text, value.count, value.chosen) for value in each.values),
            max(0, each.known - SHOWN) if len(each.values) >= SHOWN else 0,
        )
        for name, each in counted.items()
    )
    iris = {name: value.iri for name, each in counted.items() for value in each.values if value.chosen}
    conditions = tuple(f"?claim {PATHS[name]} <{iri}> ." for name, iri in iris.items())
    return Sifted(chosen, choice, menus, conditions)
