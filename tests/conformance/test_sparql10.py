"""The W3C's tests of SPARQL 1.0, asked of the endpoint over HTTP."""

from tests.conformance.asking import check
from tests.conformance.serving import Served
from tests.conformance.suites import Case

MANIFESTS = ("sparql10/manifest.ttl",)


def test_case(served: Served, case: Case, known_failures: dict[str, str]) -> None:
    check(served, case, known_failures)
