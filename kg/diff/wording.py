"""Words the changes between two editions: as text for a terminal, as JSON, as an HTML page that needs nothing else."""

from __future__ import annotations

import html
import json
from dataclasses import asdict
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from kg.diff.comparing import Changes, Recoded

_STYLE = (
    "body{font:1rem/1.5 system-ui,sans-serif;max-width:60rem;margin:2rem auto;padding:0 1rem;color-scheme:light dark}"
    "h2{font-size:1.1rem;margin-top:2rem}dt{font-weight:600;margin-top:.8rem}"
    "del,ins{text-decoration:none;padding:0 .2em}"
    "del{background:#f6d9d5;color:#5c1409}ins{background:#d8ecd6;color:#0f3d12}dd{margin:0 0 0 1rem}small{opacity:.75}"
)


def as_json(changes: Changes) -> str:
    """Return the changes as JSON, every list with all its members."""
    found = {**asdict(changes), "figures_changed": [asdict(each) for each in changes.figures]}
    return json.dumps(found, ensure_ascii=False, indent=1) + "\n"


def as_text(changes: Changes) -> str:
    """Return the changes as plain text, a heading a kind."""
    lines = [f"From {changes.before}", f"to   {changes.after}", ""]
    for heading, entries in _parts(changes):
        lines.append(f"{heading} ({len(entries)})")
        for title, details in entries:
            lines.append(f"  {title}")
            lines += [f"    {field}{': ' if field else ''}{_arrow(lost, gained)}" for field, lost, gained in details]
        lines.append("")
    if len(lines) == 3:
        lines.append("Nothing changed.\n")
    return "\n".join(lines)


def as_html(changes: Changes) -> str:
    """Return the changes as one HTML document."""
    say: Callable[[str], str] = html.escape
    body = [f"<h1>What changed</h1><p>From {say(changes.before)}<br>to {say(changes.after)}</p>"]
    for heading, entries in _parts(changes):
        body.append(f"<h2>{say(heading)} <small>{len(entries)}</small></h2><dl>")
        for title, details in entries:
            body.append(f"<dt>{say(title)}</dt>")
            for field, lost, gained in details:
                gone = "".join(f"<del>{say(value)}</del> " for value in lost)
                come = "".join(f"<ins>{say(value)}</ins> " for value in gained)
                body.append(f"<dd><small>{say(field)}</small> {gone}{come}</dd>")
        body.append("</dl>")
    if len(body) == 1:
        body.append("<p>Nothing changed.</p>")
    return (
        '<!doctype html>\n<html lang="en"><head><meta charset="utf-8"><title>What changed</title>'
        '<meta name="viewport" content="width=device-width, initial-scale=1">'
        f"<style>{_STYLE}</style></head><body>\n" + "\n".join(body) + "\n</body></html>\n"
    )


_Detail = tuple[str, tuple[str, ...], tuple[str, ...]]  # field, what it lost, what it gained
_Entry = tuple[str, list[_Detail]]


def _parts(changes: Changes) -> Iterator[tuple[str, list[_Entry]]]:
    """Yield heading → entries, those that have any; what needs attention first."""

    def plain(pairs: tuple[tuple[str, str], ...]) -> list[_Entry]:
        return [(f"{name}  {text}".rstrip(), []) for name, text in pairs]

    withdrawn: list[_Entry] = []
    for name, text, why in changes.withdrawn:
        details: list[_Detail] = [("because", (), (why.because,)), ("on", (), (why.date,))]
        if why.replaced_by:
            details.append(("replaced by", (), why.replaced_by))
        withdrawn.append((f"{name}  {text}", details))
    merged: list[_Entry] = [
        (f"{name}  {label}".rstrip(), [("into", (), (into,))]) for name, label, into in changes.entities_merged
    ]
    parts = (
        ("Claims gone without being withdrawn: put them back and withdraw them", plain(changes.vanished)),
        ("Claims added", plain(changes.added)),
        ("Claims withdrawn", withdrawn),
        ("Claims restored", plain(changes.restored)),
        ("Claims whose figures changed", _recoded(changes.figures)),
        ("Claims recoded", _recoded(changes.recoded)),
        ("Entities added", plain(changes.entities_added)),
        ("Entities merged", merged),
        ("Entities gone", plain(changes.entities_gone)),
        ("Entities changed", _recoded(changes.entities_changed)),
        ("Footnotes changed", _recoded(changes.references_changed)),
    )
    for heading, entries in parts:
        if entries:
            yield heading, entries


def _recoded(found: tuple[Recoded, ...]) -> list[_Entry]:
    return [
        (f"{each.id}  {each.text}".rstrip(), [(change.field, change.before, change.after) for change in each.changes])
        for each in found
    ]


def _arrow(lost: tuple[str, ...], gained: tuple[str, ...]) -> str:
    if not lost:
        return f"+ {' | '.join(gained)}" if gained else ""
    return f"- {' | '.join(lost)}" + (f"  + {' | '.join(gained)}" if gained else "")
