"""The pages, one module each: what a page shows (a frozen dataclass), how that is read, and its route.

A page's template has the name of its module. What several pages show stands in :mod:`kg.web.models`.
"""

from __future__ import annotations

from kg.web.pages import (
    claim,
    claims,
    crawling,
    description,
    downloads,
    figures,
    graph,
    health,
    kinds,
    nanopub,
    network,
    ontology,
    overview,
    part,
    passage,
    questions,
    reference,
    references,
    search,
    section,
    source,
    thing,
    timeline,
    work,
)
from kg.web.pages import map as atlas

BLUEPRINTS = (
    overview.blueprint,
    downloads.blueprint,
    description.blueprint,
    crawling.blueprint,
    claims.blueprint,
    search.blueprint,
    claim.blueprint,
    questions.blueprint,
    source.blueprint,
    references.blueprint,
    section.blueprint,
    passage.blueprint,
    reference.blueprint,
    work.blueprint,
    atlas.blueprint,
    timeline.blueprint,
    figures.blueprint,
    graph.blueprint,
    network.blueprint,
    ontology.blueprint,
    kinds.blueprint,
    thing.blueprint,
    health.blueprint,
    part.blueprint,
    nanopub.blueprint,
)
