"""Words what a search was widened by: the other names of what was named."""

from __future__ import annotations

from typing import TYPE_CHECKING

from kg.web.models import Widened

if TYPE_CHECKING:
    from collections.abc import Sequence

    from kg.store.spellings import Also
    from kg.web.site import Site


def widened(site: Site, also: Sequence[Also], verbatim: str) -> Widened | None:
    """Return under which other names was searched, or None where no name was typed; `verbatim` is an address."""
    if not also:
        return None
    names = dict.fromkeys(name for each in also for name in each.names)
    things = [each.iri for each in also]
    site.learn(things)
    return Widened(tuple(names), tuple(site.link(iri, site.kind(iri)) for iri in things), verbatim)
