"""Follows the links of pages: each address without parameters, and of those with parameters a few of each sort.

Filters lead to filters of filters without end. So of the addresses of one route with the same names of parameters
only the first few are followed, and a page that has parameters itself leads on only to addresses that have none.
"""

from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from urllib.parse import parse_qs, urlsplit

from flask.testing import FlaskClient
from werkzeug.exceptions import HTTPException, MethodNotAllowed
from werkzeug.routing import RequestRedirect

VARIANTS = 4  # addresses of one route with the same names of parameters


@dataclass
class Crawl:
    """What was met: status of each address and the page that led there, and the routes by their rule."""

    status: dict[str, int] = field(default_factory=dict)
    led: dict[str, str] = field(default_factory=dict)
    routes: Counter[str] = field(default_factory=Counter)

    def broken(self) -> dict[str, tuple[int, str]]:
        """Address → its status and the page that led there, of those that lead nowhere."""
        return {each: (found, self.led[each]) for each, found in self.status.items() if found not in (200, 302, 303)}


def crawl(client: FlaskClient, links: Callable[[str], list[str]], headers: dict[str, str], start: str = "/") -> Crawl:
    """Follow what leads on from a page; `links` gives the addresses that stand in a page's text."""
    found = Crawl(led={start: ""})
    waiting = [start]
    sorts: Counter[tuple[str, frozenset[str]]] = Counter()
    while waiting:
        path = waiting.pop()
        with client.get(path, headers=headers) as response:
            found.status[path] = response.status_code
            is_page = (
                response.status_code == 200
                and response.mimetype == "text/html"
                and "Content-Disposition" not in response.headers
            )
            addresses = links(response.text) if is_page else []
            addresses += [response.headers["Location"]] if response.status_code in (302, 303) else []
        found.routes[_route(client, path)] += 1
        for address in addresses:
            target = address.split("#")[0]
            if not target.startswith("/") or target.startswith("//") or target in found.led:
                continue
            asked = urlsplit(target).query
            if asked and urlsplit(path).query and response.status_code == 200:
                continue
            if asked:
                sort = (_route(client, target), frozenset(parse_qs(asked, keep_blank_values=True)))
                sorts[sort] += 1
                if sorts[sort] > VARIANTS:
                    continue
            found.led[target] = path
            waiting.append(target)
    return found


def _route(client: FlaskClient, address: str) -> str:
    """Return the rule of the route that answers at an address, empty where there is none."""
    try:
        rule, _ = client.application.url_map.bind("localhost").match(urlsplit(address).path, return_rule=True)
    except (HTTPException, MethodNotAllowed, RequestRedirect):
        return ""
    return rule.rule
