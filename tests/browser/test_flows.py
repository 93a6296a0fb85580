"""What readers do: search, narrow down, walk the graph, save it, ask in the editor, and pass links on."""

import json
from pathlib import Path
from xml.etree import ElementTree as ET

from playwright.sync_api import Page, expect

from tests.browser.conftest import Opens
from tests.browser.pages import Kind

OVERVIEW = Kind("overview", "/")
CLAIMS = Kind("claims", "/claims")
GRAPH = Kind("graph", "/graph?start=actor/armenia&count=10", ready=".canvas canvas")
EDITOR = Kind("editor", "/sparql", ready=".CodeMirror")
POSITIONS = "JSON.stringify(graph.nodes().map((each) => [each.id(), each.position()]))"


def drawn(page: Page) -> set[str]:
    """The ids of the things in the drawing."""
    return set(page.evaluate("graph.nodes().map((each) => each.id())"))


def ask(page: Page, query: str) -> None:
    """Put a query into the editor and run it."""
    page.evaluate("(query) => document.querySelector('.CodeMirror').CodeMirror.setValue(query)", query)
    page.get_by_role("button", name="Run").click()


def test_search_finds_a_place_in_another_script(visit: Opens) -> None:
    page = visit(OVERVIEW).page
    page.locator("main [type=search]").fill("Շուշի")
    page.locator("main [type=search]").press("Enter")
    page.locator("main").get_by_role("link", name="Shusha", exact=True).first.click()
    expect(page.locator("h1")).to_have_text("Shusha")


def test_facets_narrow_and_their_removal_widens(visit: Opens) -> None:
    page = visit(CLAIMS).page
    page.get_by_role("checkbox", name="figure claim").check()
    page.wait_for_url("**kind=FigureClaim*")
    expect(page.locator("#claims")).not_to_have_attribute("aria-busy", "true")
    few = page.locator("#claims [role=status]").inner_text()
    page.locator("#q").fill("mines")
    page.locator("#q").press("Enter")
    page.wait_for_url("**q=mines*")
    expect(page.locator("#claims [role=status]")).not_to_have_text(few)
    expect(page.locator(".claim").first).to_contain_text("mine", ignore_case=True)
    page.get_by_role("link", name="Clear all").click()
    page.wait_for_url("**/claims")
    page.go_back()
    page.wait_for_url("**q=mines*")
    expect(page.locator("#q")).to_have_value("mines")


def test_on_a_phone_the_facets_close_over_the_claims_that_they_chose(visit: Opens) -> None:
    page = visit(CLAIMS, 390).page
    page.locator("#filters > summary").click()
    page.get_by_role("checkbox", name="figure claim").check()
    page.wait_for_url("**kind=FigureClaim*")
    page.get_by_role("button", name="Show these claims").click()
    expect(page.locator("#filters")).not_to_have_attribute("open", "")
    expect(page.locator("#claims")).to_be_focused()
    expect(page.locator("#claims [role=status]")).to_be_in_viewport()


def test_the_graph_grows_by_a_things_neighbours(visit: Opens) -> None:
    page = visit(GRAPH).page
    before = drawn(page)
    page.evaluate("() => { graph.nodes('[!start]').first().emit('tap') }")
    expect(page.locator("#panel h2")).to_be_visible()
    expect(page.locator("#panel")).to_contain_text("neighbours shown")
    page.get_by_role("link", name="Show its neighbours").click()
    page.wait_for_url("**expand=**")
    page.wait_for_function("(size) => graph.nodes().length > size", arg=len(before))
    assert before < drawn(page)
    expect(page.locator(".status b")).to_have_text(
        f"{len(drawn(page))} of {page.locator('.status b').inner_text().split()[-1]}"
    )


def test_an_edge_opens_its_claims(visit: Opens) -> None:
    page = visit(GRAPH).page
    page.evaluate("() => { graph.edges('[status = \"stated\"]').first().emit('tap') }")
    page.locator("#panel .told p:not(.by) a").first.click()
    page.wait_for_url("**/claim/**")


