"""The endpoint passes what its engine passes: in process, that fails the known failures and no other case."""

from pathlib import Path

import pyoxigraph as ox
import pytest

from tests.conformance import results, suites
from tests.conformance.suites import Case
from tests.conftest import w3c_folder


def passes(folder: Path, case: Case) -> bool:
    """Return whether the engine itself answers a case as expected."""
    store = ox.Store()
    for graph, path in case.data:
        home = ox.NamedNode(graph) if graph else ox.DefaultGraph()
        form = suites.FORMATS[path.suffix]
        store.load(
            path.read_bytes(),
            format=form,
            base_iri=f"{suites.SITE}{path.relative_to(folder).as_posix()}",
            to_graph=home,
        )
    try:
        found = store.query(case.text)
    except SyntaxError:
        return case.kind.startswith("Negative")
    except RuntimeError:
        return case.is_syntax  # a function of the test's own
    if case.kind.startswith("Negative"):
        return False
    if case.is_syntax or case.result is None:
        return True
    if isinstance(found, ox.QueryTriples):
        given = results.answered(ox.serialize(found, format=ox.RdfFormat.N_TRIPLES) or b"", ".nt")
    else:
        suffix = case.result.suffix if case.result.suffix in results.ACCEPT else ".srj"
        table = ox.QueryResultsFormat.CSV if suffix == ".csv" else results.TABLES[suffix]
        given = results.answered(found.serialize(format=table) or b"", suffix)
    return results.same(given, results.expected(case.result, case.base), case.lax)


def test_the_known_failures_are_the_engine_s(pytestconfig: pytest.Config, known_failures: dict[str, str]) -> None:
    folder = w3c_folder(pytestconfig)
    if not (folder / "sparql11").is_dir():
        pytest.skip(f"no W3C suites in {folder}; name them with --w3c DIR")
    cases = [case for name in suites.QUERIES for case in suites.query_cases(folder, name)]
    failed = {case.name for case in cases if not passes(folder, case)}
    assert failed == set(known_failures)
