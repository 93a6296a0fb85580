"""The data set for who cites or registers it: the Citation File Format, and DataCite's fields."""

from __future__ import annotations

import json
import textwrap
from typing import TYPE_CHECKING, Any

from kg.export.description import LANGUAGE
from kg.export.jsonld import pretty

if TYPE_CHECKING:
    from kg.export.description import Description

NAME = "CITATION.cff"
_WIDTH = 120
_SPDX = "https://spdx.org/licenses/"


def cff(description: Description) -> str:
    """Return CITATION.cff, version 1.2.0 of the format."""
    iri, spdx, _ = description.licence
    abstract = textwrap.wrap(description.said("description"), _WIDTH - 2, break_on_hyphens=False)
    lines = [
        "cff-version: 1.2.0",
        "message: Please cite the data set and name its version.",
        f"title: {_scalar(description.said('title'))}",
        "type: dataset",
        f"version: {_scalar(description.version)}",
        f"date-released: {_scalar(description.said('issued'))}",
        f"license: {spdx}" if spdx else f"license-url: {_scalar(iri)}",
        f"url: {_scalar(description.base)}",
        "identifiers:",
        "  - type: url",
        f"    value: {_scalar(description.version_iri)}",
        "    description: The IRI of this version",
        "authors:",
        *(f"  - name: {_scalar(name)}" for _, name in description.creators),
        "abstract: >-",
        *(f"  {line}" for line in abstract),
    ]
    words = description.listed("keywords")
    lines += ["keywords:", *(f"  - {_scalar(word)}" for word in words)] if words else []
    return "\n".join(lines) + "\n"


def datacite(description: Description) -> str:
    """Return the fields of DataCite's metadata schema 4.6 as JSON; a DOI is given by who registers it."""
    iri, spdx, licence = description.licence
    rights = {"rights": licence, "rightsUri": iri, "lang": LANGUAGE}
    if spdx:
        rights |= {"rightsIdentifier": spdx, "rightsIdentifierScheme": "SPDX", "schemeUri": _SPDX}
    document: dict[str, Any] = {
        "schemaVersion": "http://datacite.org/schema/kernel-4",
        "types": {"resourceTypeGeneral": "Dataset", "resourceType": "Knowledge graph"},
        "creators": [{"name": name, "nameType": "Organizational"} for _, name in description.creators],
        "titles": [{"title": description.said("title"), "lang": LANGUAGE}],
        "publisher": {"name": description.publisher[1]},
        "publicationYear": description.said("issued")[:4],
        "subjects": [{"subject": word, "lang": LANGUAGE} for word in description.listed("keywords")],
        "dates": [{"date": description.said("issued"), "dateType": "Issued"}],
        "language": LANGUAGE,
        "version": description.version,
        "url": description.base,
        "alternateIdentifiers": [
            {"alternateIdentifier": description.version_iri, "alternateIdentifierType": "IRI of the version"}
        ],
        "relatedIdentifiers": _related(description),
        "sizes": [f"{sum(file.size for file in description.files)} bytes", f"{len(description.files)} files"],
        "formats": sorted({file.media for file in description.files}),
        "rightsList": [rights],
        "descriptions": [
            {"description": description.said("description"), "descriptionType": "Abstract", "lang": LANGUAGE}
        ],
    }
    return pretty({key: value for key, value in document.items() if value}) + "\n"


def _related(description: Description) -> list[dict[str, str]]:
    pairs = [(description.base, "IsVersionOf")]
    pairs += [(description.previous_iri, "IsNewVersionOf")] if description.previous_iri else []
    pairs += [(iri, "IsDerivedFrom") for iri, _ in description.sources]
    found = [{"relatedIdentifier": iri, "relatedIdentifierType": "w3id", "relationType": kind} for iri, kind in pairs]
    return [
        each if "w3id.org/" in each["relatedIdentifier"] else each | {"relatedIdentifierType": "URL"} for each in found
    ]


def _scalar(text: str) -> str:
    """Return a text as YAML: as it is where it can be nothing else, else quoted."""
    plain = text.replace(" ", "").replace("-", "")
    return text if plain.isalpha() and plain.isascii() and plain.casefold() not in _WORDS else json.dumps(text)


_WORDS = ("null", "true", "false", "yes", "no", "on", "off", "y", "n")  # that YAML takes for something else
