"""The command line: thin adapters from arguments to the functions that do the work.

Data goes to stdout, messages to stderr. Exit status: 0 ok, 1 findings, 2 usage or input error. Everything heavy is
imported inside the command that needs it, so that `kg --help` is quick.
"""

from __future__ import annotations

import sys
from contextlib import contextmanager
from ipaddress import IPv4Network, IPv6Network, ip_network
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from kg import __version__
from kg.config import Config
from kg.errors import AscribeError, InputError, UsageError
from kg.formats import EXPORTS, TABLES

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

    from kg.findings import Finding

_CONTEXT = {"help_option_names": ["-h", "--help"], "max_content_width": 100}


class _Commands(click.Group):
    """Lists commands in the order of work and ends the project's own errors without a traceback."""

    def list_commands(self, ctx: click.Context) -> list[str]:  # noqa: ARG002 - click passes it
        return list(self.commands)

    def invoke(self, ctx: click.Context) -> Any:
        try:
            return super().invoke(ctx)
        except AscribeError as error:
            if ctx.params.get("debug"):
                raise
            _say(str(error))
            if isinstance(error, InputError):
                _say(_counted(error.findings))
            ctx.exit(error.exit_code)


def _say(text: str) -> None:
    click.echo(text, err=True)


def _counted(findings: Iterable[Finding]) -> str:
    kinds = [finding.severity for finding in findings]
    parts = [f"{kinds.count(kind)} {kind}{'s' * (kinds.count(kind) != 1)}" for kind in ("violation", "warning", "info")]
    return ", ".join(part for part in parts if not part.startswith("0 ")) or "nothing to mend"


def _texts(_: click.Context, __: click.Parameter, values: tuple[str, ...]) -> dict[str, Path]:
    found = {}
    for value in values:
        source, sign, path = value.partition("=")
        if not sign or not source or not path:
            raise click.BadParameter(f"{value!r} is not SOURCE=FILE, for example air-center-2021=report.txt")
        found[source] = Path(path)
    return found


def _text_option_for(what: str) -> Callable[[Callable[..., Any]], Callable[..., Any]]:
    return click.option(
        "--text", "texts", multiple=True, callback=_texts, metavar="SOURCE=FILE",
        help=f"Your own copy of a source's text, for {what}; may be given for several sources.",
    )  # fmt: skip


_text_option = _text_option_for("checking its passages")


def _project(ctx: click.Context, texts: dict[str, Path] | None = None) -> Config:
    root: Path = ctx.find_root().params["project"]
    build: Path | None = ctx.find_root().params["build_dir"]
    if not (root / "data" / "dataset.yaml").is_file():
        raise UsageError(f"{root} is no project: it has no data/dataset.yaml. Name its folder with --project.")
    return Config.at(root, build, texts)


@click.group(cls=_Commands, context_settings=_CONTEXT)
@click.option("--project", type=click.Path(path_type=Path), default=Path(), help="The project's folder.  [default: .]")
@click.option("--build-dir", type=click.Path(path_type=Path), help="Where builds are kept.  [default: PROJECT/build]")
@click.option("--debug", is_flag=True, help="Show tracebacks.")
@click.version_option(__version__, prog_name="kg")
def main(project: Path, build_dir: Path | None, debug: bool) -> None:
    """Ascribe: a knowledge graph of claims, in which every edge names who says so and where."""


@main.command()
@_text_option
@click.pass_context
def build(ctx: click.Context, texts: dict[str, Path]) -> None:
    """Build the graph from the curated files and swap it in whole."""
    from kg import build as pipeline

    config = _project(ctx, texts)
    with _steps(10) as step:
        report = pipeline.build(config, step)
    for finding in report.findings:
        _say(str(finding))
    _say(
        f"Built {report.claims:,} claims and {report.entities:,} entities, {report.quads:,} quads, "
        f"in {sum(report.seconds.values()):.1f} s ({_counted(report.findings)}). Digest {report.digest[:12]}."
    )
    _say("Serve it with: kg serve")


