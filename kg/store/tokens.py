"""Cuts a query into its tokens as the grammar has them for reading them; :mod:`kg.store.syntax` reads for safety."""

from __future__ import annotations

import re
from urllib.parse import urljoin

OPENING, CLOSING = frozenset("({["), frozenset(")}]")
TOKEN = re.compile(
    r"""
    (?P<comment>\#[^\r\n]*+)
  | (?P<string>\"\"\"(?:[^"\\]|\\.|"(?!""))*+\"\"\" | '''(?:[^'\\]|\\.|'(?!''))*+''' | "(?:[^"\\\r\n]|\\.)*+" | '(?:[^'\\\r\n]|\\.)*+')
  | (?P<iri><[^<>"{}|^`\\\x00-\x20]*+>)
  | (?P<variable>[?$]\w++)
  | (?P<blank>_:\w(?:[\w.\-·]*[\w\-·])?)
  | (?P<language>@[A-Za-z]++(?:-++[A-Za-z0-9]++)*+)
  | (?P<name>(?:[^\W\d_](?:[\w.\-]*[\w\-])?)?:(?:(?:[\w:]|%[0-9A-Fa-f]{2}|\\[_~.\-!$&'()*+,;=/?\#@%])(?:(?:[\w:.\-·]|%[0-9A-Fa-f]{2}|\\[_~.\-!$&'()*+,;=/?\#@%])*(?:[\w:\-·]|%[0-9A-Fa-f]{2}|\\[_~.\-!$&'()*+,;=/?\#@%]))?)?)
  | (?P<number>[+-]?(?:\d+\.?\d*[eE][+-]?\d+|\.\d+[eE][+-]?\d+|\d*\.\d+|\d+))
  | (?P<word>[A-Za-z_]\w*+)
  | (?P<sign>\^\^|&&|\|\||!=|<=|>=|[{}()\[\].;,/|*+?!=<>^-])
    """,  # noqa: E501 - one token a line reads best
    re.VERBOSE | re.DOTALL,
)
_SCHEME = re.compile(r"[A-Za-z][A-Za-z0-9+.-]*:")


def absolute(base: str, iri: str) -> str:
    """Return an IRI resolved against a base; one that has a scheme stays as it is, to its last sign."""
    if not base or _SCHEME.match(iri):
        return iri
    return urljoin(base, iri) + ("#" if iri.endswith("#") else "")  # the library drops an empty fragment
