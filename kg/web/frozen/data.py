"""What the static copy's own pages read in the browser: the words and facets of all things, and the networks.

Each is a script that sets a name of the window, and no JSON file: a page that is opened as a file, without a server,
may load scripts and nothing else.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from kg.network import PROJECTIONS
from kg.store import search, spellings
from kg.store.choice import NAMES, Choice
from kg.store.facets import Facets
from kg.store.networks import Networks
from kg.web.frozen.addresses import target

if TYPE_CHECKING:
    from collections.abc import Sequence

    from kg.web.site import Site

_NETWORKS = ("relations", "co-occurrence")


def search_script(site: Site) -> str:
    """Return the script with all that can be searched: things with their names, claims with their facets."""
    build = site.build()
    names: dict[str, int] = {}
    facets: list[list[str]] = []
    of_claim: dict[str, list[int]] = {}
    with Facets(build.search) as read:
        for name in NAMES:
            values = read.counts(Choice(), name, None).values
            site.learn(value.iri for value in values if value.iri)
            for value in values:
                facets.append([name, value.key, site.label(value.iri).text if value.iri else value.key])
                bits = read.chosen(Choice(values={name: [value.key]}))
                for iri in read.claims(bits, limit=bits.bit_count()):
                    of_claim.setdefault(iri, []).append(len(facets) - 1)
    things, texts = [], []
    for each in search.everything(build.search):
        path = site.path(each.iri)
        if path is None:
            continue
        own = [names.setdefault(name, len(names)) for name in each.names.split(" · ") if name]
        body = "" if each.body in (each.label, each.title) else each.body
        texts.append(each.label + body)
        things.append([each.kind, target(path).file, each.label, body, own, of_claim.get(each.iri, [])])
    letters = "".join(sorted({*"".join(names), *(letter for text in texts for letter in text)}))
    latin = {letter: spellings.fold(letter) for letter in letters if not letter.isascii() and letter.isalpha()}
    return _script("ascribeIndex", {"latin": latin, "names": list(names), "facets": facets, "things": things})


def graph_script(site: Site) -> str:
    """Return the script with the networks that the static graph page walks."""
    networks = {}
    things: dict[str, int] = {}
    base = site.build().base
    with Networks(site.build().search) as read:
        for name in _NETWORKS:
            edges = read.edges(name)
            site.learn({edge.relation for edge in edges if edge.relation})
            networks[name] = {
                "title": PROJECTIONS[name].title,
                "directed": PROJECTIONS[name].directed,
                "edges": [
                    [
                        things.setdefault(edge.source, len(things)), things.setdefault(edge.target, len(things)),
                        site.label(edge.relation).text if edge.relation else "", edge.status, edge.weight,
                    ]
                    for edge in edges
                ],
            }  # fmt: skip
        told = read.things(things)
    shown = [[key, target(site.path(base + key) or "/").file, told[key].label, told[key].kind] for key in things]
    return _script("ascribeGraph", {"things": shown, "networks": networks})


def cytoscape_script(module: str) -> str:
    """Return the drawing library as a plain script, from its module: `export{x as default};` ends that."""
    code, found, _ = module.rpartition("export{")
    name = module[len(code) + len(found) :].partition(" as default}")[0]
    return f"(()=>{{{code}window.cytoscape={name};}})();\n"


def shapes_script(texts: Sequence[str]) -> str:
    """Return the script with the coasts and borders of the map, from the texts of their JSON files."""
    return _script("ascribeShapes", [json.loads(text) for text in texts])


def _script(name: str, content: Any) -> str:
    return f"window.{name} = {json.dumps(content, ensure_ascii=False, separators=(',', ':'))};\n"