@main.command()
@_text_option
@click.option("--format", "form", type=click.Choice(["text", "json"]), default="text", show_default=True)
@click.pass_context
def validate(ctx: click.Context, texts: dict[str, Path], form: str) -> None:
    """Check the curated files and the graph they make; write nothing."""
    from kg import build as pipeline

    config = _project(ctx, texts)
    try:
        with _steps(5) as step:
            findings: tuple[Finding, ...] = pipeline.check(config, step).findings
    except InputError as error:
        findings = error.findings
    if form == "json":
        import json
        from dataclasses import asdict

        click.echo(json.dumps([asdict(finding) for finding in findings], indent=1, ensure_ascii=False))
    else:
        for finding in findings:
            click.echo(str(finding))
    _say(_counted(findings))
    ctx.exit(1 if findings else 0)


@main.command()
@click.argument("query", type=click.Path(allow_dash=True), metavar="FILE|-")
@click.option(
    "--format", "form", default="table", show_default=True,
    type=click.Choice(["table", "json", "xml", "csv", "tsv", "turtle", "ntriples", "rdfxml", "jsonld"]),
)  # fmt: skip
@click.option("--timeout", type=click.FloatRange(0.01, 30), default=30.0, show_default=True, help="Seconds at most.")
@click.pass_context
def query(ctx: click.Context, query: str, form: str, timeout: float) -> None:
    """Answer a SPARQL query in FILE (- for stdin) from the built graph."""
    from kg.store import answering
    from kg.store.syntax import scan

    config = _project(ctx)
    text = sys.stdin.read() if query == "-" else _read(Path(query))
    content = answering.answer(config, text, None if form == "table" else form, timeout)
    if form == "table" and scan(text).form in ("select", "ask"):
        click.echo(_table(content, _base(config)))
        return
    sys.stdout.buffer.write(content)
    sys.stdout.buffer.flush()


def _base(config: Config) -> str:
    import json

    from kg import build as pipeline

    return str(json.loads((pipeline.current(config) / "build.json").read_text(encoding="utf-8"))["base"])


def _table(content: bytes, base: str) -> str:
    """Return a SPARQL JSON result as aligned columns, IRIs shortened as in the curated files."""
    import json

    from kg.vocab import prefixes

    result = json.loads(content)
    if "boolean" in result:
        return "yes" if result["boolean"] else "no"
    known = sorted(prefixes(base).items(), key=lambda item: -len(item[1]))

    def shown(term: dict[str, str] | None) -> str:
        if term is None:
            return ""
        value = term["value"]
        if term["type"] == "uri":
            return next((f"{name}:{value[len(start) :]}" for name, start in known if value.startswith(start)), value)
        return value.replace("\n", " ")

    names = result["head"]["vars"]
    rows = [[shown(row.get(name)) for name in names] for row in result["results"]["bindings"]]
    widths = [max(len(cell) for cell in column) for column in zip(names, *rows, strict=True)]
    lines = [
        "  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip() for row in [names, *rows]
    ]
    lines.insert(1, "  ".join("-" * width for width in widths))
    return "\n".join([*lines, f"({len(rows)} row{'s' * (len(rows) != 1)})"])


def _read(path: Path) -> str:
    try:
        return path.read_text(encoding="utf-8")
    except OSError as error:
        raise UsageError(f"{path} cannot be read: {error.strerror}.") from None
    except UnicodeDecodeError as error:
        raise UsageError(f"{path} is not UTF-8 (byte {error.start}). Save it as UTF-8.") from None


def _networks(
    _ctx: click.Context, _option: click.Parameter, given: tuple[str, ...]
) -> tuple[IPv4Network | IPv6Network, ...]:
    """Return addresses and networks as networks."""
    try:
        return tuple(ip_network(each) for each in given)
    except ValueError as error:
        raise click.BadParameter(f"{error}. Give an address (192.0.2.7) or a network (192.0.2.0/24).") from None


