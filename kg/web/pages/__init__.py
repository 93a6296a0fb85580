"""The pages, one module each: what a page shows (a frozen dataclass), how that is read, and its route.

A page's template has the name of its module. What several pages show stands in :mod:`kg.web.models`.
"""

from __future__ import annotations

from kg.web.pages import claim, claims, passage, questions, reference, references, section, source, things, work

BLUEPRINTS = (
    claims.blueprint,
    questions.blueprint,
    source.blueprint,
    references.blueprint,
    section.blueprint,
    passage.blueprint,
    reference.blueprint,
    work.blueprint,
    claim.blueprint,
    things.blueprint,
)
