"""What changed between two builds or releases, in the terms of the domain: claims, entities, figures, footnotes."""

from __future__ import annotations

from kg.diff.comparing import Changes, compare
from kg.diff.reading import Edition, read

__all__ = ["Changes", "Edition", "compare", "read"]
