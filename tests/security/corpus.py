"""What an attacker sends: each attack with the statuses that may answer it, and never another.

`STOPPED` is for queries without an end: a limit stops them. `CHEAP` is for what may yet be answered whole.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from urllib.parse import quote, urlencode

STOPPED = frozenset({413, 503, 504})
CHEAP = STOPPED | {200, 400}
REFUSED = frozenset({400})
FORBIDDEN = frozenset({403})
XSS = "\"'></textarea><script>alert(1)</script>"
FORM, DIRECT, UPDATE = "application/x-www-form-urlencoded", "application/sparql-query", "application/sparql-update"


@dataclass(frozen=True, slots=True)
class Attack:
    """One request and the statuses that may answer it; 0 stands for a connection that is closed."""

    name: str
    expected: frozenset[int]
    path: str = "/sparql"
    method: str = "GET"
    body: bytes | None = None
    headers: dict[str, str] = field(default_factory=dict)


def asked(name: str, query: str, expected: frozenset[int], **parameters: str) -> Attack:
    """A query in a form, as most clients send it."""
    return Attack(
        name, expected, "/sparql", "POST", urlencode({"query": query, **parameters}).encode(), {"Content-Type": FORM}
    )


def direct(name: str, query: str | bytes, expected: frozenset[int], kind: str = DIRECT) -> Attack:
    """A query as a body of its own."""
    body = query.encode("utf-8", "surrogatepass") if isinstance(query, str) else query
    return Attack(name, expected, "/sparql", "POST", body, {"Content-Type": kind})


UPDATES = {
    "insert data": "INSERT DATA { <a:s> <a:p> 1 }",
    "insert data, lower case": "insert data { <a:s> <a:p> 1 }",
    "insert, comment inside": "INSERT # SELECT\n DATA { <a:s> <a:p> 1 }",
    "delete where": "DELETE WHERE { ?s ?p ?o }",
    "delete data": "DELETE DATA { <a:s> <a:p> 1 }",
    "delete insert": "DELETE { ?s ?p ?o } INSERT { ?s ?p 1 } WHERE { ?s ?p ?o }",
    "with": "WITH <a:g> DELETE { ?s ?p ?o } WHERE { ?s ?p ?o }",
    "clear all": "CLEAR ALL",
    "clear silent": "cLeAr SiLeNt DEFAULT",
    "drop all": "DROP ALL",
    "drop graph": "DROP GRAPH <a:g>",
    "create": "CREATE GRAPH <a:g>",
    "copy": "COPY DEFAULT TO <a:g>",
    "move": "MOVE DEFAULT TO <a:g>",
    "add": "ADD DEFAULT TO <a:g>",
    "load": "LOAD <http://127.0.0.1:1/>",
    "load into": "LOAD SILENT <file:///etc/passwd> INTO GRAPH <a:g>",
    "prefix named select": "PREFIX select: <http://x/SELECT> INSERT DATA { <a:s> <a:p> 1 }",
    "update after base": "BASE <http://select/> INSERT DATA { <a:s> <a:p> 1 }",
    "update in two": "INSERT DATA { <a:s> <a:p> 1 } ; DELETE WHERE { ?s ?p ?o }",
}
FEDERATED = {
    "service": "SELECT * { SERVICE <URL> { ?s ?p ?o } }",
    "service silent": "SELECT * { SERVICE SILENT <URL> { ?s ?p ?o } }",
    "service, mixed case": "SELECT * { sErViCe <URL> { ?s ?p ?o } }",
    "service, comment": "SELECT * { SERVICE#x\n<URL>{} }",
    "service, prefixed": "PREFIX x: <URL> SELECT * { SERVICE x: {} }",
    "service, default prefix": "PREFIX : <URL> SELECT * { {}SERVICE:x{} }",
    "service after number": "SELECT * { ?s ?p 1SERVICE<URL>{} }",
    "service after dot": "SELECT * { ?s ?p 1.SERVICE<URL>{} }",
    "service after true": "SELECT * { ?s ?p trueSERVICE<URL>{} }",
    "service of a variable": "SELECT * { BIND(<URL> AS ?u) SERVICE ?u {} }",
    "service of values": "SELECT * { VALUES ?u { <URL> } SERVICE ?u { ?s ?p ?o } }",
    "service escaped": r"SELECT * { \u0053ERVICE <URL> {} }",
    "service escaped long": r"SELECT * { SERV\U00000049CE <URL> {} }",
    "service nested": "SELECT * { { SELECT * { OPTIONAL { { SERVICE <URL> { ?s ?p ?o } } } } } }",
    "service in exists": "SELECT * { FILTER EXISTS { SERVICE <URL> { ?s ?p ?o } } }",
    "service in minus": "SELECT * { ?s ?p ?o MINUS { SERVICE <URL> { ?s ?p ?o } } }",
    "service in construct": "CONSTRUCT { ?s ?p ?o } WHERE { SERVICE <URL> { ?s ?p ?o } }",
    "service in ask": "ASK { SERVICE <URL> {} }",
    "service in describe": "DESCRIBE ?s { SERVICE <URL> { ?s ?p ?o } }",
    "service in a string's end": r'SELECT * { ?s ?p "\u0022 . SERVICE <URL> {} #\u0022 }',
    "load of the listener": "LOAD <URL>",
    "load of the listener, silent": "LOAD SILENT <URL> INTO GRAPH <a:g>",
}
OUTSIDE = {  # FROM names graphs of the store: nothing is fetched or opened, there is none by that name
    "from": "SELECT * FROM <URL> { ?s ?p ?o }",
    "from named": "SELECT * FROM NAMED <URL> { GRAPH ?g { ?s ?p ?o } }",
    "from file": "SELECT * FROM <file:///etc/passwd> { ?s ?p ?o }",
    "from named file": "SELECT * FROM NAMED <file:///etc/passwd> { GRAPH ?g { ?s ?p ?o } }",
    "graph": "SELECT * { GRAPH <URL> { ?s ?p ?o } }",
    "describe": "DESCRIBE <URL>",
    "iri of a file": "SELECT * { <file:///etc/passwd> ?p ?o }",
}
TRIPLES = " . ".join(f"?a{n} ?b{n} ?c{n}" for n in range(6))
GROW = "".join(f'BIND(REPLACE(?x{n}, "a", ?x{n}) AS ?x{n + 1}) ' for n in range(12))
DOUBLE = "".join(f"BIND(CONCAT(?x{n}, ?x{n}) AS ?x{n + 1}) " for n in range(40))
BOMBS = {
    "cartesian product, counted": f"SELECT (COUNT(*) AS ?n) {{ {TRIPLES} }}",
    "cartesian product, all": f"SELECT * {{ {TRIPLES} }}",
    "cartesian product, distinct": f"SELECT DISTINCT ?a0 ?c5 {{ {TRIPLES} }} ORDER BY ?c5",
    "cartesian product, grouped": f"SELECT ?a0 (COUNT(*) AS ?n) {{ {TRIPLES} }} GROUP BY ?a0 ?a1 ?a2 ?a3",
    "cartesian product, sorted": f"SELECT * {{ {TRIPLES} }} ORDER BY ?c0 ?c1 ?c2 ?c3 LIMIT 1",
    "cartesian product, constructed": f"CONSTRUCT {{ ?a0 ?b1 ?c2 }} WHERE {{ {TRIPLES} }}",
    "cartesian product of subqueries": "SELECT (COUNT(*) AS ?n) { "
    + " ".join(f"{{ SELECT ?a{n} {{ ?a{n} ?b ?c }} }}" for n in range(6))
    + " }",
    "offset far away": f"SELECT * {{ {TRIPLES} }} OFFSET 100000000000 LIMIT 1",
    "minus of products": f"SELECT (COUNT(*) AS ?n) {{ {TRIPLES} MINUS {{ {TRIPLES} }} }}",
    "optional products": "SELECT (COUNT(*) AS ?n) { ?a ?b ?c "
    + " ".join(f"OPTIONAL {{ ?d{n} ?e{n} ?f{n} }}" for n in range(6))
    + " }",
    "any path between all": "SELECT (COUNT(*) AS ?n) { ?a (!<a:x>)* ?b . ?c (!<a:x>)* ?d . ?e (!<a:x>)* ?f . ?g ?h ?i }",
    "nested group_concat": "SELECT (GROUP_CONCAT(?y; separator=',') AS ?z) { "
    f"{{ SELECT (GROUP_CONCAT(STR(?c0)) AS ?y) {{ {TRIPLES} }} GROUP BY ?a0 }} }}",
    "samples of a product": f"SELECT (MAX(CONCAT(STR(?c0), STR(?c1))) AS ?n) {{ {TRIPLES} }}",
    "distinct counts": f"SELECT (COUNT(DISTINCT *) AS ?n) {{ {TRIPLES} }}",
}
HEAVY = {  # bounded by the data, the text or a limit: whole, or stopped
    "exists over a product": f"ASK {{ {TRIPLES} FILTER NOT EXISTS {{ ?a0 ?a1 ?a2 . ?x ?y ?z }} FILTER(?a0 = 'x') }}",
    "cartesian product, filtered": f"SELECT * {{ {TRIPLES} FILTER(?a0 = ?c5 && ?a1 = ?c0 && false || STR(?a0) = 'x') }}",
    "replace grows squared": f'SELECT (STRLEN(?x12) AS ?n) {{ BIND("{"a" * 64}" AS ?x0) {GROW} }}',
    "concat doubles": f'SELECT (STRLEN(?x40) AS ?n) {{ BIND("{"a" * 64}" AS ?x0) {DOUBLE} }}',
    "group_concat of a product": "SELECT (GROUP_CONCAT(CONCAT(STR(?a), STR(?d), STR(?g))) AS ?x) { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i }",
    "encode_for_uri grows": 'SELECT (STRLEN(?y) AS ?n) { BIND("%%%%%%%%" AS ?x) '
    + "".join(f"BIND(ENCODE_FOR_URI({'?x' if n == 0 else f'?x{n}'}) AS ?x{n + 1}) " for n in range(30))
    + "BIND(?x30 AS ?y) }",
    "catastrophic regex": f'SELECT * {{ FILTER(REGEX("{"a" * 5000}!", "^(a+)+$")) }}',
    "regex alternatives": f'SELECT * {{ FILTER(REGEX("{"a" * 5000}!", "^(a|a)*$")) }}',
    "regex counts": 'SELECT * { ?s ?p ?o FILTER(REGEX(STR(?o), "(.{1,1000}){1,1000}")) }',
    "regex counts nested": 'SELECT * { ?s ?p ?o FILTER(REGEX(STR(?o), "((a{0,100}){0,100}){0,100}")) }',
    "regex from data": "SELECT * { ?s ?p ?o . ?x ?y ?z FILTER(REGEX(STR(?o), STR(?z))) }",
    "replace by regex": 'SELECT (REPLACE(STR(?o), "(.*)(.*)(.*)(.*)x", "$1$2$3$4") AS ?x) { ?s ?p ?o }',
    "path of everything": "SELECT (COUNT(*) AS ?n) { ?a (!<a:x>)+ ?b }",
    "path both ways": "SELECT (COUNT(*) AS ?n) { ?a (!<a:x>|!(^<a:x>))* ?b }",
    "path nested stars": "SELECT (COUNT(*) AS ?n) { ?a ((((!<a:x>)*)*)*)* ?b }",
    "path chained": "SELECT (COUNT(*) AS ?n) { ?a " + "/".join(["(!<a:x>)*"] * 10) + " ?b }",
    "path in a loop": "SELECT (COUNT(*) AS ?n) { ?a (<a:x>?)* ?b . ?b (!<a:x>)* ?a }",
    "huge sort": "SELECT * { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i } ORDER BY ?i ?f ?c DESC(?a)",
    "sort by long strings": "SELECT ?a { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i } ORDER BY CONCAT(STR(?a), STR(?c), STR(?i))",
    "describe everything": "DESCRIBE * { ?a ?b ?c . ?d ?e ?f }",
    "construct new nodes": "CONSTRUCT { [] <a:p> [] , [] , [] } WHERE { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i }",
    "uuid for a product": "SELECT (UUID() AS ?x) { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i }",
    "100,000 values": "SELECT * { VALUES ?x { " + "<a:b> " * 100_000 + "} }",
    "values times values": "SELECT * { VALUES ?x { " + "1 " * 20_000 + "} VALUES ?y { " + "2 " * 20_000 + "} }",
    "in a long list": "SELECT * { ?s ?p ?o FILTER(?o IN (" + ",".join(map(str, range(50_000))) + ")) }",
    "10,000 variables": "SELECT * { " + " ".join(f"BIND({n} AS ?v{n})" for n in range(1500)) + " }",
    "hash bombs": "SELECT (SHA512(CONCAT(STR(?a), STR(?d), STR(?g))) AS ?x) { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i }",
    "huge numbers": "SELECT (1" + "0" * 100_000 + " * 9" + "9" * 100_000 + " AS ?x) {}",
    "huge exponents": "SELECT (1e999999999 * 1e999999999 AS ?x) (-9223372036854775808 / -1 AS ?y) {}",
    "integers at the edge": "SELECT (9223372036854775807 + 1 AS ?x) (-9223372036854775807 - 2 AS ?y) (1/0 AS ?z) {}",
    "dates at the edge": 'SELECT ("999999999999999999-01-01T00:00:00Z"^^<http://www.w3.org/2001/XMLSchema#dateTime> AS ?x) {}',
    "durations at the edge": 'SELECT (NOW() + "P99999999999999999Y"^^<http://www.w3.org/2001/XMLSchema#duration> AS ?x) {}',
    "substr at the edge": 'SELECT (SUBSTR("abc", -9223372036854775807, 9223372036854775807) AS ?x) {}',
    "long variable": "SELECT ?" + "x" * 500_000 + " {}",
    "long iri": "SELECT * { <http://" + "x" * 500_000 + "> ?p ?o }",
    "long literal": 'SELECT ("' + "x" * 900_000 + '" AS ?x) {}',
    "long comment": "# " + "x" * 900_000 + "\nASK {}",
    "limit at the edge": "SELECT * { ?s ?p ?o } LIMIT 18446744073709551615 OFFSET 18446744073709551615",
    "limit beyond": "SELECT * { ?s ?p ?o } LIMIT 99999999999999999999999999",
}
DEEP = {
    "10,000 parentheses": "SELECT * { FILTER(" + "(" * 10_000 + "1" + ")" * 10_000 + ") }",
    "10,000 braces": "ASK " + "{" * 10_000 + "}" * 10_000,
    "10,000 brackets": "SELECT * { ?s ?p " + "[ ?a " * 10_000 + "1" + "]" * 10_000 + " }",
    "10,000 lists": "SELECT * { ?s ?p " + "( " * 10_000 + ") " * 10_000 + " }",
    "10,000 optionals": "SELECT * { " + "OPTIONAL { ?s ?p ?o " * 10_000 + "}" * 10_000 + " }",
    "50,000 unions": "SELECT * { {} " + "UNION {} " * 50_000 + "}",
    "10,000 exclamation marks": "SELECT * { FILTER(" + "!" * 10_000 + "?x) }",
    "10,000 minus signs": "SELECT (" + "- " * 10_000 + "1 AS ?x) {}",
    "50,000 sums": "SELECT (" + "1+" * 50_000 + "1 AS ?x) {}",
    "50,000 ors": "SELECT * { FILTER(" + "?x||" * 50_000 + "?x) }",
    "10,000 carets in a path": "SELECT * { ?s " + "^" * 10_000 + "<a:p> ?o }",
    "50,000 steps of a path": "SELECT * { ?s " + "<a:p>/" * 50_000 + "<a:p> ?o }",
    "10,000 nested calls": "SELECT (" + "STR(" * 10_000 + "1" + ")" * 10_000 + " AS ?x) {}",
    "10,000 subqueries": "SELECT * { { " * 10_000 + "} } " * 10_000,
    "50,000 binds": "SELECT * { " + "BIND(1 AS ?x) " * 50_000 + "}",
    "50,000 filters": "SELECT * { " + "FILTER(1) " * 50_000 + "}",
    "10,000 exists": "SELECT * { " + "FILTER EXISTS { " * 10_000 + "}" * 10_000 + " }",
    "unclosed braces": "SELECT * { " * 10_000,
    "unclosed string": 'SELECT ("' + "x" * 100_000,
    "mixed brackets": "SELECT * { " + "([{" * 5_000,
}
WRONG = {
    "nothing": "",
    "a nul": "\x00",
    "a nul within": "ASK {\x00}",
    "a byte order mark": "\ufeffSELECT",
    "control characters": "\x01\x02\x03\x1b[31m",
    "only quotes": "'\"" * 50_000,
    "only angle brackets": "<" * 100_000,
    "only backslashes": "\\" * 100_000,
    "sql": "'; DROP TABLE claims; --",
    "a shell": "$(touch /tmp/x); `id`",
    "a template": "{{ 7*7 }}{% for x in ().__class__.__base__.__subclasses__() %}",
    "a format string": "%s%n%x {0.__class__}",
    "bad escapes": r"ASK { ?s ?p '\uD800\uDFFF\U0011FFFF' }",
    "bad language": 'ASK { ?s ?p "x"@-- }',
    "undeclared prefix": "ASK { nix:a nix:b nix:c }",
    "relative iris": "ASK { <../../etc/passwd> <a b> <c> }",
    "two queries": "ASK {} ASK {}",
    "a query and an update": "ASK {} ; INSERT DATA { <a:s> <a:p> 1 }",
    "markup": XSS,
}
HTML = {"Accept": "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8"}
OPEN = frozenset({200, 303, 308, 400, 404})


def _encoded(**parameters: str) -> str:
    return "/sparql?" + urlencode(parameters)


REQUESTS = (
    # the protocol
    Attack("update field", FORBIDDEN, method="POST", body=b"update=CLEAR+ALL", headers={"Content-Type": FORM}),
    Attack("update field beside a query", FORBIDDEN, method="POST", body=b"query=ASK+%7B%7D&update=CLEAR+ALL", headers={"Content-Type": FORM}),
    Attack("update in the address", FORBIDDEN, "/sparql?update=CLEAR%20ALL"),
    direct("update as body", "CLEAR ALL", FORBIDDEN, UPDATE),
    direct("query as update", "ASK {}", FORBIDDEN, UPDATE),
    direct("update as query", "CLEAR ALL", FORBIDDEN),
    Attack("update type in capitals", FORBIDDEN, method="POST", body=b"CLEAR ALL", headers={"Content-Type": "APPLICATION/SPARQL-UPDATE; charset=utf-8"}),
    Attack("two queries", REFUSED, "/sparql?query=ASK%20%7B%7D&query=ASK%20%7B%7D"),
    Attack("query in both places", REFUSED, "/sparql?query=ASK%20%7B%7D", "POST", b"query=ASK+%7B%7D", {"Content-Type": FORM}),
    Attack("2,000 parameters", REFUSED, "/sparql?" + "&".join(f"a{n}=1" for n in range(2000))),
    Attack("1,500 graphs", REFUSED | {413}, method="POST", body=("query=ASK+%7B%7D" + "&default-graph-uri=a%3Ab" * 1500).encode(), headers={"Content-Type": FORM}),
    Attack("900 graphs", frozenset({200}), method="POST", body=("query=ASK+%7B%7D" + "&default-graph-uri=a%3Ab" * 900).encode(), headers={"Content-Type": FORM}),
    Attack("graph that is no iri", REFUSED, _encoded(query="ASK {}", **{"default-graph-uri": "> } INSERT"})),
    Attack("graph of a file", frozenset({200}), _encoded(query="SELECT * {?s ?p ?o}", **{"default-graph-uri": "file:///etc/passwd"})),
    *(Attack(f"timeout {value}", REFUSED, _encoded(query="ASK {}", timeout=value)) for value in ("-1", "0", "nan", "inf", "1e400", "soon", "1;2", "0x10")),
    Attack("timeout beyond the limit", frozenset({200}), _encoded(query="ASK {}", timeout="99999999")),
    Attack("timeout beyond the limit, a bomb", STOPPED, _encoded(query=BOMBS["cartesian product, counted"], timeout="99999999")),
    Attack("format that is none", frozenset({406}), _encoded(query="ASK {}", format="../../etc/passwd")),
    Attack("format with a line break", frozenset({406}), _encoded(query="ASK {}", format="json\r\nSet-Cookie: a=b")),
    Attack("invalid utf-8 in the address", REFUSED, "/sparql?query=ASK%20%7B%7D%FF%FE"),
    direct("invalid utf-8 in the body", b"ASK { <a:\xff> ?p ?o }", REFUSED),
    direct("latin-1", "ASK { <a:é> ?p ?o }".encode("latin-1"), REFUSED),
    direct("utf-16", "ASK {}".encode("utf-16"), REFUSED),
    direct("lone surrogates", "ASK { ?s ?p '\ud800' }", REFUSED),
    Attack("charset utf-7", frozenset({415}), method="POST", body=b"ASK {}", headers={"Content-Type": f"{DIRECT}; charset=utf-7"}),
    Attack("json body", frozenset({415}), method="POST", body=b"{}", headers={"Content-Type": "application/json"}),
    Attack("multipart body", frozenset({415}), method="POST", body=b"--x\r\nContent-Disposition: form-data; name=query\r\n\r\nASK {}\r\n--x--", headers={"Content-Type": "multipart/form-data; boundary=x"}),
    Attack("multipart without an end", frozenset({415}), method="POST", body=b"--x\r\n" * 50_000, headers={"Content-Type": "multipart/form-data; boundary=x"}),
    Attack("xml body", frozenset({415}), method="POST", body=b'<!DOCTYPE a [<!ENTITY b SYSTEM "file:///etc/passwd">]><a>&b;</a>', headers={"Content-Type": "application/xml"}),
    Attack("body without a type", frozenset({415}), method="POST", body=b"ASK {}"),
    Attack("content type of 50 kB", frozenset({415}), method="POST", body=b"ASK {}", headers={"Content-Type": "a/" + "b" * 50_000}),
    direct("10 MB query", "ASK {}" + " " * 10 * 2**20, frozenset({413})),
    asked("2 MB query", "ASK {}" + " " * 2 * 2**20, frozenset({413})),
    Attack("10 MB of parameters", frozenset({413}), method="POST", body=b"a=b&" * 2_500_000, headers={"Content-Type": FORM}),
    Attack("20 MB body", frozenset({0, 413}), method="POST", body=b"a" * 20 * 2**20, headers={"Content-Type": DIRECT}),
    Attack("60 kB address", frozenset({200}), "/sparql?query=ASK%20%7B%7D&x=" + "x" * 60_000),
    *(Attack(f"method {method}", frozenset({405}), "/sparql?query=ASK%20%7B%7D", method) for method in ("PUT", "DELETE", "PATCH", "TRACE", "CONNECT", "PROPFIND", "BREW")),
    Attack("overridden method", frozenset({200}), "/sparql?query=ASK%20%7B%7D", headers={"X-HTTP-Method-Override": "DELETE"}),
    *(Attack(f"method {method} on a page", frozenset({405}), "/", method) for method in ("POST", "PUT", "DELETE", "TRACE")),
    # headers
    Attack("Accept of 5,000 types", frozenset({200, 406}), _encoded(query="ASK {}"), headers={"Accept": ", ".join(f"a/b{n};q=0.{n % 10}" for n in range(5000))}),
    Attack("Accept of 50,000 commas", frozenset({200, 406}), _encoded(query="ASK {}"), headers={"Accept": "," * 50_000}),
    Attack("Accept of 50,000 semicolons", frozenset({200, 406}), _encoded(query="ASK {}"), headers={"Accept": "text/csv" + ";" * 50_000}),
    Attack("Accept with absurd weights", frozenset({200, 406}), _encoded(query="ASK {}"), headers={"Accept": "text/csv;q=nan, */*;q=1e999, a/b;q=-1"}),
    Attack("Accept that is no list", frozenset({200, 406}), _encoded(query="ASK {}"), headers={"Accept": "%00%0a\t'\"<>;;==,,q=q=q="}),
    Attack("Accept-Encoding of 5,000", frozenset({200}), _encoded(query="ASK {}"), headers={"Accept-Encoding": ", ".join(f"x{n};q=0.5" for n in range(5000))}),
    Attack("If-None-Match of 5,000", frozenset({200}), _encoded(query="ASK {}"), headers={"If-None-Match": ", ".join(f'W/"{n}"' for n in range(5000))}),
    Attack("If-None-Match that is none", frozenset({200}), _encoded(query="ASK {}"), headers={"If-None-Match": '"' * 5000}),
    Attack("absurd dates", frozenset({200}), _encoded(query="ASK {}"), headers={"If-Modified-Since": "Sat, 99 Foo 99999 99:99:99 GMT"}),
    Attack("absurd ranges", frozenset({200, 206, 416}), "/static/style.css", headers={"Range": "bytes=" + ",".join("0-" for _ in range(1000))}),
    Attack("ranges of an answer", frozenset({200}), _encoded(query="ASK {}"), headers={"Range": "bytes=0-0,-1"}),
    Attack("cookies", frozenset({200}), "/", headers={"Cookie": "a=b;" * 5000}),
    Attack("forwarded", frozenset({200}), "/health", headers={"X-Forwarded-For": "1.2.3.4", "X-Forwarded-Host": "evil", "X-Forwarded-Proto": "javascript", "Forwarded": "for=evil"}),
    Attack("other host", frozenset({200, 400}), "/.well-known/void", headers={"Host": "evil.example"}),
    Attack("host with markup", frozenset({200, 400}), "/.well-known/void", headers={"Host": 'x"><script>alert(1)</script>'}),
    Attack("host with a line of turtle", frozenset({200, 400}), "/.well-known/void", headers={"Host": "x> . <a:s> <a:p> <a:o> . <http://x"}),
    Attack("origin null", frozenset({200}), _encoded(query="ASK {}"), headers={"Origin": "null"}),
    Attack("preflight", frozenset({200, 204}), method="OPTIONS", headers={"Origin": "http://evil", "Access-Control-Request-Method": "DELETE", "Access-Control-Request-Headers": "X\tY"}),
    # addresses
    *(
        Attack(f"traversal {path}", frozenset({400, 404, 405}) | ({308} if "//" in path else frozenset()), path)
        for path in (
            "/static/../../../../etc/passwd", "/static/%2e%2e/%2e%2e/%2e%2e/etc/passwd", "/static/..%2f..%2f..%2fetc%2fpasswd",
            "/static/....//....//etc/passwd", "/static/%252e%252e/app.py", "/static//etc/passwd", "/static/\\..\\..\\app.py",
            "/static/%00", "/static/style.css%00.html", "/..%2f..%2fetc/passwd", "/actor/../../../etc/passwd",
            "/actor/%2e%2e%2f%2e%2e%2fetc%2fpasswd", "/actor/northland%00", "/actor/northland%0d%0aSet-Cookie:a=b",
            "/graph/../../../etc/passwd", "/source/file:///etc/passwd", "/.git/config", "/.env", "/kg/config.py", "/build/current/build.json",
            "/wp-login.php", "/actor/" + "a/" * 3000, "/actor/" + "%F0%9F%92%A3" * 500, "/actor/%FF%FE", "/" + "%25" * 1000 + "41",
        )
    ),
    *(
        Attack(f"breaking out of a query: {quote(name)[:40]}", frozenset({400, 404}), "/actor/" + quote(name))
        for name in ("x> } INSERT", "x>} SERVICE <http://127.0.0.1:1/> {", "x\"'<>{}|^`\\", "x> ?p ?o . ?a ?b ?c . <y")
    ),
    *(Attack(f"page {value}", REFUSED, f"/actor?page={quote(value)}") for value in ("0", "-1", "99999999999999999999", "1e9", "٣", "²", "1 OR 1=1", "%00")),
    Attack("kind that is none", REFUSED, "/search?q=a&kind=" + quote(XSS)),
    *(Attack(f"search {quote(words)[:40]}", frozenset({200}), "/search?q=" + quote(words)) for words in ('"' * 400, "*", "NEAR(a b", "a" * 5000, "' OR 1=1 --", "\x00", "(" * 500, "title:x^2")),
    # markup in whatever comes back
    *(
        Attack(f"markup in {path[:40]}", OPEN | {403, 406}, path + quote(XSS), headers=HTML)
        for path in (
            "/search?q=", "/search?kind=", "/search?page=", "/sparql?query=", "/sparql?edit=1&query=", "/sparql?query=ASK%20%7B%7D&format=",
            "/sparql?query=ASK%20%7B%7D&timeout=", "/sparql?query=ASK%20%7B%7D&default-graph-uri=", "/sparql?query=ASK%20%7B%7D&named-graph-uri=",
            "/sparql?update=", "/actor?page=", "/actor/", "/actor/northland?show=", "/actor/northland?page=", "/claim/", "/source/", "/", "/graph/",
            "/data?graph=", "/data?default&format=", "/ontology?x=",
        )
    ),
    Attack("markup from a query", frozenset({200}), _encoded(query="SELECT ('</td><script>alert(1)</script>' AS ?x) ('javascript:alert(1)' AS ?y) (IRI('javascript:alert(1)') AS ?z) {}"), headers=HTML),
    Attack("markup as a graph", frozenset({200}), _encoded(query="CONSTRUCT { <a:s> <a:p> '</pre><script>alert(1)</script>' } WHERE {}"), headers=HTML),
    Attack("markup in a variable's place", REFUSED, _encoded(query="SELECT ?<script>alert(1)</script> {}"), headers=HTML),
    Attack("markup as xml", frozenset({200}), _encoded(query="SELECT ('<script xmlns=\"http://www.w3.org/1999/xhtml\">alert(1)</script>' AS ?x) {}", format="xml")),
)  # fmt: skip


def queries() -> list[Attack]:
    """All attacks that are a query in a form."""
    found = [asked(f"update: {name}", text, FORBIDDEN) for name, text in UPDATES.items()]
    found += [asked(f"bomb: {name}", text, STOPPED) for name, text in BOMBS.items()]
    found += [asked(f"heavy: {name}", text, CHEAP) for name, text in HEAVY.items()]
    found += [asked(f"deep: {name}", text, REFUSED) for name, text in DEEP.items()]
    found += [asked(f"wrong: {name}", text, frozenset({400, 403})) for name, text in WRONG.items()]
    return found
