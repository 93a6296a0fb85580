"""What each page shows: one frozen dataclass a page, made by the readers and shown by the template of the same name."""

from __future__ import annotations

from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class Link:
    """Shows a thing by its name, with the address of its page; `note` is said beside it, `external` leads elsewhere."""

    label: str
    href: str | None = None
    note: str = ""
    language: str = ""
    external: bool = False
    iri: str = ""  # said on hover, where it is given


@dataclass(frozen=True, slots=True)
class Fact:
    """Shows one property of a thing with its values."""

    name: str
    values: tuple[Link, ...]


@dataclass(frozen=True, slots=True)
class Column:
    """Heads a column; `href` leads to the list sorted by it, `order` is `ascending`, `descending` or empty."""

    label: str
    href: str
    order: str


@dataclass(frozen=True, slots=True)
class Pager:
    """Says which part of a list is shown, and where the parts beside it are."""

    first: int = 0
    last: int = 0
    total: int = 0
    before: str | None = None
    after: str | None = None


@dataclass(frozen=True, slots=True)
class Tools:
    """Offers what every page does: its data, the query behind it, its permanent address, and how to cite it."""

    data: tuple[Link, ...]
    query: str  # address of the editor with the query behind the page
    address: str  # the IRI of a thing, or the whole address of a view
    citation: str
    bibtex: str


@dataclass(frozen=True, slots=True)
class Head:
    """Holds what every page of a thing has: title, kind, IRI, language of the title, and its tools."""

    title: str
    kind: str
    iri: str
    tools: Tools
    language: str = ""


@dataclass(frozen=True, slots=True)
class Evidence:
    """Shows one footnote that a claim rests on and the works that it cites."""

    reference: Link
    works: tuple[Link, ...]


@dataclass(frozen=True, slots=True)
class Card:
    """Shows a claim in a list: what is said, by whom, how, when, where in the source, on what evidence."""

    link: Link
    speakers: tuple[Link, ...]
    reporters: tuple[Link, ...]
    modality: str
    own: bool
    dates: tuple[str, ...]
    condition: str
    pages: tuple[str, ...]
    sections: tuple[Link, ...]
    source: Link | None
    framing: tuple[Link, ...]
    flags: tuple[Link, ...]
    evidence: tuple[Evidence, ...]


@dataclass(frozen=True, slots=True)
class Widened:
    """Shows under which other names was searched, what bears them, and where the words alone are searched."""

    names: tuple[str, ...]
    things: tuple[Link, ...]
    verbatim: str


@dataclass(frozen=True, slots=True)
class Tab:
    """Shows one of several lists of claims, with how many there are."""

    name: str
    count: int
    href: str
    chosen: bool


@dataclass(frozen=True, slots=True)
class Stated:
    """Shows one relation that claims state: in how many claims, and where one is."""

    subject: Link
    predicate: Link
    object: Link
    negative: bool
    count: int
    href: str
    facts: tuple[Fact, ...] = ()


@dataclass(frozen=True, slots=True)
class SparqlPage:
    """Shows the query editor with the answer to the last query, or what is wrong with it."""

    query: str
    error: str = ""
    error_title: str = ""
    variables: tuple[str, ...] = ()
    rows: tuple[tuple[Link | None, ...], ...] = ()
    total: int | None = None
    truth: bool | None = None
    graph: str | None = None
    cut: bool = False
    seconds: float | None = None
    downloads: tuple[Link, ...] = ()
    themes: tuple[tuple[str, tuple[tuple[str, str], ...]], ...] = ()  # name of a theme, name and title of its questions
    example: str = ""  # name of the question that is in the editor
    excerpt: str = ""  # the line of the query that is wrong, with a caret
    place: tuple[int, int] | None = None  # line and column of that, from 1
    hint: str = ""
    because: tuple[str, ...] = ()  # why there are no rows
    link: str = ""  # permanent address of the query and its answer here
    tools: Tools | None = None


@dataclass(frozen=True, slots=True)
class Range:
    """Shows one range of a passage: code point offsets, end exclusive, and the fingerprint."""

    start: int
    end: int
    sha256: str


@dataclass(frozen=True, slots=True)
class FilesPage:
    """Shows what is served when RDF files are: each file with its number of statements, graphs, prefixes."""

    address: str
    files: tuple[tuple[str, int], ...]
    total: int
    graphs: tuple[Link, ...]
    cut: bool
    prefixes: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class ErrorPage:
    """Shows what went wrong and what to do next."""

    status: int
    title: str
    message: str
    advice: tuple[Link, ...] = field(default_factory=tuple)
    near: tuple[Link, ...] = ()  # what may have been meant
