"""Figures as drawn: by speaker, on one scale, with what their qualifiers mean."""

from dataclasses import replace

from kg.store import figures
from kg.vocab import SCHEMES
from kg.web import plots, series
from kg.web.site import Site
from tests.store.builds import BASE


def test_a_plot_has_its_numbers_by_speaker_and_their_qualifiers_drawn(drawn_site: Site) -> None:
    found = {plot.measure.label: plot for plot in plots.plots(drawn_site, figures.read(drawn_site.build().search))}
    fled = found["people who fled"]
    assert fled.logarithmic
    assert fled.unit == "people"
    assert [(group.speaker, [(dot.shape, dot.said) for dot in group.dots]) for group in fled.groups] == [
        ("Northland", [("most", "up to 40,000"), ("over", "over 9,000")]),
        ("Southland", [("range", "100–200")]),
    ]
    north, south = fled.groups
    assert north.dots[0].high > north.dots[1].high > south.dots[0].high > south.dots[0].low  # type: ignore[operator]
    assert [dot.y for group in fled.groups for dot in group.dots] == sorted(
        dot.y for group in fled.groups for dot in group.dots
    )
    assert fled.groups[-1].dots[-1].y < fled.height
    assert south.dots[0].doubtful
    assert north.dots[0].label == "The great flood · The Delta · 1995"


def test_the_same_number_in_two_claims_is_told_apart_by_what_they_say(drawn_site: Site) -> None:
    first = next(each for each in figures.read(drawn_site.build().search) if each.bounds)
    again = replace(first, iri=f"{first.iri}-again", text="Said once more.")
    ((group,),) = [plot.groups for plot in plots.plots(drawn_site, [first, again])]
    assert [dot.label for dot in group.dots] == [first.text, "Said once more."]
    ((alone,),) = [plot.groups for plot in plots.plots(drawn_site, [first])]
    assert alone.dots[0].label != first.text


def test_units_stand_in_the_plural(drawn_site: Site) -> None:
    units = ("person", "percent", "day", "times", "count")
    words = ["people", "%", "days", "times", ""]
    assert [plots.unit_of(drawn_site, f"{SCHEMES}unit/{unit}") for unit in units] == words


def test_a_figure_in_words_has_no_place_on_a_scale(drawn_site: Site) -> None:
    (wept,) = plots.plots(
        drawn_site, [each for each in figures.read(drawn_site.build().search) if each.measure.endswith("/wept")]
    )
    assert (wept.groups, wept.ticks) == ((), ())
    assert [(dot.said, dot.speaker) for dot in wept.worded] == [("many", "Southland")]


def test_a_thing_has_its_own_plots(drawn_site: Site) -> None:
    found = plots.of_thing(drawn_site, f"{BASE}actor/ferry-folk")
    assert [plot.measure.label for plot in found] == ["people who fled", "people who wept"]
    assert [link.label for link in found[0].of] == ["Ferry folk"]
    assert [plot.measure.label for plot in plots.of_thing(drawn_site, f"{BASE}place/mill")] == ["boats"]
    assert plots.of_thing(drawn_site, f"{BASE}place/unspoken") == ()


def test_a_label_too_long_is_cut_for_a_phone_and_whole_elsewhere(drawn_site: Site) -> None:
    dot = plots.plots(drawn_site, figures.read(drawn_site.build().search))[0].groups[0].dots[0]
    assert len(dot.short) + len(dot.said) <= 41
    assert dot.short.endswith("…")
    assert dot.long == dot.label


def test_the_parts_of_a_series_are_added_up_beside_the_total(drawn_site: Site) -> None:
    (boats,) = series.series(drawn_site, [(f"{BASE}source/r", "boats")])
    assert boats.sum == "90"
    assert boats.differences == ("The total is 10 more than the parts.",)
    assert [link.label for link in boats.flags] == ["parts do not sum"]
    assert [(part.name, part.at, part.width) for part in boats.parts] == [
        ("Ferry Town", 0.0, 60.0),
        ("Mill", 60.0, 30.0),
    ]
    assert boats.totals[0].width == 100.0
