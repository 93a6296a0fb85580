"""What programs ask of a server: whether it answers, and what it holds."""

from __future__ import annotations

from flask import Blueprint, Response, jsonify, render_template, request

from kg.web.negotiated import site

blueprint = Blueprint("health", __name__)


@blueprint.get("/health")
def health() -> Response:
    """Say whether a query is answered now, and from which build."""
    build = site().build()
    with site().engine.query("ASK { FILTER(NOW() = NOW()) }", timeout=5, reserved=True):  # never a kept answer
        return jsonify(status="ok", digest=build.digest, base=build.base)


@blueprint.get("/.well-known/void")
def void() -> Response:
    """Describe the dataset in VoID."""
    build = site().build()
    counts = [row["count"].value for row in site().rows("counts") if row["class"].value.endswith("#Claim")]
    root = request.url_root
    text = render_template("void.ttl", build=build, root=root, claims=counts[0] if counts else None)
    return Response(text, content_type="text/turtle; charset=utf-8")