@main.command()
@click.argument("files", nargs=-1, type=click.Path(exists=True, dir_okay=False, path_type=Path), metavar="[FILE]...")
@click.option("--host", default="127.0.0.1", show_default=True)
@click.option("--port", type=click.IntRange(0, 65535), default=8000, show_default=True)
@click.option(
    "--trusted-proxy",
    "proxies",
    multiple=True,
    callback=_networks,
    metavar="ADDRESS|NETWORK",
    help="A proxy of yours, whose X-Forwarded-For and X-Forwarded-Proto are believed; may be given several times.",
)
@_text_option_for("reading it beside its claims (shown from memory, kept nowhere)")
@click.pass_context
def serve(
    ctx: click.Context,
    files: tuple[Path, ...],
    host: str,
    port: int,
    proxies: tuple[IPv4Network | IPv6Network, ...],
    texts: dict[str, Path],
) -> None:
    """Serve the built graph: pages, SPARQL endpoint and data, on http://127.0.0.1:8000.

    With FILEs, serve these RDF files instead (Turtle, TriG, N-Triples, N-Quads, RDF/XML, JSON-LD, by suffix, also
    with .gz): triples in the default graph, quads in their graphs.
    """
    from kg.config import Limits
    from kg.web import server

    if files and texts:
        raise UsageError("--text belongs to the built graph; serve it without FILEs, or the FILEs without --text.")
    if files:
        server.serve_files(files, Limits(), host, port, _say, proxies)
    else:
        server.serve(_project(ctx, texts), host, port, _say, proxies)


def _choosing(command: Callable[..., None]) -> Callable[..., None]:
    """Add the options that choose claims; each may be given several times, and then one of its values has to fit."""
    for name, metavar, text in reversed(_CHOICES):
        command = click.option(f"--{name}", multiple=name not in ("since", "until"), metavar=metavar, help=text)(
            command
        )
    return command


_CHOICES = (
    ("about", "ID", "Only claims about an entity: place/shusha."),
    ("speaker", "ID", "Only claims of a speaker: actor/armenia."),
    ("source", "ID", "Only claims of a source: air-center-2021."),
    ("section", "ID", "Only claims of a section and those in it: air-center-2021/5."),
    ("kind", "CLASS", "Only claims of a kind: FigureClaim."),
    ("claim", "ID", "Only this claim: air-center-2021/2-031."),
    ("since", "DATE", "Only what is dated and not over before: 2021-06."),
    ("until", "DATE", "Only what is dated and began by then."),
)


@main.command()
@click.option("--format", "form", type=click.Choice(list(EXPORTS)), default="turtle", show_default=True)
@click.option("--part", metavar="NAME", help="Of Turtle: ontology, vocabularies, entities, inferred, source-<id>.")
@click.option("--table", type=click.Choice(TABLES), help="Of CSV: which table.  [default: claims]")
@_choosing
@click.option("--release", type=click.Path(path_type=Path), metavar="DIR", help="Write all formats, into a new folder.")
@click.option("--site", type=click.Path(path_type=Path), metavar="DIR", help="Write all pages as files, links checked.")
@click.option(
    "-o", "--output", type=click.Path(allow_dash=True), default="-", help="A file, written whole or not at all."
)
@click.pass_context
def export(
    ctx: click.Context, /, form: str, part: str | None, table: str | None, release: Path | None, site: Path | None,
    output: str,
    **chosen: Any,
) -> None:  # fmt: skip
    """Write the built graph, or the claims chosen with all that they refer to, in one format or in all.

    Several values of one option: a claim fits one of them. Several options: a claim fits all.
    """
    from kg import build as pipeline

    config = _project(ctx)
    _no_misuse(form, part, table, any(chosen.values()))
    if site:
        _site(config, site, any(chosen.values()))
    elif release:
        _release(config, release, chosen)
    elif not any(chosen.values()):
        _write(pipeline.exported(config, form, part or table or ""), output)
    else:
        from kg.export.release import render
        from kg.export.subset import Selection, select

        whole = pipeline.published(config)
        _write(render(whole, select(whole, Selection(**chosen)), form, table or ""), output)


