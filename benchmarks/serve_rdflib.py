"""Serves N-Quads with rdflib-endpoint: `python serve_rdflib.py memory|oxigraph FILE PORT`, in the peers' environment.

As the package's own `rdflib-endpoint serve`, but for the default graph: that command serves the union of all graphs,
and here the assertion graphs are to stand apart, as on the other peers.
"""

import sys

import uvicorn
from rdflib import Dataset
from rdflib_endpoint import SparqlEndpoint


def dataset(kind: str, path: str) -> Dataset:
    """Return a dataset with the file's quads, in rdflib's own store or in Oxigraph's, both in memory."""
    if kind == "memory":
        found = Dataset(default_union=False)
        found.parse(path, format="nquads")
        return found
    import pyoxigraph
    from oxrdflib.store import OxigraphStore

    store = pyoxigraph.Store()
    store.bulk_load(path=path, format=pyoxigraph.RdfFormat.N_QUADS)
    return Dataset(store=OxigraphStore(store=store), default_union=False)


if __name__ == "__main__":
    app = SparqlEndpoint(graph=dataset(sys.argv[1], sys.argv[2]), path="/sparql")
    uvicorn.run(app, host="127.0.0.1", port=int(sys.argv[3]), log_level="warning")
