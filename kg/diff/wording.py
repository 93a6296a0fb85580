"""Words the changes between two editions: as text for a terminal, as JSON, as an HTML page that needs nothing else."""

from __future__ import annotations

import html
import json
import re
from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

    from kg.diff.comparing import Change, Changes, Recoded

_STYLE = (
    ":root{color-scheme:light dark;--gone:#f6d9d5;--come:#d8ecd6}"
    "@media(prefers-color-scheme:dark){:root{--gone:#5a2620;--come:#1f4a26}}"
    "body{font:1rem/1.5 system-ui,sans-serif;max-width:60rem;margin:2rem auto;padding:0 1rem;overflow-wrap:anywhere}"
    "h1{margin-bottom:.5rem}h2{font-size:1.25rem;margin:2.5rem 0 0}nav ul{padding:0;list-style:none}"
    "dt{margin-top:1rem}dt b{font-weight:600}dt code,.field{font-size:.85rem;opacity:.75}dt code{display:block}"
    "dd{margin:.15rem 0 0 1rem}del,ins{text-decoration:none;padding:.05em .3em;border-radius:.2em;color:inherit}"
    "del{background:var(--gone)}del::before{content:'− '}ins{background:var(--come)}ins::before{content:'+ '}"
)
_WORDS = {"prefLabel": "name", "altLabel": "other name", "inSection": "section", "hasSelector": "offset"}
_WIDTH = 100  # what does not fit into a line so long has a line for what is gone and one for what has come


@dataclass(frozen=True, slots=True)
class _Entry:
    """Tells one record: its id, what it says or its name, what is said of it, and what changed in it."""

    id: str
    text: str
    said: tuple[tuple[str, str], ...] = ()
    changes: tuple[tuple[str, tuple[str, ...], tuple[str, ...]], ...] = ()  # field, what it lost, what it gained


def as_json(changes: Changes) -> str:
    """Return the changes as JSON, every list with all its members."""
    found = {**asdict(changes), "figures_changed": [asdict(each) for each in changes.figures]}
    return json.dumps(found, ensure_ascii=False, indent=1) + "\n"


def as_text(changes: Changes) -> str:
    """Return the changes as plain text, a heading a kind."""
    lines = [f"From {changes.before}", f"to   {changes.after}", ""]
    for heading, entries in _parts(changes):
        lines.append(f"{heading} ({len(entries)})")
        for each in entries:
            lines.append(f"  {each.id}  {each.text}".rstrip())
            lines += [f"    {name}: {value}" for name, value in each.said]
            for field, lost, gained in each.changes:
                lines += _told(field, lost, gained)
        lines.append("")
    if len(lines) == 3:
        lines.append("Nothing changed.\n")
    return "\n".join(lines)


def _told(field: str, lost: tuple[str, ...], gained: tuple[str, ...]) -> list[str]:
    """Return a change in a line, or each value in a line of its own."""
    if len(lost) == len(gained) == 1 and len(field + lost[0] + gained[0]) < _WIDTH:
        return [f"    {field}: {lost[0]} → {gained[0]}"]
    values = [*(f"- {value}" for value in lost), *(f"+ {value}" for value in gained)]
    if len(values) == 1 or len(field + "".join(values)) < _WIDTH:
        return [f"    {field}: {'  '.join(values)}"]
    return [f"    {field}:", *(f"      {value}" for value in values)]


def as_html(changes: Changes) -> str:
    """Return the changes as one HTML document."""
    say: Callable[[str], str] = html.escape
    body, parts = (
        [f"<h1>What changed</h1><p>From {say(changes.before)}<br>to {say(changes.after)}</p>"],
        _parts(changes),
    )
    listed = [(f"part-{number}", heading, entries) for number, (heading, entries) in enumerate(parts, 1)]
    for anchor, heading, entries in listed:
        body.append(f'<h2 id="{anchor}">{say(heading)} ({len(entries)})</h2><dl>')
        for each in entries:
            body.append(f"<dt><b>{say(each.text)}</b> <code>{say(each.id)}</code></dt>")
            body += [f'<dd><span class="field">{say(name)}</span> {say(value)}</dd>' for name, value in each.said]
            for field, lost, gained in each.changes:
                gone = " ".join(f"<del>{say(value)}</del>" for value in lost)
                come = " ".join(f"<ins>{say(value)}</ins>" for value in gained)
                body.append(f'<dd><span class="field">{say(field)}</span> {gone} {come}</dd>')
        body.append("</dl>")
    contents = "".join(f'<li><a href="#{anchor}">{say(heading)} ({len(part)})</a>' for anchor, heading, part in listed)
    body.insert(1, f"<nav><ul>{contents}</ul></nav>" if listed else "<p>Nothing changed.</p>")
    return (
        '<!doctype html>\n<html lang="en"><head><meta charset="utf-8"><title>What changed</title>'
        '<meta name="viewport" content="width=device-width, initial-scale=1">'
        f"<style>{_STYLE}</style></head><body>\n" + "\n".join(body) + "\n</body></html>\n"
    )


def _parts(changes: Changes) -> Iterator[tuple[str, list[_Entry]]]:
    """Yield heading → entries, those that have any; what needs attention first."""
    withdrawn = [
        _Entry(
            name, text,
            (
                ("because", why.because), ("on", why.date),
                *([("replaced by", ", ".join(why.replaced_by))] if why.replaced_by else []),
            ),
        )
        for name, text, why in changes.withdrawn
    ]  # fmt: skip
    merged = [_Entry(name, label, (("into", into),)) for name, label, into in changes.entities_merged]
    parts = (
        ("Claims gone without being withdrawn: put them back and withdraw them", _plain(changes.vanished)),
        ("Claims added", _plain(changes.added)),
        ("Claims withdrawn", withdrawn),
        ("Claims restored", _plain(changes.restored)),
        ("Claims whose figures changed", _recoded(changes.figures)),
        ("Claims recoded", _recoded(changes.others)),
        ("Entities added", _plain(changes.entities_added)),
        ("Entities merged", merged),
        ("Entities gone", _plain(changes.entities_gone)),
        ("Entities changed", _recoded(changes.entities_changed)),
        ("Footnotes changed", _recoded(changes.references_changed)),
    )
    for heading, entries in parts:
        if entries:
            yield heading, entries


def _plain(pairs: tuple[tuple[str, str], ...]) -> list[_Entry]:
    return [_Entry(name, text) for name, text in pairs]


def _recoded(found: tuple[Recoded, ...]) -> list[_Entry]:
    return [_Entry(each.id, each.text, (), tuple(_flat(each.changes))) for each in found]


def _flat(changes: Iterable[Change], of: str = "") -> Iterator[tuple[str, tuple[str, ...], tuple[str, ...]]]:
    """Yield what changed, of a part of a record field by field."""
    for each in changes:
        field = f"{of}{_word(each.field)}"
        if each.within:
            yield from _flat(each.within, f"{field}, ")
        else:
            yield field, each.before, each.after


def _word(field: str) -> str:
    """Return a property's local name in words: `reportedBy` is told as reported by."""
    return _WORDS.get(field) or re.sub(r"(?<=[a-z])(?=[A-Z])", " ", field).lower()
