"""The claims as networks: who stands in a claim with whom, who is said to do what to whom, who speaks of whom, on what.

Each network is a projection of the same claims, and each of its edges keeps the claims that it rests on. They are
computed once a build (:mod:`kg.network.projecting`, :mod:`kg.network.measuring`), published as RDF
(:mod:`kg.network.publishing`), drawn (:mod:`kg.network.drawing`), and given as files (:mod:`kg.network.writing`).
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Projection:
    """Describes one network: its name, title, whether its edges have a direction, and what nodes and edges are."""

    name: str
    title: str
    directed: bool
    nodes: str
    edges: str


PROJECTIONS = {
    each.name: each
    for each in (
        Projection(
            "co-occurrence",
            "Named in the same claim",
            False,
            "everything that a claim is about, or that one of its statements or figures names",
            "the same claim names both; the weight is the number of such claims",
        ),
        Projection(
            "actors",
            "Actor to actor",
            True,
            "actors",
            "a claim states, or denies, a relation of the first actor to the second",
        ),
        Projection(
            "speakers",
            "Speaker to target",
            True,
            "actors",
            "the first actor makes a claim that names the second, another one",
        ),
        Projection(
            "citations",
            "Claims and the works they rest on",
            True,
            "claims with a footnote, the works cited there, and their outlets",
            "a claim cites a work; a work appeared in an outlet",
        ),
        Projection(
            "outlets",
            "Speakers and the outlets they rest on",
            True,
            "speakers and outlets",
            "a claim of the speaker cites a work of the outlet",
        ),
        Projection(
            "relations",
            "Relations between things",
            True,
            "everything that a statement of a claim is about",
            "a claim states, or denies, a relation of the first thing to the second; or one follows from such claims",
        ),
    )
}
