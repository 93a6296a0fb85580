"""Writes corpora of any size in the shape of the built graph: `python -m benchmarks.synthetic --quads 1000000 FILE`.

The shape is learnt from a build's store and held whole: each synthetic report has the structure of the real one, claim
by claim, so that kinds of claims, statements a claim, links, text lengths and graphs are distributed as they are there,
jointly. What is drawn from the seed is who fills each place, every word, every figure and fingerprint.

- Entities that many claims speak of, or that bear an identifier, are common to all reports; in each report half of them
  change places with others of the same classes. All other entities are each report's own. So the graph gains entities
  and hubs as it grows, and the classes that the ontology asks for stand in every place.
- Words are made of random letters, of the lengths and frequencies of the real ones. No word of a source is kept.
- The ontology and its vocabularies are the real ones, as are dates, pages, offsets and codes.
- The last report ends after the claim with which the number of quads is reached, with all that its claims rest on.

What a build computes from the graph as a whole (the networks) is not in a corpus. With `--build DIR` it is computed,
and a whole build laid out, which `kg --build-dir DIR serve` serves with all its pages. The same build, number and seed
give the same bytes.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import random
import re
from collections import defaultdict
from decimal import Decimal
from itertools import accumulate
from pathlib import Path
from typing import TYPE_CHECKING, Any

from benchmarks.layout import lay_out
from benchmarks.shape import BASE, ENTITIES, TOKEN, learn
from kg.vocab import ASC, RDF

if TYPE_CHECKING:
    from collections.abc import Iterator

    from benchmarks.shape import Node, Shape

ROOT = Path(__file__).resolve().parent.parent
IN_REPORT = ("source", "section", "passage", "reference", "claim", "statement", "figure")
_TRIES = 100  # of a text that another one has already: of one short word there are few
_URL = re.compile(r'"https?://[^/"]+')
_VOWELS, _CONSONANTS = "aeiou", "bcdfghjklmnprstvz"


class Words:
    """Draws words of given lengths, each length with a vocabulary as large and as unevenly used as the real one."""

    def __init__(self, shape: Shape, rng: random.Random) -> None:
        self._rng = rng
        self._known = {
            length: self._vocabulary(length, frequencies) for length, frequencies in sorted(shape.words.items())
        }
        self._drawn: dict[tuple[int, int], list[str]] = defaultdict(list)

    def _vocabulary(self, length: int, frequencies: list[int]) -> tuple[list[str], list[int]]:
        wanted = len(frequencies) if length > 2 else min(len(frequencies), (10, 80)[length - 1])
        found: dict[str, None] = {}
        while len(found) < wanted:
            start = self._rng.randrange(2)
            found["".join(self._rng.choice((_VOWELS, _CONSONANTS)[(start + n) % 2]) for n in range(length))] = None
        return list(found), list(accumulate(frequencies[:wanted]))

    def draw(self, length: int, case: int) -> str:
        """Return a word of a length, in small letters (0), with a capital (1) or in capitals (2)."""
        drawn = self._drawn[length, case]
        if not drawn:
            words, weights = self._known[length]
            some = self._rng.choices(words, cum_weights=weights, k=1000)
            drawn += [(str, str.capitalize, str.upper)[case](word) for word in some]
        return drawn.pop()


class Pattern:
    """Holds a text with a gap for each of its words."""

    __slots__ = ("_gaps", "_text")

    def __init__(self, text: str) -> None:
        gaps: list[tuple[int, int]] = []
        pieces: list[str] = []
        at = 0
        host = _URL.match(text)
        if host:
            pieces.append('"https://example.org')
            at = host.end()
        for match in TOKEN.finditer(text, at):
            word = match.group(2)
            if word:
                pieces += [text[at : match.start()].replace("%", "%%"), "%s"]
                gaps.append((len(word), 2 if word.isupper() and len(word) > 1 else int(word[0].isupper())))
                at = match.end()
        pieces.append(text[at:].replace("%", "%%"))
        self._text, self._gaps = "".join(pieces), tuple(gaps)

    def filled(self, words: Words) -> str:
        """Return the text with drawn words."""
        return self._text % tuple([words.draw(*gap) for gap in self._gaps])


class Writer:
    """Makes reports one after another from a shape and a seed."""

    def __init__(self, shape: Shape, seed: int) -> None:
        self.shape = shape
        self.rng = random.Random(seed)  # noqa: S311 - the same seed is to give the same corpus
        self.words = Words(shape, self.rng)
        self.patterns = {n: Pattern(shape.terms[n]) for n, node in shape.nodes.items() if node.kind == "text"}
        slugs = {(node.kind, node.slug) for node in shape.nodes.values() if node.kind in (*ENTITIES, "work")}
        self.numbers = {key: number for number, key in enumerate(sorted(slugs))}
        self.slugs = {key: Pattern(key[1]) for key in self.numbers}
        self.sources = sorted({node.slug for node in shape.nodes.values() if node.kind == "source"})
        self.common: dict[int, str] = {}
        self.taken: set[str] = set()  # texts of the report that is being made

    def quads(self, limit: int) -> Iterator[str]:
        """Yield lines of N-Quads, as many as whole claims make up to a limit."""
        report = 0
        while limit > 0:
            # what is common comes with the first report
            numbers = [n for n in range(len(self.shape.quads)) if report == 0 or not self.shape.fixed[n]]
            if len(numbers) > limit:
                numbers = self._cut(numbers, limit)
            if not numbers:
                return
            last = self.shape.units[numbers[-1]] if report == 0 else self.shape.claims
            yield from self._report(report, numbers, last)
            limit -= len(numbers)
            if len(numbers) < len(self.shape.quads) - sum(self.shape.fixed):
                return
            report += 1

    def _cut(self, numbers: list[int], limit: int) -> list[int]:
        """Return the quads of the first claims, all of a claim or none."""
        last = self.shape.units[numbers[limit]]
        return [n for n in numbers[:limit] if self.shape.units[n] < last]

    def _report(self, report: int, numbers: list[int], last: int) -> Iterator[str]:
        """Yield a report's quads; what is common has come into the graph up to the unit `last`."""
        shape = self.shape
        own = list(shape.terms)
        self.taken.clear()
        factor = self.rng.randint(1, 9)
        slugs = {key: f"{each.filled(self.words)}-{report}-{self.numbers[key]}" for key, each in self.slugs.items()}
        for number, node in shape.nodes.items():
            own[number] = self._made(number, node, report, slugs, factor)
        if report == 0:
            self.common = {n: own[n] for n, node in shape.nodes.items() if node.common}
        itself = list(own)
        for number, text in self.common.items():
            own[number] = itself[number] = text
        for alike in shape.swaps:
            group = [number for number in alike if shape.nodes[number].unit <= last]
            moved = self.rng.sample(group, len(group) // 2)
            for number, other in zip(moved, self.rng.sample(moved, len(moved)), strict=True):
                own[number] = self.common[other]
        for number in numbers:
            terms = itself if shape.fixed[number] else own
            s, p, o, g = shape.quads[number]
            yield f"{terms[s]} {terms[p]} {terms[o]} {terms[g]}{' .' if terms[g] else '.'}\n"

    def _text(self, pattern: Pattern) -> str:
        """Return a text that the report does not have yet, so that no thing has two names that are one."""
        for _ in range(_TRIES):
            text = pattern.filled(self.words)
            if text not in self.taken:
                break
        self.taken.add(text)
        return text

    def _made(self, number: int, node: Node, report: int, slugs: dict[tuple[str, str], str], factor: int) -> str:
        match node.kind:
            case "text":
                return self._text(self.patterns[number])
            case "hash":
                return f'"{self.rng.getrandbits(256):064x}"'
            case "number":
                value, _, datatype = self.shape.terms[number][1:].partition('"')
                return f'"{Decimal(value) * factor}"{datatype}'  # a whole factor, so that parts still sum up
            case kind if kind in IN_REPORT or kind == "graph/entailed":
                slug = f"report-{report:04}-{self.sources.index(node.slug)}" if node.slug in self.sources else node.slug
                return f"<{BASE}{kind}/{slug}{node.rest}>"
            case kind:
                return f"<{BASE}{kind}/{slugs[kind, node.slug]}{node.rest}>"


def write(build: Path, path: Path, quads: int, seed: int) -> dict[str, Any]:
    """Write a corpus as N-Quads and return its facts: quads, claims, entities, digest, and what it was made from."""
    shape = learn(build)
    digest = hashlib.sha256()
    written = claims = entities = 0
    claim = f"<{BASE}claim/"
    is_claim = f" <{RDF}type> <{ASC}Claim> ."
    is_named = "<http://www.w3.org/2004/02/skos/core#prefLabel> "
    part = path.with_name(f".{path.name}.part")
    with part.open("wb") as file:
        for line in Writer(shape, seed).quads(quads):
            data = line.encode()
            file.write(data)
            digest.update(data)
            written += 1
            claims += is_claim in line and line.startswith(claim)
            entities += is_named in line and line.startswith(f"<{BASE}")
    part.replace(path)
    return {
        "quads": written,
        "claims": claims,
        "entities": entities,
        "seed": seed,
        "base": BASE,
        "digest": digest.hexdigest(),
        "from": shape.digest,
    }


def main(arguments: list[str] | None = None) -> None:
    """Write a corpus, a build of it, or both."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.synthetic", description=__doc__.split("\n\n")[0])
    parser.add_argument("file", type=Path, nargs="?", help="where to write the N-Quads")
    parser.add_argument("--quads", type=int, required=True, help="how many, at most; whole claims are written")
    parser.add_argument("--seed", type=int, default=1, help="[default: 1]")
    parser.add_argument("--from", dest="source", type=Path, default=ROOT / "build" / "current", metavar="BUILD")
    parser.add_argument("--build", type=Path, metavar="DIR", help="also lay out a build below this folder")
    given = parser.parse_args(arguments)
    if not given.file and not given.build:
        parser.error("name a FILE, --build DIR, or both")
    if given.build:
        given.build.mkdir(parents=True, exist_ok=True)
    path = given.file or given.build / "corpus.nq"
    facts = write(given.source, path, given.quads, given.seed)
    if given.build:
        lay_out(path, facts, given.build)
        if not given.file:
            path.unlink()
    print(json.dumps(facts, indent=1))


if __name__ == "__main__":
    main()
