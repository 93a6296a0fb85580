"""A release as an RO-Crate 1.2: the folder, and each of its files with type, size and checksum."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from kg.export.description import LANGUAGE, PROVENANCE
from kg.export.jsonld import pretty

if TYPE_CHECKING:
    from collections.abc import Iterator

    from kg.export.description import Description, File

NAME = "ro-crate-metadata.json"
_SPECIFICATION = "https://w3id.org/ro/crate/1.2"
_Entity = dict[str, Any]


def crate(description: Description, unlisted: tuple[str, str]) -> str:
    """Return the metadata document of a release; `unlisted` is the file of checksums, made last, and what it is."""
    entities = [*_head(description, unlisted[0]), *map(_file, description.files)]
    name, about = unlisted
    entities.append({"@id": name, "@type": "File", "name": name, "description": about, "encodingFormat": "text/plain"})
    return pretty({"@context": f"{_SPECIFICATION}/context", "@graph": [*entities, *_others(description)]}) + "\n"


def _head(description: Description, unlisted: str) -> Iterator[_Entity]:
    base, made = description.base, [_link(iri) for iri, _ in description.creators]
    part = bool(description.note)
    yield {
        "@id": NAME,
        "@type": "CreativeWork",
        "name": "RO-Crate metadata",
        "description": "What this folder holds, for programs.",
        "conformsTo": _link(_SPECIFICATION),
        "about": _link("./"),
    }
    root = {
        "@id": "./",
        "@type": "Dataset",
        "name": f"{description.said('title')}, version {description.version}{', a part of it' if part else ''}",
        "description": " ".join(filter(None, (description.said("description"), description.note, PROVENANCE))),
        "datePublished": description.said("issued"),
        "license": _link(description.licence[0]),
        "version": description.version,
        "identifier": "" if part else _link("#identifier"),
        "url": "" if part else base,
        "author": made,
        "publisher": _link(description.publisher[0]),
        "keywords": description.listed("keywords"),
        "inLanguage": LANGUAGE,
        "isBasedOn": [_link(iri) for iri, _ in description.sources]
        + ([_link(description.version_iri)] if part else []),
        "hasPart": [_link(name) for name in (*(file.name for file in description.files), unlisted)],
    }
    yield {key: _single(value) for key, value in root.items() if value}


def _file(file: File) -> _Entity:
    return {
        "@id": file.name,
        "@type": "File",
        "name": file.name,
        "description": file.about,
        "encodingFormat": file.media,
        "contentSize": str(file.size),
        "sha256": file.sha256,
    }


def _others(description: Description) -> Iterator[_Entity]:
    """Yield what the folder and its files refer to."""
    iri, spdx, name = description.licence
    about = f"The licence of the data, {spdx or name}."
    yield {"@id": iri, "@type": "CreativeWork", "name": name, "description": about, "url": iri}
    for agent, called in dict.fromkeys([*description.creators, description.publisher]):
        yield {
            "@id": agent,
            "@type": "Organization",
            "name": called,
            "description": "Who made the data set.",
            "url": description.base,
        }
    for source, title in description.sources:
        yield {"@id": source, "@type": "CreativeWork", "name": title, "description": "What claims were read from."}
    version = {"name": "The IRI of this version", "description": "It names this version and no other."}
    if description.note:
        yield {"@id": description.version_iri, "@type": "CreativeWork", **version}
    else:
        where = {"propertyID": "https://w3id.org", "value": description.version_iri, "url": description.version_iri}
        yield {"@id": "#identifier", "@type": "PropertyValue", **version, **where}


def _single(value: Any) -> Any:
    """Return the one member of a list that has one, as the specification likes it; anything else as it is."""
    return value[0] if isinstance(value, list) and len(value) == 1 else value


def _link(iri: str) -> dict[str, str]:
    return {"@id": iri}
