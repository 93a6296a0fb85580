"""Cuts a query into its tokens as the grammar has them for reading them; :mod:`kg.store.syntax` reads for safety."""

from __future__ import annotations

import re

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
