"""What programs ask of a server: whether it answers."""

from __future__ import annotations

from flask import Blueprint, Response, jsonify

from kg.web.negotiated import site

blueprint = Blueprint("health", __name__)


@blueprint.get("/health")
def health() -> Response:
    """Say whether a query is answered now, and from which build."""
    build = site().build()
    with site().engine.query("ASK { FILTER(NOW() = NOW()) }", timeout=5, reserved=True):  # never a kept answer
        return jsonify(status="ok", digest=build.digest, base=build.base)
