"""What the tables mean, for programs: the metadata file of the W3C's CSV on the Web."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from kg.export.jsonld import pretty
from kg.export.tables import TABLES

if TYPE_CHECKING:
    from kg.export.columns import Column
    from kg.export.publication import Publication
    from kg.export.tables import Table


def csvw(publication: Publication) -> str:
    """Return the metadata of all tables as JSON, to stand beside them."""
    dataset = publication.dataset
    document = {
        "@context": ["http://www.w3.org/ns/csvw", {"@language": "en"}],
        "dc:title": dataset["title"],
        "dc:description": dataset["description"],
        "dc:license": {"@id": dataset["license"]},
        "dc:creator": dataset.get("creators", []),
        "dc:issued": {"@value": dataset["issued"], "@type": "xsd:date"},
        "dc:hasVersion": dataset["version"],
        "tables": [_table(table) for table in TABLES],
    }
    return pretty(document) + "\n"


def _table(table: Table) -> dict[str, Any]:
    schema: dict[str, Any] = {
        "columns": [_column(column, column.name in table.keys) for column in table.columns],
        "primaryKey": list(table.keys),
    }
    if table.foreign:
        schema["foreignKeys"] = [
            {"columnReference": column, "reference": {"resource": f"{other}.csv", "columnReference": "id"}}
            for column, other in table.foreign
        ]
    return {"url": f"{table.name}.csv", "dc:description": table.about, "tableSchema": schema}


def _column(column: Column, key: bool) -> dict[str, Any]:
    found: dict[str, Any] = {"name": column.name, "titles": column.name, "dc:description": column.about}
    found["datatype"] = column.datatype
    if column.separator:
        found["separator"] = column.separator
    if column.required or key:
        found["required"] = True
    return found
