"""The redirects that stand ready for w3id.org: they keep to that project's rules, and lead to what is served."""

import re
from dataclasses import dataclass
from pathlib import Path

import pytest
from flask.testing import FlaskClient

from tests.conftest import REPO

FOLDER = REPO / "w3id" / "ascribe"
HOST = "https://ascribe.example"
BROWSER = "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8"


@dataclass(frozen=True)
class Rule:
    """A RewriteRule, with the conditions before it: patterns of the Accept header, and whether they are denied."""

    pattern: str
    target: str
    flags: tuple[str, ...]
    conditions: tuple[tuple[bool, str], ...]


def rules(path: Path = FOLDER / ".htaccess") -> list[Rule]:
    found, conditions = [], list[tuple[bool, str]]()
    lines = [line for line in path.read_text("utf-8").splitlines() if line and not line.startswith("#")]
    assert lines.pop(0) == "RewriteEngine on"
    for line in lines:
        directive, *rest = line.split()
        if directive == "RewriteCond":
            variable, pattern = rest
            assert variable == "%{HTTP_ACCEPT}"
            conditions.append((pattern.startswith("!"), pattern.removeprefix("!")))
            continue
        assert directive == "RewriteRule", "redirects and nothing else"
        pattern, target, flags = rest
        found.append(Rule(pattern, target, tuple(flags.strip("[]").split(",")), tuple(conditions)))
        conditions = []
    assert not conditions
    return found


def led(iri: str, accept: str = "*/*") -> tuple[int, str]:
    """Status and target of the first rule that fits, as mod_rewrite follows them in a folder."""
    path = iri.removeprefix("https://w3id.org/ascribe/").partition("#")[0]
    for rule in rules():
        match = re.search(rule.pattern, path)
        if match and all(bool(re.search(each, accept)) != denied for denied, each in rule.conditions):
            target = re.sub(r"\$(\d)", lambda found: match[int(found[1])] or "", rule.target)  # noqa: B023 - used at once
            return int(next(flag for flag in rule.flags if flag.startswith("R="))[2:]), target
    return 404, ""


def test_the_rules_keep_to_what_w3id_takes() -> None:
    content = (FOLDER / ".htaccess").read_bytes()
    assert content.endswith(b"\n")
    assert b"\r" not in content
    assert not re.search(rb"[ \t]$", content, re.MULTILINE)
    assert b"GitHub username:" in content
    assert {path.name for path in FOLDER.iterdir()} == {".htaccess", "README.md"}
    for rule in rules():
        assert rule.target.startswith(f"{HOST}/")
        assert rule.flags in (("R=303", "L"), ("R=302", "L"))  # a permanent redirect cannot be taken back
        assert rule.pattern.startswith("^")
        assert rule.pattern.endswith("$")
        assert not re.search(r"(?<!\\)\.(?![+*])", rule.pattern), "literal dots are escaped"


@pytest.mark.parametrize("path", ["ns", "ns/", "ns/0.1.0", "ns/12.3.45"])
@pytest.mark.parametrize(
    ("accept", "suffix"),
    [
        ("text/turtle", ".ttl"),
        ("application/ld+json, application/json;q=0.5", ".jsonld"),
        ("application/rdf+xml", ".rdf"),
        ("application/n-triples", ".nt"),
        (BROWSER, ""),
        ("text/html, text/turtle;q=0.5", ""),
        ("*/*", ""),
        ("", ""),
    ],
)
def test_the_ontology_and_its_versions_are_negotiated(path: str, accept: str, suffix: str) -> None:
    assert led(f"https://w3id.org/ascribe/{path}", accept) == (303, f"{HOST}/{path.rstrip('/')}{suffix}")


@pytest.mark.parametrize(
    ("path", "target"),
    [
        ("karabakh", "/"),
        ("karabakh/", "/"),
        ("karabakh/version/0.1.0", "/version/0.1.0"),
        ("karabakh/claim/air-center-2021/2-245", "/claim/air-center-2021/2-245"),
        ("karabakh/claim/air-center-2021/2-245#assertion", "/claim/air-center-2021/2-245"),
        ("karabakh/downloads/karabakh.ttl", "/downloads/karabakh.ttl"),
        ("karabakh/np/RAh2TYYgHSXicwUVcVQNazHlOXSc", "/np/RAh2TYYgHSXicwUVcVQNazHlOXSc"),
        ("karabakh/sparql", "/sparql"),
        ("ns/measure/mines-mapped", "/ns/measure/mines-mapped"),
        ("ns#Claim", "/ns"),
    ],
)
def test_each_identifier_leads_to_its_address(path: str, target: str) -> None:
    assert led(f"https://w3id.org/ascribe/{path}") == (303, HOST + target)


def test_what_is_no_identifier_leads_nowhere() -> None:
    assert led("https://w3id.org/ascribe/nsx") == (404, "")
    assert led("https://w3id.org/ascribe/other/claim/x") == (404, "")
    assert led("https://w3id.org/ascribe/") == (302, f"{HOST}/")


@pytest.mark.parametrize(
    "accept", ["text/turtle", "application/ld+json", "application/rdf+xml", "application/n-triples", BROWSER]
)
@pytest.mark.parametrize(
    "path", ["ns", "ns/0.1.0", "karabakh/", "karabakh/version/0.1.0", "karabakh/claim/river-report/1-001"]
)
def test_what_they_lead_to_is_served_as_it_is_asked_for(published: FlaskClient, path: str, accept: str) -> None:
    _, target = led(f"https://w3id.org/ascribe/{path}", accept)
    response = published.get(target.removeprefix(HOST), headers={"Accept": accept}, follow_redirects=True)
    assert (response.status_code, response.mimetype) == (200, accept.split(",")[0])
