"""What the editor completes with: the terms of the graph, in one bounded answer that need not be sent twice."""

from flask.testing import FlaskClient

ASC = "https://w3id.org/ascribe/ns#"


def test_the_terms_are_those_of_the_ontology(client: FlaskClient) -> None:
    response = client.get("/sparql/terms.json")
    assert (response.status_code, response.mimetype) == (200, "application/json")
    found = response.get_json()
    assert found["prefixes"]["asc"] == ASC
    assert found["classes"] == [[f"{ASC}State", "state"]]
    assert [f"{ASC}handedOver", "handed over"] in found["properties"]
    assert ["http://www.w3.org/1999/02/22-rdf-syntax-ns#subject", ""] in found["properties"]
    assert ["https://w3id.org/ascribe/ns/modality/conditional", "conditional"] in found["concepts"]
    for kind in ("classes", "properties", "concepts"):
        names = [iri for iri, _ in found[kind]]
        assert len(set(names)) == len(names), "each once"


def test_the_terms_are_sent_once_a_build(client: FlaskClient) -> None:
    tag = client.get("/sparql/terms.json").headers["ETag"]
    assert client.get("/sparql/terms.json", headers={"If-None-Match": tag}).status_code == 304
