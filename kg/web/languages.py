"""Names the languages that works and texts are in, by their ISO 639 codes."""

from __future__ import annotations

_NAMES = {
    "ar": "Arabic",
    "az": "Azerbaijani",
    "de": "German",
    "en": "English",
    "es": "Spanish",
    "fa": "Persian",
    "fr": "French",
    "he": "Hebrew",
    "hy": "Armenian",
    "it": "Italian",
    "ka": "Georgian",
    "nl": "Dutch",
    "pl": "Polish",
    "ru": "Russian",
    "tr": "Turkish",
    "uk": "Ukrainian",
    "und": "language not recorded",
}


def spoken(code: str) -> str:
    """Return the English name of a language, or its code where the name is not known here."""
    return _NAMES.get(code, code)
