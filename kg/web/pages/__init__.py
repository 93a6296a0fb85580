"""The pages, one module each: what a page shows (a frozen dataclass), how that is read, and its route.

A page's template has the name of its module. What several pages show stands in :mod:`kg.web.models`.
"""

from __future__ import annotations

from kg.web.pages import questions, things

BLUEPRINTS = (questions.blueprint, things.blueprint)
