"""The files of the release that belongs to the build: what each is, its size, format and checksum, and the files."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from flask import Blueprint, Response, render_template, request, send_file

from kg.errors import NotFoundError
from kg.export.description import media_of
from kg.web import described, negotiated, signposts
from kg.web.citing import tools
from kg.web.models import Link, Tools

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

    from werkzeug.wrappers import Response as BaseResponse

    from kg.web.site import Site

blueprint = Blueprint("downloads", __name__)
RELEASE, CHECKSUMS, README = "release", "SHA256SUMS", "README.md"
_FORMATS = {  # suffix → name of the format
    "ttl": "Turtle", "trig": "TriG", "nq": "N-Quads", "nt": "N-Triples", "jsonld": "JSON-LD", "rdf": "RDF/XML",
    "csv": "CSV", "json": "JSON", "md": "Markdown", "html": "HTML", "css": "CSS", "graphml": "GraphML", "gexf": "GEXF",
    "svg": "SVG", "png": "PNG", "cff": "YAML", "txt": "text", "": "text",
}  # fmt: skip
_DESCRIBED = {"void.ttl": "Description as Turtle", "ro-crate-metadata.json": "JSON-LD", CHECKSUMS: "Checksums"}
_ROW = re.compile(r"^\| (?P<names>`[^|]*`) \| (?P<about>.+) \|$", re.MULTILINE)


@dataclass(frozen=True, slots=True)
class File:
    """Shows one file; `size` is in words."""

    name: str
    href: str
    size: str
    format: str
    sha256: str


@dataclass(frozen=True, slots=True)
class Group:
    """Shows the files of which the release says the same: what they are, and more about it."""

    title: str
    about: str
    files: tuple[File, ...]


@dataclass(frozen=True, slots=True)
class DownloadsPage:
    """Shows the release; there are no groups where the build has none."""

    title: str
    groups: tuple[Group, ...]
    count: int
    size: str
    licence: Link
    tools: Tools


@blueprint.get("/downloads")
def downloads() -> str:
    """List the files of the release."""
    return render_template("downloads.html", page=downloads_page(negotiated.site()))


@blueprint.get("/downloads/<path:name>")
def download(name: str) -> BaseResponse:
    """Give one file of the release, which is known by the list of its checksums."""
    folder = negotiated.site().build().path / RELEASE
    digest = _checksums(folder).get(name)
    if digest is None:
        raise NotFoundError(f"The release has no file {name}. All its files stand at /downloads.")
    # no ranges: what is compressed on the way out has other places
    response: Response = send_file(
        folder / name, media_of(name), as_attachment=True, conditional=False, etag=digest or False
    )
    description = described.description(negotiated.site())
    file = next((each for each in description.files if each.name == name), None)
    response.headers["Link"] = signposts.header(signposts.of_file(description, file))
    return response.make_conditional(request)


def downloads_page(site: Site) -> DownloadsPage:
    """Return the page of the release."""
    build = site.build()
    folder = build.path / RELEASE
    groups = release(folder)
    dataset = build.facts.get("dataset")
    about = dataset if isinstance(dataset, dict) else {}
    licence = str(about.get("license", "https://creativecommons.org/licenses/by/4.0/"))
    files = [file for group in groups for file in group.files]
    address = f"{build.base}downloads"
    return DownloadsPage(
        str(about.get("title", "Ascribe")),
        groups,
        len(files),
        size_in_words(sum((folder / file.name).stat().st_size for file in files)),
        Link("CC BY 4.0" if licence.endswith("/by/4.0/") else licence, licence, external=True),
        tools(
            site,
            [Link(name, f"/downloads/{file}") for file, name in _DESCRIBED.items() if (folder / file).is_file()],
            site.editor("counts"),
            address,
            "Downloads",
            "Files of the release.",
        ),
    )


def release(folder: Path) -> tuple[Group, ...]:
    """Return the files of a release as its README groups them, the rest at the end; none where there is no release."""
    sums = _checksums(folder)
    words = (folder / README).read_text("utf-8") if sums and README in sums else ""
    groups, waiting = [], dict(sums)
    for row in _ROW.finditer(words):
        names = [name for name in re.findall(r"`([^`]+)`", row["names"]) if name in waiting]
        if names:
            groups.append(_group(row["about"].replace("`", ""), (_file(folder, each, waiting) for each in names)))
    rest = tuple(_file(folder, each, waiting) for each in list(waiting))
    return (*groups, _group("what these are, and their checksums", rest)) if rest else tuple(groups)


def _group(about: str, files: Iterable[File]) -> Group:
    """Return a group whose title is what is said before the first colon or semicolon."""
    title, _, more = re.sub(r"[:;] ", "\0", about, count=1).partition("\0")
    return Group(title[:1].upper() + title[1:], more[:1].upper() + more[1:], tuple(files))


def size_in_words(size: int) -> str:
    """Return a number of bytes as it is said: “803 kB”, “24.5 MB”."""
    if size < 1000:
        return f"{size} B"
    return f"{size / 1000:,.0f} kB" if size < 999_500 else f"{size / 1e6:,.1f} MB"


def _file(folder: Path, name: str, waiting: dict[str, str]) -> File:
    """Return a file, and take it from those that wait for their group."""
    size = (folder / name).stat().st_size
    return File(name, f"/downloads/{name}", size_in_words(size), _format(name), waiting.pop(name))


def _checksums(folder: Path) -> dict[str, str]:
    """Return file name → sha256, with the list itself, which has none; empty where there is no release."""
    path = folder / CHECKSUMS
    if not path.is_file():
        return {}
    lines = (line.split(maxsplit=1) for line in path.read_text("utf-8").splitlines())
    return {name: digest for digest, name in lines if (folder / name).is_file()} | {CHECKSUMS: ""}


def _format(name: str) -> str:
    return _FORMATS.get(name.rpartition("/")[2].rpartition(".")[2] if "." in name else "", "file")
