"""The reader with the operator's copy of a text and without, and that the copy is kept nowhere."""

import logging
import re
import textwrap
from dataclasses import replace
from pathlib import Path

import pytest
from flask.testing import FlaskClient

from kg.config import Config
from kg.store.embedded import EmbeddedEngine
from kg.web.app import create_app
from tests.conftest import REPO
from tests.web.test_pages import outline

TEXT = REPO / "tests" / "fixtures" / "web" / "border-2020.txt"
CROSSING, TOLLS, INTRODUCTION = (f"/section/border-2020/{number}" for number in ("2", "2.1", "1"))
PASSAGE = "/passage/border-2020/1100-1150_1160-1199"
WORDS = "Northland gave the ferry company maps of its buoys"


def reader(project: Config, engine: EmbeddedEngine, path: Path) -> FlaskClient:
    return create_app(replace(project, texts={"border-2020": path}), engine).test_client()


@pytest.fixture
def with_text(project: Config, engine: EmbeddedEngine) -> FlaskClient:
    return reader(project, engine, TEXT)


def page(client: FlaskClient, path: str) -> str:
    response = client.get(path, headers={"Accept": "text/html"})
    assert response.status_code == 200
    outline(response.text)
    assert len(set(re.findall(r'\bid="([^"]+)"', response.text))) == len(re.findall(r'\bid="([^"]+)"', response.text))
    return response.text


def test_passages_are_links_to_their_claims_and_claims_lead_back(with_text: FlaskClient) -> None:
    text = page(with_text, CROSSING)
    assert f'<a class="v own" href="#c-2-001" data-p="0">{WORDS}</a>, it says ' in text
    assert 'data-p="0">and nearly 97,000 of these were on them</a>' in text
    assert '<span class="at" id="at-1100-1150_1160-1199" data-n="0"></span><a class="v own"' in text
    assert '<li id="c-2-001" data-c="0">' in text
    assert 'href="#at-1100-1150_1160-1199"' in text
    assert 'href="/claim/border-2020/2-001"' in text
    assert '<sup><a href="/reference/border-2020/1" aria-label="Footnote 1">1</a></sup>' in text


def test_a_section_shows_its_own_stretch_with_its_pages(with_text: FlaskClient) -> None:
    text = page(with_text, CROSSING)
    assert '<a class="page inferred" id="p-3" href="/source/border-2020#page-3"' in text
    assert "Should the ferry stop" not in text, "that is the subsection's"
    assert 'Goes on in <a href="/section/border-2020/2.1">' in text
    below = page(with_text, TOLLS)
    assert 'class="v vague" href="#c-2-002"' in below
    assert 'id="note-1"' in below
    assert 'id="p-6"' in below
    assert 'rel="prev">← 2. The river crossing' in below


def test_the_copy_is_named_as_what_it_is(with_text: FlaskClient) -> None:
    text = page(with_text, CROSSING)
    assert "The text is the copy of whoever runs this server." in text
    assert '<a href="/actor/institute">River Institute</a>, is no part of this data set' in text
    assert "another extraction" not in text


def test_the_text_stays_text(with_text: FlaskClient) -> None:
    text = page(with_text, INTRODUCTION)
    assert "&lt;script&gt;alert(&#34;toll&#34;)&lt;/script&gt;" in text
    assert "<script>" not in text
    assert "<img" not in text
    assert "\u202e" not in text


@pytest.mark.parametrize("path", [CROSSING, TOLLS, PASSAGE])
def test_nobody_may_keep_a_page_that_shows_the_text(with_text: FlaskClient, path: str) -> None:
    response = with_text.get(path, headers={"Accept": "text/html", "Accept-Encoding": "gzip"})
    assert response.headers["Cache-Control"] == "private, no-store"
    assert "noindex" in response.headers["X-Robots-Tag"]
    assert "ETag" not in response.headers


def test_a_page_kept_from_a_server_without_the_text_is_not_taken_for_the_one_with_it(
    client: FlaskClient, with_text: FlaskClient
) -> None:
    tag = client.get(CROSSING, headers={"Accept": "text/html"}).headers["ETag"]
    again = {"Accept": "text/html", "If-None-Match": tag}
    assert client.get(CROSSING, headers=again).status_code == 304
    assert WORDS in with_text.get(CROSSING, headers=again).text


def test_the_text_is_in_no_data_no_log_and_no_file(
    with_text: FlaskClient, project: Config, caplog: pytest.LogCaptureFixture
) -> None:
    logging.getLogger("ascribe.access").propagate = True
    with caplog.at_level(logging.INFO, logger="ascribe.access"):
        assert WORDS in page(with_text, CROSSING)
        assert WORDS in page(with_text, PASSAGE)
    assert caplog.messages
    assert not any("ferry company" in message for message in caplog.messages)
    for path in (f"{CROSSING}.ttl", f"{PASSAGE}.jsonld", "/source/border-2020.nt", "/data", "/search?q=buoys"):
        assert "ferry company" not in with_text.get(path).text, path
    for path in filter(Path.is_file, project.build.rglob("*")):
        assert b"ferry company" not in path.read_bytes(), path