def _no_misuse(form: str, part: str | None, table: str | None, chosen: bool) -> None:
    if part and (form != "turtle" or chosen):
        raise UsageError("--part goes with --format turtle, and without options that choose claims.")
    if table and form != "csv":
        raise UsageError("--table goes with --format csv.")


def _site(config: Config, folder: Path, chosen: bool) -> None:
    """Write the whole site as files that need no server."""
    from kg.web.frozen import writing

    if chosen:
        raise UsageError("--site writes the whole site: leave out the options that choose claims.")
    with _progress("Pages and data") as progress:
        written = writing.write(config, folder, progress)
    _say(
        f"Wrote {folder}: {written.pages:,} pages, {written.files:,} files, {written.size / 1e6:,.1f} MB; every link "
        f"leads somewhere. Open {folder / 'index.html'}, or put the folder on any web server."
    )


def _release(config: Config, folder: Path, chosen: dict[str, Any]) -> None:
    """Write the files of a release, of the claims chosen if there are any, into a new folder: all of them or none."""
    import shutil

    from kg import build as pipeline

    if folder.exists():
        raise UsageError(f"{folder} is there already. Name a new folder.")
    making = folder.with_name(f".{folder.name}.part")
    shutil.rmtree(making, ignore_errors=True)
    try:
        if any(chosen.values()):
            from kg.export.release import write
            from kg.export.subset import Selection, select

            whole = pipeline.published(config)
            write(select(whole, Selection(**chosen)), making, whole=whole)
        else:
            shutil.copytree(pipeline.released(config), making)
        making.rename(folder)
    except OSError as error:
        raise UsageError(f"{folder} cannot be written: {error.strerror}. Name another folder.") from None
    finally:
        shutil.rmtree(making, ignore_errors=True)
    _say(f"Wrote {folder} ({len(list(folder.iterdir()))} files).")


@main.command()
@click.option("--format", "form", type=click.Choice(["text", "json"]), default="text", show_default=True)
@click.pass_context
def check(ctx: click.Context, form: str) -> None:
    """Check the current build as assessors of FAIR data do, without a network.

    The build is served on a free port of this machine while it is checked: identifiers, descriptions, formats, licence,
    provenance, versions, signposts and the files of the release. Exit status 1: something is wanting.
    """
    from kg import check as checking

    config = _project(ctx)
    with _steps(len(checking.CHECKS)) as step:
        report = checking.run(config, step)
    if form == "json":
        import json

        click.echo(json.dumps(report.as_dict(), indent=1, ensure_ascii=False))
    else:
        click.echo(report.as_text(), nl=False)
    ctx.exit(0 if report.passed else 1)


@main.command()
@click.argument("old", type=click.Path(exists=True, path_type=Path))
@click.argument("new", type=click.Path(exists=True, path_type=Path))
@click.option("--format", "form", type=click.Choice(["text", "json", "html"]), default="text", show_default=True)
@click.option(
    "-o", "--output", type=click.Path(allow_dash=True), default="-", help="A file, written whole or not at all."
)
@click.pass_context
def diff(ctx: click.Context, old: Path, new: Path, form: str, output: str) -> None:
    """Say what changed between two builds or releases: claims, figures, entities, footnotes.

    OLD and NEW are folders of a build or a release, or N-Quads or TriG files. Exit status 1: claims are gone that
    nobody withdrew.
    """
    from kg.diff import compare, read, wording

    changes = compare(read(old), read(new))
    word = {"text": wording.as_text, "json": wording.as_json, "html": wording.as_html}[form]
    _write(word(changes).encode("utf-8"), output)
    if changes.vanished:
        ctx.exit(1)


