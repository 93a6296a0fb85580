"""The pages that the browser looks at: one of each kind at least, with what tells that its scripts are done."""

from dataclasses import dataclass

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


PAGES = (
    Kind("overview", "/"),
    Kind("claims", "/claims"),
    Kind("claims-chosen", "/claims?q=Shusha&kind=assessment", keys=False),
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
    Kind("references", f"/source/{SOURCE}/references"),
    Kind("reference", f"/reference/{SOURCE}/10"),
    Kind("works", "/work"),
    Kind("work", "/work/small-wars-journal-2021-04-04-nagorno-karabakh-lessons"),
    Kind("graph", "/graph", ready=".canvas canvas", heavy=True),
    Kind("graph-of-a-thing", "/graph?start=actor/armenia", ready=".canvas canvas", heavy=True, keys=False),
    Kind("networks", "/network"),
    Kind("map", "/map", ready=".leaflet-container path"),
    Kind("timeline", "/timeline"),
    Kind("figures", "/figures"),
    Kind("figures-of-a-measure", "/figures?measure=people-killed", keys=False),
    Kind("questions", "/questions"),
    Kind("question", "/questions/casualties"),
    Kind("editor", "/sparql", ready=".CodeMirror", heavy=True),
    Kind("ontology", "/ontology"),
    Kind("downloads", "/downloads"),
    Kind("search", "/search?q=Shusha"),
    Kind("search-none", "/search?q=zzzz"),
    Kind("nothing-there", "/actor/nobody-at-all", status=404),
)
