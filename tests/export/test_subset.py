"""A part of the graph stands by itself, holds what was asked for and nothing else, and a wrong name is answered."""

import re
import shutil
from pathlib import Path

import pyoxigraph as ox
import pytest

from kg import build
from kg.config import Config
from kg.errors import UsageError
from kg.export.publication import DEFAULT, Publication
from kg.export.release import render
from kg.export.subset import Selection, select
from kg.formats import EXPORTS
from kg.vocab import ASC, RDF, SCHEMES
from tests.export.conftest import Release
from tests.test_build import finished, kg


def chosen(publication: Publication, **fields: tuple[str, ...] | str) -> set[str]:
    part = select(publication, Selection(**fields))  # type: ignore[arg-type]
    return {part.nodes.name(claim).split("/", 1)[1] for claim in part.nodes.of_type("Claim")}


def test_options_choose_claims(tiny_release: Release) -> None:
    whole = tiny_release.publication
    every = {name.removeprefix(f"{whole.base}claim/") for name in whole.nodes.of_type("Claim")}
    assert chosen(whole, source=("river-report",)) == every
    assert chosen(whole, speaker=("actor/vague-observers",)) == {"river-report/1-003"}
    first, second = chosen(whole, section=("river-report/1",)), chosen(whole, section=("river-report/2",))
    assert first | second == every
    assert not first & second
    figures = {"river-report/1-002", "river-report/2-002", "river-report/2-004"}
    assert chosen(whole, kind=("FigureClaim",)) == figures
    assert chosen(whole, kind=("FigureClaim", "PositionClaim")) == figures | {"river-report/1-003"}
    assert chosen(whole, kind=("FigureClaim",), section=("river-report/2",)) == figures - {"river-report/1-002"}
    assert "river-report/1-001" in chosen(whole, about=("place/long-river",))
    assert chosen(whole, claim=("river-report/2-003",)) == {"river-report/2-003"}


def test_a_section_brings_those_inside_it(real_release: Release) -> None:
    found = chosen(real_release.publication, section=("air-center-2021/5",))
    assert {name.split("/")[1].split("-")[0] for name in found} == {"5", "5.1", "5.2"}


def test_dates_choose_what_may_have_happened_then(real_release: Release) -> None:
    whole = real_release.publication
    since, until = chosen(whole, since="2021-06"), chosen(whole, until="1999")
    dated = chosen(whole, since="0001")
    assert since | until <= dated
    assert "air-center-2021/1-001" not in since  # 2020-09-27/2020-11-10
    assert "air-center-2021/1-001" in chosen(whole, since="2020-11-10", until="2020-12")
    assert "air-center-2021/2-245" not in dated  # it has no date


def test_a_part_stands_by_itself(release: Release) -> None:
    whole = release.publication
    some = whole.nodes.of_type("Claim")[::3]
    part = select(whole, Selection(claim=tuple(each.removeprefix(f"{whole.base}claim/") for each in some)))
    assert set(part.nodes.of_type("Claim")) == set(some)
    plain = [quad for quad in part.corpus if quad.graph_name == DEFAULT]
    described = {quad.subject.value for quad in (*plain, *part.ontology) if isinstance(quad.subject, ox.NamedNode)}
    named = {term.value for quad in plain for term in (quad.predicate, quad.object) if isinstance(term, ox.NamedNode)}
    ours = {name for name in named if name.startswith((whole.base, ASC, SCHEMES)) and not name.endswith("#assertion")}
    assert ours <= described
    assert set(part.corpus) < set(whole.corpus)
    lost = {quad for quad in whole.corpus if quad.subject.value in some and quad.graph_name == DEFAULT} - set(
        part.corpus
    )
    assert {quad.object.value for quad in lost} <= set(whole.nodes.of_type("Claim"))
    asserted = {str(quad.graph_name).strip("<>").removesuffix("#assertion") for quad in part.corpus} - {"DEFAULT"}
    assert asserted <= set(some)


@pytest.mark.parametrize("form", EXPORTS)
def test_a_part_has_every_format(tiny_release: Release, form: str) -> None:
    whole = tiny_release.publication
    part = select(whole, Selection(claim=("river-report/2-002",)))
    text = render(whole, part, form).decode()
    assert text == render(whole, part, form).decode()
    if form not in ("csvw", "codebook"):
        assert "2-002" in text
        assert not re.search(r"1-00[1-9]\b", text)
    assert (
        render(whole, whole, form)
        == (tiny_release.folder / EXPORTS[form].format("claims" if form == "csv" else "tiny")).read_bytes()
    )