def test_the_shortest_path_is_told_by_its_claims(visit: Opens) -> None:
    page = visit(Kind("graph", "/graph", ready=".canvas canvas")).page
    page.get_by_text("Filters, size, shortest path").click()
    page.get_by_label("Shortest path from").fill("Nikol Pashinyan")
    page.get_by_label("to", exact=True).fill("Shusha")
    page.get_by_role("button", name="Find it").click()
    expect(page.locator("#panel h2")).to_contain_text("Shortest path:")
    steps = page.locator("ol.path > li")
    assert steps.count() >= 1
    assert steps.locator(".told a").count() >= steps.count()
    page.wait_for_function("graph.edges('[?path]').length > 0")
    assert page.evaluate("graph.edges('[?path]').length") == steps.count()


def test_the_drawing_is_saved_in_three_formats(visit: Opens, tmp_path: Path) -> None:
    page = visit(GRAPH).page
    names = page.evaluate("graph.nodes().map((each) => each.data('label'))")
    files = {}
    for name in ("SVG", "PNG", "GraphML"):
        with page.expect_download() as coming:
            page.locator(".canvas .buttons").get_by_text(name, exact=True).click()
        files[name] = tmp_path / coming.value.suggested_filename
        coming.value.save_as(files[name])
    drawing = ET.parse(files["SVG"]).getroot()
    texts = " ".join("".join(each.itertext()) for each in drawing.iter("{http://www.w3.org/2000/svg}text"))
    assert all(word in texts for name in names for word in name.split())
    assert files["PNG"].read_bytes().startswith(b"\x89PNG")
    assert files["PNG"].stat().st_size > 10_000
    nodes = list(ET.parse(files["GraphML"]).getroot().iter("{http://graphml.graphdrawing.org/xmlns}node"))
    assert len(nodes) == len(names)


def test_a_link_shows_another_reader_the_same_drawing(visit: Opens) -> None:
    page = visit(GRAPH).page
    page.evaluate("""() => { // as if it had been dragged there
        const node = graph.nodes('[!start]').first();
        node.position({ x: 321, y: -123 });
        node.emit('dragfree');
    }""")
    page.wait_for_function("location.hash.startsWith('#at=')")
    other = visit(Kind("graph", page.url.removeprefix(page.url.split("/graph")[0]), ready=".canvas canvas")).page
    for one, same in zip(json.loads(page.evaluate(POSITIONS)), json.loads(other.evaluate(POSITIONS)), strict=True):
        assert one[0] == same[0]
        assert abs(one[1]["x"] - same[1]["x"]) + abs(one[1]["y"] - same[1]["y"]) < 2, one[0]
    assert abs(page.evaluate("graph.zoom()") - other.evaluate("graph.zoom()")) < 0.01


def test_the_editor_answers_with_names_in_place(visit: Opens) -> None:
    page = visit(EDITOR).page
    ask(
        page,
        "PREFIX asc: <https://w3id.org/ascribe/ns#>\nSELECT DISTINCT ?who WHERE { ?claim asc:claimant ?who } LIMIT 9",
    )
    expect(page.locator("table.answer tbody tr")).to_have_count(9)
    expect(page.locator("table.answer")).not_to_contain_text("w3id.org")
    expect(page.locator("#answer .tools")).to_contain_text("CSV")


def test_the_editor_says_why_there_is_nothing(visit: Opens) -> None:
    page = visit(EDITOR).page
    ask(page, "PREFIX asc: <https://w3id.org/ascribe/ns#>\nSELECT ?claim WHERE { ?claim asc:claiment ?who }")
    expect(page.locator("#answer h2")).to_contain_text("0 rows")
    expect(page.locator("#answer .because")).to_contain_text("claim")


def test_the_editor_completes_from_the_graph(visit: Opens) -> None:
    page = visit(EDITOR).page
    page.evaluate("""() => {
        const editor = document.querySelector('.CodeMirror').CodeMirror;
        editor.setValue('PREFIX asc: <https://w3id.org/ascribe/ns#>\\nSELECT * WHERE { ?claim asc:claima');
        editor.setCursor(editor.lineCount(), 0);
        editor.focus();
    }""")
    page.keyboard.press("Control+Space")
    expect(page.locator(".CodeMirror-hints")).to_contain_text("asc:claimant")


def test_a_mark_on_the_map_opens_what_is_claimed_of_the_place(visit: Opens) -> None:
    page = visit(Kind("map", "/map", ready=".leaflet-container path")).page
    page.get_by_role("button", name="Shusha:").press("Enter")
    expect(page.locator(".leaflet-popup")).to_contain_text("Shusha")
