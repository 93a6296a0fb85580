"""Validates an RO-Crate without a network: `python crate.py CACHE FOLDER SEVERITY`, in the checkers' own environment.

The validator reads the crate's JSON-LD context over HTTP; here its cache is given the copy that the library `rocrate`
brings along (that of RO-Crate 1.3, in which each term of 1.2 that releases use has the same IRI).
"""

import json
import sys
from importlib import resources
from pathlib import Path

from requests_cache import CachedRequest, CachedResponse, CachedSession
from rocrate_validator import models, services

CONTEXT = "https://w3id.org/ro/crate/1.2/context"


def fill(cache: Path) -> None:
    """Put the context into the validator's cache."""
    content = resources.files("rocrate").joinpath("data/ro-crate.jsonld").read_bytes()
    session = CachedSession(cache_name=str(cache), backend="sqlite", expire_after=-1)
    request = CachedRequest(method="GET", url=CONTEXT)
    headers = {"Content-Type": "application/ld+json"}
    response = CachedResponse(status_code=200, url=CONTEXT, headers=headers, request=request, content=content)
    session.cache.save_response(response, cache_key=session.cache.create_key(request))
    session.close()


def main(cache: Path, folder: Path, severity: str) -> None:
    """Print the issues as JSON."""
    fill(cache)
    settings = services.ValidationSettings(
        rocrate_uri=str(folder),
        profile_identifier="ro-crate-1.2",
        requirement_severity=models.Severity[severity],
        offline=True,
        skip_availability_check=True,  # whether addresses resolve
        cache_path=cache,
    )
    result = services.validate(settings)
    found = [[issue.severity.name, issue.check.name, issue.message] for issue in result.get_issues()]
    print(json.dumps({"checks": len(result.executed_checks), "issues": found}))


if __name__ == "__main__":
    main(Path(sys.argv[1]), Path(sys.argv[2]), sys.argv[3])
