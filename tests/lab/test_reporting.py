"""What an evaluation shows: text, JSON, and an HTML file that refers to nothing outside."""

import re
import xml.etree.ElementTree as ET
from datetime import UTC, datetime

import pytest
import typer

from faceaccess.cli.app import app
from faceaccess.lab.reporting.page import page
from faceaccess.lab.reporting.report import Curve, Intervals, Plot, Report, Table
from faceaccess.lab.reporting.svg import intervals_svg, plot_svg
from faceaccess.recognition.intervals import Rate
from tests.cli.conftest import json_lines

SVG = "{http://www.w3.org/2000/svg}"


def drawn(*curves, **options):
    return ET.fromstring(plot_svg(Plot("title", "across", "up", curves, **options)))


def points(svg):
    return [
        [tuple(float(number) for number in point.split(",")) for point in line.get("points").split()]
        for line in svg.iter(f"{SVG}polyline")
    ]


def labels(svg):
    return [text.text for text in svg.iter(f"{SVG}text")]


def test_a_straight_line_is_drawn_from_corner_to_corner():
    svg = drawn(Curve("line", [(0, 0), (5, 5), (10, 10)]))
    ((first, middle, last),) = points(svg)
    assert (first, last) == ((74, 370), (660, 14))
    assert middle == pytest.approx(((74 + 660) / 2, (370 + 14) / 2))
    assert {"line", "across", "up", "0", "2", "10"} <= set(labels(svg))


def test_powers_of_ten_are_at_equal_steps_and_zero_is_left_out():
    svg = drawn(Curve("", [(0, 1), (0.001, 1), (0.01, 2), (0.1, 3)]), is_log_x=True)
    (line,) = points(svg)
    assert [x for x, _ in line] == pytest.approx([74, (74 + 660) / 2, 660])
    assert {"0.001", "0.01", "0.1"} <= set(labels(svg))


def test_many_points_are_thinned_and_odd_ones_left_out():
    svg = drawn(Curve("", [(at / 100_000, 0.5) for at in range(100_000)] + [(float("nan"), 1)]))
    (line,) = points(svg)
    assert 500 < len(line) < 1000


@pytest.mark.parametrize("curves", [(Curve("", []),), (Curve("", [(1, 1)]),), (Curve("", [(0, 0)]),)])
@pytest.mark.parametrize("is_log", [False, True])
def test_a_plot_of_next_to_nothing_is_drawn_all_the_same(curves, is_log):
    assert drawn(*curves, is_log_x=is_log, is_log_y=is_log).tag == f"{SVG}svg"


def test_intervals_stand_below_each_other_an_infinite_end_at_the_edge():
    rows = [("first", Rate(0.5, 0.0, 1.0)), ("second", Rate(0.25, 0.25, float("inf")))]
    svg = ET.fromstring(intervals_svg(Intervals("title", "across", rows, line=0.5)))
    lines = [path.get("d") for path in svg.iter(f"{SVG}path") if path.get("stroke-width") == "2"]
    assert lines == ["M250.0 26.0H660.0", "M352.5 50.0H660.0"]
    dots = [(circle.get("cx"), circle.get("cy")) for circle in svg.iter(f"{SVG}circle")]
    assert dots == [("455.0", "26.0"), ("352.5", "50.0")]
    assert [path.get("d") for path in svg.iter(f"{SVG}path") if path.get("stroke-dasharray")] == [
        "M455.0 14V62"
    ]
    assert {"first", "second", "across", "0", "1"} <= set(labels(svg))


@pytest.mark.parametrize("rows", [[], [("only", Rate(0.0, 0.0, 0.0))], [("<b>", Rate(1.0, -1.0, 2.0))]])
def test_intervals_of_next_to_nothing_are_drawn_and_take_no_markup(rows):
    text = written(Intervals("<script>", "&", rows))
    assert "<svg" in text
    assert not re.search("<script|<b>", text)


def written(*sections, **options):
    report = Report((), sections, ("net:1",), {"photos": 7, "without_face": {"net:1": 2}})
    return page(
        report,
        title="faceaccess evaluate this",
        protocol="What it does.",
        options={"seed": 3, "threshold": [1.0, 1.1], **options},
        measured_at=datetime(2026, 3, 4, 5, 6, tzinfo=UTC),
    )


def test_the_page_states_model_protocol_counts_options_and_date():
    text = written("A line.", Table(("a", "b"), (("1", "2"),), "Rows", numbers=("b",)))
    for words in (
        "net:1",
        "What it does.",
        "2026-03-04 05:06",
        "<td>7</td>",
        "net:1: 2",
        "1.0, 1.1",
        "A line",
    ):
        assert words in text
    assert '<td class="number">2</td>' in text


def test_the_page_refers_to_nothing_and_takes_no_markup():
    curve = Plot("<script>", "</text>", "&", (Curve("<b>", [(0, 0), (1, 1)]),))
    text = written("<script>alert(1)</script>", Table(("<i>",), (("</td>\u202e",),)), curve, photos="<p>")
    without_namespace = text.replace('xmlns="http://www.w3.org/2000/svg"', "")
    assert not re.search(r"(https?:|src=|href=|url\(|@import|<script|<b>|<i>|\u202e)", without_namespace)


def evaluations():
    group = typer.main.get_command(app).commands["evaluate"]
    return sorted(group.commands.items())


@pytest.mark.parametrize("name", [name for name, _ in evaluations()])
def test_every_evaluation_prints_json_and_writes_a_page(name):
    options = {parameter.name for parameter in dict(evaluations())[name].params}
    assert {"json", "html"} <= options


def test_a_command_writes_its_page(run, painted, tmp_path):
    words = ("evaluate", "allpairs", "--photos", str(painted))
    result = run(*words, "--html", str(tmp_path / "page.html"), "--json")
    assert result.exit_code == 0, result.output
    (figures,) = json_lines(result)
    text = (tmp_path / "page.html").read_text("utf-8")
    assert "<h1>faceaccess evaluate allpairs</h1>" in text
    assert figures["model_id"] in text
    assert str(painted) in text


def test_a_page_that_can_not_be_written_is_said(run, painted, tmp_path):
    result = run(
        "evaluate", "allpairs", "--photos", str(painted), "--html", str(tmp_path / "no" / "page.html")
    )
    assert result.exit_code == 1
    assert "--html" in result.stderr