def test_a_passage_shows_its_words_and_leads_to_its_place(with_text: FlaskClient, client: FlaskClient) -> None:
    text = page(with_text, PASSAGE)
    assert f'{WORDS} <span class="quiet">[…]</span> and nearly 97,000 of these were on them' in text
    assert f'href="{CROSSING}#at-1100-1150_1160-1199"' in text
    without = client.get(PASSAGE, headers={"Accept": "text/html"})
    assert WORDS not in without.text
    assert without.headers["Cache-Control"] == "no-cache"
    assert f'href="{CROSSING}#at-1100-1150_1160-1199"' in without.text
    assert f'href="{CROSSING}#note-1"' in page(with_text, "/passage/border-2020/4800-4850")


def test_another_extraction_is_set_by_its_fingerprints(project: Config, engine: EmbeddedEngine, tmp_path: Path) -> None:
    paragraphs = TEXT.read_text("utf-8").replace("¹", "1").split("\n\n")
    wrapped = "\f\n\n".join(["Another cover", *(textwrap.fill(each, 50) for each in paragraphs)])
    other = tmp_path / "other.txt"
    other.write_text(wrapped, encoding="utf-8")
    text = page(reader(project, engine, other), CROSSING)
    assert "It is another extraction than the one that the data refers to" in text
    assert f'data-p="0">{WORDS}</a>, it says ' in " ".join(text.split())
    assert '<a href="/reference/border-2020/1" aria-label="Footnote 1">1</a></sup>' in text
    assert "Should the ferry" not in text
    assert 'id="p-3"' in text
    assert "The river crossing</p>" in text.replace('id="p-3"', "")


def test_what_is_not_found_in_the_copy_is_listed_with_its_claims(
    project: Config, engine: EmbeddedEngine, tmp_path: Path
) -> None:
    other = tmp_path / "other.txt"
    other.write_text(TEXT.read_text("utf-8").replace("97,000", "98,000"), encoding="utf-8")
    text = page(reader(project, engine, other), CROSSING)
    assert "Not found in this copy" not in text, "one of its two pieces is there"
    other.write_text(TEXT.read_text("utf-8").replace("97,000", "98,000").replace("its buoys", "them"), encoding="utf-8")
    text = page(reader(project, engine, other), CROSSING)
    assert 'Not found in this copy <small class="quiet">1 passage</small>' in text
    missing = text[text.index("Not found in this copy") :]
    assert 'id="at-1100-1150_1160-1199"' in missing
    assert 'id="c-2-001"' in missing


def test_without_a_copy_the_claims_follow_the_text_by_page(client: FlaskClient) -> None:
    text = page(client, CROSSING)
    assert "The text itself is not kept here." in text
    assert "kg serve --text border-2020=FILE" in text
    assert WORDS not in text
    assert '<a class="page inferred" id="p-3"' in text
    assert 'id="at-1100-1150_1160-1199"' in text
    assert 'id="c-2-001"' in text
    assert "<script" not in text.replace('<script type="application/ld+json">', "")  # which is no script
    two = page(client, INTRODUCTION)
    assert two.index('id="p-1"') < two.index('id="c-1-001"') < two.index('id="p-2"')
    assert "No claim of this section stands on it." in two


def test_claims_can_be_narrowed_down_by_kind_and_speaker(client: FlaskClient) -> None:
    text = page(client, CROSSING)
    for chosen in ("kind=FigureClaim", "speaker=actor%2Finstitute"):
        path = f"/claims?section=section%2Fborder-2020%2F2&amp;{chosen}"
        assert f'href="{path}"' in text
        assert "nearly 97,000 buoys" in page(client, path.replace("&amp;", "&"))


def test_the_number_of_claims_leads_to_the_query_that_counts_them(client: FlaskClient) -> None:
    for path in (CROSSING, TOLLS, INTRODUCTION):
        found = re.search(r'<a href="([^"]+)&amp;edit=1"><b>(\d+)</b> claims?</a> in this section', page(client, path))
        assert found, path
        assert client.get(f"{found[1]}&format=csv").text.split() == ["claims", found[2]]


def test_a_section_gives_its_claims_as_csv(client: FlaskClient) -> None:
    path = re.search(r'href="(/sparql[^"]+)">CSV of the claims', page(client, CROSSING))
    assert path
    rows = client.get(path[1].replace("&amp;", "&")).text.splitlines()
    assert rows[0] == "claim,text,speaker,modality,page,start,end"
    assert rows[1].endswith(",3,1100,1199")
    assert len(rows) == 2


def test_a_section_that_is_not_there_leads_to_those_that_are(client: FlaskClient) -> None:
    for path in ("/section/border-2020/9", "/section/none/1"):
        response = client.get(path, headers={"Accept": "text/html"})
        assert response.status_code == 404
    assert "Nothing stands at" in response.text
