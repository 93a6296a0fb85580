"""Documents that can drift are what the program says now."""

import importlib.util
import json
import re
from types import ModuleType

from kg.cli import _table
from kg.config import Config
from kg.formats import RDF_FORMATS
from kg.store.answering import answer
from kg.vocab import SCHEME_NAMES
from tests.conftest import REPO


def generator() -> ModuleType:
    spec = importlib.util.spec_from_file_location("generate", REPO / "docs" / "generate.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def test_the_page_of_commands_is_current() -> None:
    page = (REPO / "docs" / "commands.md").read_text(encoding="utf-8")
    assert page == generator().commands_page(), "run: python docs/generate.py"


def test_every_link_in_the_documents_leads_somewhere() -> None:
    for document in (REPO / "README.md", *(REPO / "docs").glob("*.md")):
        for target in re.findall(r"\]\(([^)#]+)\)", document.read_text(encoding="utf-8")):
            assert target.startswith("http") or (document.parent / target).exists(), f"{document.name}: {target}"


def test_the_question_of_the_readme_has_that_answer(built: Config) -> None:
    readme = (REPO / "README.md").read_text(encoding="utf-8")
    query, shown = re.findall(r"```(?:sparql)?\n(PREFIX.*?|measure .*?)```", readme, re.DOTALL)
    base = "https://w3id.org/ascribe/karabakh/"
    assert _table(answer(built, query), base) == shown.strip()


def test_every_key_of_the_schema_is_in_the_context_and_on_the_page() -> None:
    schema = json.loads((REPO / "ontology/schemas/curated.schema.json").read_text(encoding="utf-8"))["$defs"]
    context = json.loads((REPO / "ontology/context.jsonld").read_text(encoding="utf-8"))["@context"]
    page = (REPO / "docs/data-format.md").read_text(encoding="utf-8")
    for kind in ("claim", "statement", "figure", "entity", "provision", "reference", "source", "section", "page"):
        for key in schema[kind]["properties"]:
            inner = [value["@context"] for value in context.values() if isinstance(value, dict) and "@context" in value]
            assert key in context or any(key in each for each in inner), f"{kind}: {key} has no meaning in the context"
            assert re.search(rf"\b{key}\b", page), f"{kind}: {key} is not explained in docs/data-format.md"


def test_no_relation_is_hidden_by_a_key_of_the_context() -> None:
    """`p: label` must not become skos:prefLabel: a relation named as a key would have the key's meaning."""
    context = json.loads((REPO / "ontology/context.jsonld").read_text(encoding="utf-8"))["@context"]
    ontology = (REPO / "ontology/ascribe.ttl").read_text(encoding="utf-8")
    relations = set(re.findall(r"(?m)^asc:(\w+) a [^;]*asc:Relation", ontology))
    assert len(relations) > 100
    for name in relations & context.keys():
        meaning = context[name]["@id"] if isinstance(context[name], dict) else context[name]
        assert meaning == f"asc:{name}", f"the relation {name} would be read as {meaning}"


def test_every_vocabulary_is_known_to_the_code() -> None:
    assert sorted(path.stem for path in (REPO / "ontology/vocabularies").glob("*.ttl")) == sorted(SCHEME_NAMES)


def test_formats_have_their_own_keys_and_suffixes() -> None:
    assert len({each.key for each in RDF_FORMATS}) == len({each.suffix for each in RDF_FORMATS}) == len(RDF_FORMATS)