@main.command()
@click.argument(
    "name", default="co-occurrence", metavar="[NETWORK]",
    type=click.Choice(["co-occurrence", "actors", "speakers", "citations", "outlets", "relations"]),
)  # fmt: skip
@click.option(
    "--format", "form", type=click.Choice(["graphml", "gexf", "csv", "json", "svg", "png"]), default="graphml",
    show_default=True,
)  # fmt: skip
@click.option("-o", "--output", type=click.Path(allow_dash=True), default="-", help="A file, written whole.")
@click.option("--about", multiple=True, metavar="ID", help="Only claims that name this thing, such as actor/armenia.")
@click.option("--speaker", multiple=True, metavar="ID", help="Only claims of this speaker.")
@click.option("--relation", multiple=True, metavar="NAME", help="Only edges of this relation, such as signed.")
@click.option("--since", type=int, metavar="YEAR", help="Only claims that tell of this year or later ones.")
@click.option("--until", type=int, metavar="YEAR", help="Only claims that tell of this year or earlier ones.")
@click.pass_context
def network(
    ctx: click.Context, name: str, form: str, output: str, about: tuple[str, ...], speaker: tuple[str, ...],
    relation: tuple[str, ...], since: int | None, until: int | None,
) -> None:  # fmt: skip
    """Write a NETWORK of the claims with its centralities and communities.

    co-occurrence (the default): what is named in the same claim; actors: relations between actors; speakers: who
    speaks of whom; citations: claims, works and outlets; outlets: on which outlets speakers rest; relations: relations
    between all things. An option that is given several times takes any of its values.
    """
    from kg import build as pipeline
    from kg.network import asking

    asked = asking.Asked(about, speaker, relation, since, until)
    _write(asking.answer(pipeline.current(_project(ctx)) / "search.sqlite", name, form, asked), output)


@main.group(cls=_Commands)
def anchors() -> None:
    """Passages and a source's text: verify them, find them in another extraction, make them from quotes."""


@anchors.command()
@_text_option
@click.pass_context
def verify(ctx: click.Context, texts: dict[str, Path]) -> None:
    """Check that every passage is really there in the pinned text."""
    from kg import passages
    from kg.corpus import read_files

    config = _project(ctx, texts)
    _need_text(texts)
    files = read_files(config)
    findings = passages.check(files, config.texts)
    for finding in findings:
        click.echo(str(finding))
    for source in texts:
        count = sum(1 for _ in passages.anchors(files, source))
        _say(f"{source}: {count:,} ranges checked, {len(findings)} not there.")
    ctx.exit(1 if findings else 0)


@anchors.command()
@click.argument("source")
@click.argument("extraction", type=click.Path(path_type=Path))
@click.pass_context
def locate(ctx: click.Context, source: str, extraction: Path) -> None:
    """Find the passages of SOURCE in another EXTRACTION of its text.

    Writes a table to stdout: id, start and end in the pinned text, and the ranges found, as start-end;start-end.
    """
    import csv

    from kg import passages
    from kg.corpus import read_files

    files = read_files(_project(ctx))
    text = passages.source_text(files, source, extraction, pinned=False)
    with _progress("finding passages") as told:
        found = passages.locate_all(files, source, text, told)
    rows = csv.writer(sys.stdout, lineterminator="\n")
    rows.writerow(["id", "start", "end", "found"])
    for anchor, located in found:
        places = ";".join(f"{piece.start}-{piece.end}" for piece in located.pieces) if located.found else ""
        rows.writerow([anchor.node, anchor.range.start, anchor.range.end, places])
    missing = sum(not located.found for _, located in found)
    _say(f"{len(found) - missing:,} of {len(found):,} ranges found.")
    ctx.exit(1 if missing else 0)


