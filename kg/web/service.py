"""What the service says of itself: its numbers, and a description of its interface."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import TYPE_CHECKING, Any

from flask import Blueprint, Response, current_app, jsonify

from kg import __version__

if TYPE_CHECKING:
    from kg.web.watch import Watch

_PART = re.compile(r"<(?:\w+(?:\([^)]*\))?:)?(?P<name>\w+)>")
blueprint = Blueprint("service", __name__)


@blueprint.get("/metrics")
def metrics() -> Response:
    """Give the numbers for Prometheus."""
    watch: Watch = current_app.extensions["watch"]
    return watch.metrics()


@blueprint.get("/openapi.json")
def openapi() -> Response:
    """Describe the interface in OpenAPI 3.1."""
    found = document()
    here = {path(rule.rule) for rule in current_app.url_map.iter_rules()}
    found["paths"] = {name: each for name, each in found["paths"].items() if name in here}
    return jsonify(found)


def document() -> dict[str, Any]:
    """Return the description of the whole interface: the file beside this module, with the program's version."""
    found: dict[str, Any] = json.loads(Path(__file__).with_name("openapi.json").read_text(encoding="utf-8"))
    found["info"]["version"] = __version__
    return found


def path(rule: str) -> str:
    """Return the address of a route as OpenAPI writes it."""
    return _PART.sub(lambda match: f"{{{match['name']}}}", rule)