def test_turtle_and_trig_of_a_part_are_read_back(tiny_release: Release) -> None:
    whole = tiny_release.publication
    part = select(whole, Selection(kind=("FigureClaim",)))
    for form, kind in (("trig", ox.RdfFormat.TRIG), ("jsonld", ox.RdfFormat.JSON_LD), ("nquads", ox.RdfFormat.N_QUADS)):
        assert set(ox.parse(render(whole, part, form), format=kind)) == set(part.quads()), form
    for form, kind in (("turtle", ox.RdfFormat.TURTLE), ("rdfxml", ox.RdfFormat.RDF_XML)):
        assert set(ox.parse(render(whole, part, form), format=kind)) == set(part.triples()), form


@pytest.mark.parametrize(
    ("fields", "message"),
    [
        ({"about": ("place/long-rivr",)}, r"no entity place/long-rivr\. Did you mean place/long-river"),
        ({"about": ("long-river",)}, r"no entity long-river\. Did you mean place/long-river\?$"),
        ({"speaker": ("actor/northland-x",)}, r"no speaker actor/northland-x"),
        ({"section": ("2",)}, r"no section 2\. Did you mean river-report/2\?"),
        ({"source": ("river",)}, r"no source river\. Did you mean river-report\?"),
        ({"kind": ("figureclaim",)}, r"no kind of claim figureclaim\. Did you mean FigureClaim\?"),
        ({"claim": ("zzz",)}, r"no claim zzz\. It has 8"),
        ({"since": "yesterday"}, r"'yesterday' is no date\. Write 2021"),
        ({"source": ("zzz",)}, r"no source zzz\. It has river-report\."),
        ({"since": "2021", "until": "2020-06"}, r"since 2021 is after until 2020-06\. "),
        ({"kind": ("FigureClaim",), "speaker": ("actor/vague-observers",)},
         r"this: speaker actor/vague-observers, kind FigureClaim\. Of its 8 claims, 1 fit speaker, 3 fit kind: "),
    ],
)  # fmt: skip
def test_what_is_not_there_is_answered_with_what_is_near(
    tiny_release: Release, fields: dict[str, tuple[str, ...]], message: str
) -> None:
    with pytest.raises(UsageError, match=message):
        select(tiny_release.publication, Selection(**fields))  # type: ignore[arg-type]


def test_the_command_writes_parts_and_releases(tiny_release: Release, tmp_path: Path) -> None:
    config = tiny_release.config
    status, out, err = finished(kg(config, "export", "--kind", "FigureClaim", "--section", "river-report/1"))
    assert (status, err) == (0, "")
    assert "1 of its 8 claims: section river-report/1, kind FigureClaim" in out
    status, out, err = finished(kg(config, "export", "--about", "place/long-rivr"))
    assert (status, out) == (2, "")
    assert "Did you mean place/long-river" in err
    assert finished(kg(config, "export", "--part", "entities"))[1] == tiny_release.read("entities.ttl")
    status, _, err = finished(kg(config, "export", "--part", "nothing"))
    assert status == 2
    assert "Its parts are entities, inferred, network, ontology, source-river-report, tiny, vocabularies." in err
    status, _, err = finished(kg(config, "export", "--table", "figures"))
    assert (status, err) == (2, "--table goes with --format csv.\n")
    status, _, err = finished(kg(config, "export", "--release", str(tmp_path / "whole")))
    assert status == 0
    names = {path.name for path in tiny_release.folder.iterdir()}
    assert {path.name for path in (tmp_path / "whole").iterdir()} == names
    status, _, err = finished(kg(config, "export", "--release", str(tmp_path / "whole")))
    assert status == 2
    assert "is there already" in err
    assert finished(kg(config, "export", "--kind", "FigureClaim", "--release", str(tmp_path / "part")))[0] == 0
    of_the_whole = {"ontology", "void.ttl", "datacite.json"}
    kept = {name for name in names - of_the_whole if not name.startswith(("inferred", "network"))}
    assert {path.name for path in (tmp_path / "part").iterdir()} == kept
    assert (tmp_path / "part" / "tiny.ttl").read_text(encoding="utf-8").count(f"<{RDF}type>") == 0
    assert sorted(path.name for path in tmp_path.iterdir()) == ["part", "whole"]


def test_a_build_without_a_release_asks_for_a_new_one(tiny: Config) -> None:
    build.build(tiny)
    shutil.rmtree(build.current(tiny) / "release")
    for options in ((), ("--kind", "FigureClaim"), ("--release", str(tiny.root / "new"))):
        status, out, err = finished(kg(tiny, "export", *options))
        assert (status, out) == (2, "")
        assert err.endswith("has no release. Make a new one: kg build\n")
