"""Asks one case of the server and says what is wrong with the answer."""

from tests.conformance import results
from tests.conformance.serving import Served
from tests.conformance.suites import Case

JSON = "application/sparql-results+json"
GRAPH = "application/n-triples"


def fault(served: Served, case: Case) -> str:
    """Return what is wrong with the endpoint's answer to a case, or nothing."""
    served.put(case.data)
    suffix = case.result.suffix if case.result is not None and case.result.suffix in results.ACCEPT else ".srj"
    accept = f"{results.ACCEPT[suffix]}, {GRAPH};q=0.5, application/problem+json;q=0.1"
    response = served.client.post(
        "/sparql",
        content=case.text.encode(),
        headers={"Content-Type": "application/sparql-query", "Accept": accept},
    )
    if response.status_code >= 500:
        return f"status {response.status_code}: {response.text}"
    if case.kind.startswith("Negative"):
        return "" if response.status_code == 400 else f"status {response.status_code} for what is no query"
    if response.status_code != 200:
        if case.is_syntax and "is not supported" in response.text:
            return ""  # a function of the test's own was read as one; to call it is another matter
        return f"status {response.status_code}: {response.text}"
    if case.is_syntax or case.result is None:
        return ""
    given = response.headers["Content-Type"].split(";")[0]
    if given not in (results.ACCEPT[suffix], GRAPH):
        return f"the answer is {given}"
    found = results.answered(response.content, ".nt" if given == GRAPH else suffix)
    wanted = results.expected(case.result, case.base)
    return "" if results.same(found, wanted, case.lax) else f"expected {wanted}, found {found}"


def check(served: Served, case: Case, known: dict[str, str]) -> None:
    """Assert that a case passes, or fails where it is known to."""
    said = fault(served, case)
    if case.name in known:
        assert said, f"{case.name} passes now: take it out of known-failures.yaml"
    else:
        assert not said, said
