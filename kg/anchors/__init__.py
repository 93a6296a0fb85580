"""Fingerprints of passages: what a range of a text says, up to its typography, and where those letters stand.

Everything here is pure: texts come in as strings, offsets are Unicode code points, ends are exclusive. The project
keeps no sentence of a source, so a passage is known by where it stands in a pinned text and the hash of its letters.
"""

from kg.anchors.aligning import Alignment
from kg.anchors.letters import Mismatch, Range, fingerprint, normalise, verify
from kg.anchors.locating import Located, locate
from kg.anchors.quotes import QuoteError, cut_around, find_quote

__all__ = [
    "Alignment",
    "Located",
    "Mismatch",
    "QuoteError",
    "Range",
    "cut_around",
    "find_quote",
    "fingerprint",
    "locate",
    "normalise",
    "verify",
]