@anchors.command()
@click.argument("paths", nargs=-1, required=True, type=click.Path(path_type=Path, exists=True), metavar="FILE...")
@_text_option
@click.option("--partial", is_flag=True, help="Write the quotes that have a place even when others have none.")
@click.pass_context
def fix(ctx: click.Context, paths: tuple[Path, ...], texts: dict[str, Path], partial: bool) -> None:
    """Turn each `quote:` of curated FILEs into ranges with fingerprints, in place."""
    from kg.rewrite import Layout, rewrite
    from kg.texts import SourceText

    _need_text(texts)
    failed = False
    for path in paths:
        source = path.resolve().parent.name
        if source not in texts:
            raise UsageError(f"{path} belongs to {source}: give its text with --text {source}=FILE.")
        text = SourceText.open(source, texts[source]).text
        rewriting = rewrite(path, text, Layout.read(path.parent, text))
        for finding in rewriting.findings:
            click.echo(str(finding))
        if rewriting.errors and not partial:
            _say(f"{path}: nothing written: {len(rewriting.errors)} quotes have no place; --partial writes the rest.")
        else:
            rewriting.write(partial)
            _say(f"{path}: {rewriting.fixed} quotes have their ranges, {len(rewriting.errors)} do not.")
        failed = failed or bool(rewriting.errors)
    ctx.exit(1 if failed else 0)


def _need_text(texts: dict[str, Path]) -> None:
    if not texts:
        raise UsageError("Say which text to hold the passages against: --text <source>=FILE.")


@main.command()
@_text_option
@click.option("--format", "form", type=click.Choice(["text", "json"]), default="text", show_default=True)
@click.option("--words", is_flag=True, help="Print the words at each place too (from your own copy).")
@click.pass_context
def coverage(ctx: click.Context, texts: dict[str, Path], form: str, words: bool) -> None:
    """List what of a source's text is not accounted for by a claim, an entity or a stated reason."""
    from kg import passages
    from kg.corpus import read_files

    config = _project(ctx, texts)
    _need_text(texts)
    files = read_files(config)
    complete = True
    reports = {}
    for source, path in texts.items():
        text = passages.source_text(files, source, path)
        report = passages.covered(files, source, text)
        complete = complete and report.complete
        if form == "text":
            click.echo(f"{source}\n{report.as_text(text if words else None)}")
        reports[source] = report.as_dict()
    if form == "json":
        import json

        click.echo(json.dumps(reports, indent=1))
    ctx.exit(0 if complete else 1)


def _write(content: bytes, output: str) -> None:
    if output == "-":
        sys.stdout.buffer.write(content)
        sys.stdout.buffer.flush()
        return
    path = Path(output)
    part = path.with_name(f".{path.name}.part")
    try:
        part.write_bytes(content)
        part.replace(path)
    except OSError as error:
        raise UsageError(f"{path} cannot be written: {error.strerror}. Name another file with -o.") from None
    _say(f"Wrote {path} ({len(content):,} bytes).")


@contextmanager
def _steps(count: int) -> Iterator[Callable[[str], None]]:
    """Yield a function that is told each step's name; on a terminal it moves a progress bar."""
    if not sys.stderr.isatty():
        yield lambda _: None
        return
    from rich.console import Console
    from rich.progress import Progress, SpinnerColumn, TextColumn, TimeElapsedColumn

    columns = (SpinnerColumn(), TextColumn("{task.completed}/{task.total} {task.description}"), TimeElapsedColumn())
    with Progress(*columns, console=Console(stderr=True), transient=True) as progress:
        task = progress.add_task("", total=count)

        def step(name: str) -> None:
            progress.update(task, advance=1, description=name)

        yield step


@contextmanager
def _progress(name: str) -> Iterator[Callable[[int, int], None]]:
    """Yield a function that is told how much of how much is done; on a terminal it moves a progress bar."""
    if not sys.stderr.isatty():
        yield lambda _, __: None
        return
    from rich.console import Console
    from rich.progress import Progress

    with Progress(console=Console(stderr=True), transient=True) as progress:
        task = progress.add_task(name)
        yield lambda done, total: progress.update(task, completed=done, total=total)
