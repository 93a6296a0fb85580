"""The pages that the browser looks at: one of each kind at least, with what tells that its scripts are done."""

from dataclasses import dataclass
from urllib.parse import urlencode

from kg.vocab import ASC

SOURCE = "air-center-2021"


@dataclass(frozen=True)
class Kind:
    """A kind of page: a name for the test, an address, what is there when its scripts are done, and its status."""

    name: str
    address: str
    ready: str = "main h1"
    status: int = 200
    heavy: bool = False  # it brings a library of its own, the editor or the graph's
    text: bool = False  # it shows the operator's copy of a source's text
    keys: bool = True  # it is walked through with the keyboard: one of those that are alike is enough


def asking(query: str) -> str:
    """Return the editor's address with a query and its answer."""
    return f"/sparql?{urlencode({'query': f'PREFIX asc: <{ASC}>{chr(10)}{query}'})}"


PAGES = (
    Kind("overview", "/"),
    Kind("claims", "/claims"),
    Kind("claims-chosen", "/claims?q=Shusha&kind=EventClaim", keys=False),
    Kind("claims-none", "/claims?q=zzzz"),
    Kind("claim", f"/claim/{SOURCE}/2-001"),
    Kind("claim-of-a-table", f"/claim/{SOURCE}/3-030", keys=False),
    Kind("actors", "/actor"),
    Kind("topics", "/topic", keys=False),
    Kind("state", "/actor/armenia"),
    Kind("person", "/actor/nikol-pashinyan", keys=False),
    Kind("outlet", "/actor/azertac"),
    Kind("place", "/place/shusha"),
    Kind("region", "/place/karabakh-region", keys=False),
    Kind("war", "/event/karabakh-war-2020"),
    Kind("election", "/event/armenia-snap-elections-2021-06-20", keys=False),
    Kind("agreement", "/agreement/trilateral-statement-2020-11-10"),
    Kind("provision", "/agreement/trilateral-statement-2020-11-10/article-9", keys=False),
    Kind("thing", "/thing/unmanned-aerial-vehicles"),
    Kind("topic", "/topic/diaspora", keys=False),
    Kind("sources", "/source"),
    Kind("source", f"/source/{SOURCE}"),
    Kind("section", f"/section/{SOURCE}/5.1"),
    Kind("section-without-claims", f"/section/{SOURCE}/contents"),
    Kind("section-with-text", f"/section/{SOURCE}/5.1", text=True),
    Kind("maps-with-text", f"/section/{SOURCE}/maps", text=True, keys=False),
    Kind("passage", f"/passage/{SOURCE}/17203-17309"),
    Kind("passage-with-text", f"/passage/{SOURCE}/17203-17309", text=True, keys=False),
    Kind("references", f"/source/{SOURCE}/references"),
    Kind("reference", f"/reference/{SOURCE}/10"),
    Kind("works", "/work"),
    Kind("work", "/work/small-wars-journal-2021-04-04-nagorno-karabakh-lessons"),
    Kind("graph", "/graph", ready=".canvas canvas", heavy=True),
    Kind("graph-of-a-thing", "/graph?start=actor/armenia", ready=".canvas canvas", heavy=True, keys=False),
    Kind(
        "graph-path",
        "/graph?from=actor/nikol-pashinyan&to=place/shusha",
        ready=".canvas canvas",
        heavy=True,
        keys=False,
    ),
    Kind("networks", "/network"),
    Kind("map", "/map", ready=".leaflet-container path"),
    Kind("timeline", "/timeline"),
    Kind("timeline-of-years", "/timeline?from=2020&to=2021", keys=False),
    Kind("figures", "/figures"),
    Kind("figures-of-a-measure", "/figures?measure=people-killed", keys=False),
    Kind("questions", "/questions"),
    Kind("question", "/questions/casualties"),
    Kind("editor", "/sparql", ready=".CodeMirror", heavy=True),
    Kind(
        "answer",
        asking(
            "SELECT ?claim ?text ?speaker ?page WHERE { ?claim asc:text ?text ; asc:claimant ?speaker ;"
            " asc:passage/asc:page ?page } LIMIT 20"
        ),
        ready=".CodeMirror",
        heavy=True,
        keys=False,
    ),
    Kind("answer-graph", asking("DESCRIBE asc:Claim"), ready=".CodeMirror", heavy=True, keys=False),
    Kind(
        "answer-none",
        asking("SELECT ?claim WHERE { ?claim asc:claiment ?who }"),
        ready=".CodeMirror",
        heavy=True,
        keys=False,
    ),
    Kind(
        "answer-refused",
        asking("SELECT ?claim WHERE { ?claim asc:claimant ?who"),
        ready=".CodeMirror",
        status=400,
        heavy=True,
        keys=False,
    ),
    Kind("ontology", "/ontology"),
    Kind("downloads", "/downloads"),
    Kind("search", "/search?q=Shusha"),
    Kind("search-none", "/search?q=zzzz"),
    Kind("refused", "/claims?after=2020", status=400, keys=False),
    Kind("nothing-there", "/actor/nobody-at-all", status=404),
)
