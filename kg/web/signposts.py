"""Links in the header that lead programs on, as FAIR Signposting has them: from a page to what it is about and back.

Identifiers are permanent; what is served here is named by its path.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any
from urllib.parse import quote

from kg.export import citation, crate, metadata
from kg.protocol import GRAPH_FORMATS

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from kg.export.description import Description, File

VOID = "/.well-known/void"
LINKSET = "/linkset.json"
LINKSET_TYPE = "application/linkset+json"
_PAGE = "https://schema.org/AboutPage"
_PROFILES = {
    crate.NAME: "https://w3id.org/ro/crate/1.2",
    metadata.DATACITE: "http://datacite.org/schema/kernel-4",
    citation.NAME: "https://citation-file-format.github.io/",
}
Signpost = tuple[str, dict[str, str]]  # target, and its relation with what else is known of it


def header(signposts: Iterable[Signpost]) -> str:
    """Return links as the value of a Link header."""
    return ", ".join(
        f"<{target}>" + "".join(f'; {name}="{value}"' for name, value in known.items()) for target, known in signposts
    )


def of_dataset(description: Description, *, whole: bool = False) -> Iterator[Signpost]:
    """Yield the links of the data set's page: all files where `whole`, else those that hold the whole graph."""
    yield description.base, {"rel": "cite-as"}
    yield _PAGE, {"rel": "type"}
    yield "https://schema.org/Dataset", {"rel": "type"}
    yield from _rights(description)
    if description.version:
        yield description.version_iri, {"rel": "latest-version"}
    yield VOID, {"rel": "describedby", "type": "text/turtle"}
    for file in description.files:
        if file.name in _PROFILES:
            known = {"rel": "describedby", "type": file.media, "profile": _PROFILES[file.name]}
            yield address(file.name), known
    if description.files:
        profile = {"profile": _PROFILES[crate.NAME]}
        yield address(crate.NAME), {"rel": "describedby", "type": "application/ld+json", **profile}
    described = {*_PROFILES, metadata.VOID}
    for file in description.files if whole else description.dumps():
        if file.name not in described:
            yield address(file.name), {"rel": "item", "type": file.media}
    if not whole:
        yield LINKSET, {"rel": "linkset", "type": LINKSET_TYPE}


def of_thing(description: Description, iri: str, path: str) -> Iterator[Signpost]:
    """Yield the links of a thing's page at a path."""
    yield iri, {"rel": "cite-as"}
    yield _PAGE, {"rel": "type"}
    yield from _rights(description)
    for form in GRAPH_FORMATS:
        yield f"{path}.{form.suffix}", {"rel": "describedby", "type": form.media_type}
    yield "/", {"rel": "collection", "type": "text/html"}


def of_data(description: Description, iri: str) -> Iterator[Signpost]:
    """Yield the links of the data of a thing."""
    yield iri, {"rel": "describes"}
    yield from _rights(description)


def of_file(description: Description, file: File | None) -> Iterator[Signpost]:
    """Yield the links of a file of the release."""
    yield from _rights(description)
    if file is None or file.name in (*_PROFILES, metadata.VOID):
        yield "/", {"rel": "describes", "type": "text/html"}
    else:
        yield "/", {"rel": "collection", "type": "text/html"}
        yield address(crate.NAME), {"rel": "describedby", "type": "application/ld+json"}


def linkset(description: Description, root: str) -> dict[str, Any]:
    """Return the links of the data set's page and of all files as a link set (RFC 9264); `root` has no slash."""
    described = [(f"{root}/", list(of_dataset(description, whole=True)))]
    described += [(root + address(file.name), list(of_file(description, file))) for file in description.files]
    return {"linkset": [_context(root, anchor, links) for anchor, links in described]}


def address(name: str) -> str:
    """Return the path of a file of the release."""
    return f"/downloads/{quote(name)}"


def _rights(description: Description) -> Iterator[Signpost]:
    if description.licence[0]:
        yield description.licence[0], {"rel": "license"}
    yield from ((iri, {"rel": "author"}) for iri, _ in description.creators)


def _context(root: str, anchor: str, signposts: list[Signpost]) -> dict[str, Any]:
    found: dict[str, Any] = {"anchor": anchor}
    for target, known in signposts:
        href = root + target if target.startswith("/") else target
        found.setdefault(known["rel"], []).append({"href": href} | {k: v for k, v in known.items() if k != "rel"})
    return found
