"""The data set and its pages in the words of schema.org, as search engines of data sets read them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from kg.export.description import LANGUAGE

if TYPE_CHECKING:
    from kg.export.description import Description

CONTEXT = "https://schema.org/"


def dataset(description: Description, root: str) -> dict[str, Any]:
    """Return the data set as JSON-LD, with the graph and the tables as downloads; `root` is where they are served."""
    downloads = [
        {
            "@type": "DataDownload",
            "name": file.name,
            "description": file.about,
            "encodingFormat": file.media,
            "contentUrl": f"{root}downloads/{file.name}",
            "contentSize": f"{file.size} B",
            "sha256": file.sha256,
        }
        for file in description.files
        if file in description.dumps() or file.name.endswith(".csv")
    ]
    found = {
        "@context": CONTEXT,
        **_short(description),
        "description": description.said("description"),
        "keywords": description.listed("keywords"),
        "identifier": description.version_iri,
        "isBasedOn": [{"@id": iri, "@type": "CreativeWork", "name": title} for iri, title in description.sources],
        "distribution": downloads,
    }
    return {key: value for key, value in found.items() if value}


def page(description: Description, iri: str, title: str) -> dict[str, Any]:
    """Return the page of a thing as JSON-LD: what it is about, and of which data set it is a part."""
    found = {
        "@context": CONTEXT,
        "@type": "WebPage",
        "url": iri,
        "name": title,
        "license": description.said("license"),
        "inLanguage": LANGUAGE,
        "mainEntity": {"@id": iri, "name": title},
        "isPartOf": _short(description),
    }
    return {key: value for key, value in found.items() if value}


def _short(description: Description) -> dict[str, Any]:
    """Return what is said of the data set wherever it is named."""
    found = {
        "@type": "Dataset",
        "@id": description.base,
        "url": description.base,
        "name": description.said("title"),
        "version": description.version,
        "datePublished": description.said("issued"),
        "license": description.said("license"),
        "creator": [_agent(each) for each in description.creators],
        "publisher": _agent(description.publisher),
        "inLanguage": LANGUAGE,
        "isAccessibleForFree": True,
    }
    return {key: value for key, value in found.items() if value}


def _agent(agent: tuple[str, str]) -> dict[str, str]:
    return {"@type": "Organization", "@id": agent[0], "name": agent[1]}
