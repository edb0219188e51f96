"""The wording of a trial day: its figures on the screen, and its page on paper."""

from collections.abc import Sequence
from html import escape
from statistics import quantiles
from typing import TYPE_CHECKING

from faceaccess.codes import Light
from faceaccess.gui.wording import amounts, failures
from faceaccess.gui.wording.noop import QT_TRANSLATE_NOOP, translate

if TYPE_CHECKING:
    from faceaccess.door.trial_day.counting import Tally
    from faceaccess.door.trial_day.report import TrialReport
    from faceaccess.recognition.intervals import Rate

_LIGHTS = {
    Light.BRIGHT: QT_TRANSLATE_NOOP("trial", "bright"),
    Light.DIM: QT_TRANSLATE_NOOP("trial", "dim"),
    Light.BACK_LIT: QT_TRANSLATE_NOOP("trial", "back-lit"),
    Light.UNMEASURED: QT_TRANSLATE_NOOP("trial", "not measured: no picture"),
}
_FEW = 2

Row = tuple[str, ...]


def title() -> str:
    """Return the page's title."""
    return translate("trial", "Trial day")


def figures(report: "TrialReport") -> list[Row]:
    """Return rows of what was counted: its name, how often, the rate with its 95 % interval."""
    total, count = report.count.total, report.count
    rows = [
        (translate("trial", "Right"), total.right, total.staff, count.right_rate),
        (translate("trial", "Missed"), total.missed, total.staff, count.missed_rate),
        (translate("trial", "Under a wrong name"), total.wrong, total.staff, count.wrong_rate),
        (translate("trial", "Strangers accepted"), total.accepted, total.strangers, count.accepted_rate),
    ]
    of = translate("trial", "{0} of {1}")
    return [(name, of.format(number, whole), _rate(rate)) for name, number, whole, rate in rows]


def wait(report: "TrialReport") -> str:
    """Return the times from a face near enough to its entry."""
    waits = report.count.waits_s
    if len(waits) < _FEW:
        return translate("trial", "Time to entry: {0} s").format(_seconds(report.count.total.waited_s))
    ninth = quantiles(waits, n=10, method="inclusive")[-1]
    sentence = translate("trial", "Time to entry: half within {0} s, nine of ten within {1} s")
    return sentence.format(_seconds(report.count.total.waited_s), _seconds(ninth))


def columns() -> Row:
    """Return the heads of the columns of `groups`, but for the first."""
    return (
        translate("trial", "Passes"),
        translate("trial", "Right"),
        translate("trial", "Missed"),
        translate("trial", "Wrong name"),
        translate("trial", "Strangers"),
        translate("trial", "Accepted"),
        translate("trial", "Time to entry"),
    )


def groups(report: "TrialReport") -> list[tuple[str, list[Row]]]:
    """Return tables with their names: by person, by light and by camera."""
    count = report.count
    unsaid = translate("trial", "not said")
    return [
        (
            translate("trial", "By person"),
            [_tally(report.names.get(row.key, row.key[:8]), row) for row in count.by_person],
        ),
        (
            translate("trial", "By light"),
            [_tally(translate("trial", _LIGHTS[Light(row.key)]), row) for row in count.by_light],
        ),
        (translate("trial", "By camera"), [_tally(row.key or unsaid, row) for row in count.by_camera]),
    ]


def advice(report: "TrialReport") -> list[str]:
    """Return what to change."""
    said = [failures.translated(text) for text in report.count.advice]
    return said or [translate("trial", "Nothing: all went well.")]


def notes(report: "TrialReport") -> list[str]:
    """Return what the figures mean."""
    said = [
        translate(
            "trial",
            "Right: entered under the own name. Missed: not entered, or refused. The intervals are those of "
            "95 %, by drawing the people who came by anew; fewer than five people have none.",
        ),
        translate("trial", "The time to entry runs from when the face was first near enough to be judged."),
    ]
    if report.count.unlisted:
        sentence = translate("trial", "Entries while nobody was to come, which are not counted: {0}.")
        said.append(sentence.format(report.count.unlisted))
    return said


def conditions(report: "TrialReport") -> list[Row]:
    """Return the conditions that the figures hold for, by their names."""
    light = [
        f"{translate('trial', _LIGHTS[Light(row.key)])} {row.staff + row.strangers}"
        for row in report.count.by_light
    ]
    source = translate("trial", "Recordings") if report.is_of_recordings else translate("trial", "Cameras")
    planned = translate("trial", "{0}, {1} planned for each person")
    total = report.count.total
    passes = str(total.staff + total.strangers)
    return [
        (translate("trial", "Date"), f"{report.at.astimezone():%Y-%m-%d %H:%M}"),
        (translate("trial", "Model"), report.policy.model_id),
        (translate("trial", "Threshold"), amounts.distance(report.policy.threshold)),
        (translate("trial", "Margin"), amounts.distance(report.policy.margin)),
        (translate("trial", "People enrolled"), str(report.enrolled)),
        (translate("trial", "People enrolled who came by"), str(report.count.people)),
        (source, ", ".join(report.cameras)),
        (translate("trial", "Passes"), planned.format(passes, report.passes) if report.passes else passes),
        (translate("trial", "Light"), ", ".join(light) or "-"),
    ]


def html(report: "TrialReport") -> str:
    """Return a trial day as a page of HTML."""
    parts = [f"<h1>{escape(title())}</h1>"]
    parts += [_heading(translate("trial", "Conditions")), _table(conditions(report))]
    parts += [_heading(translate("trial", "Result")), _table(figures(report)), _paragraph(wait(report))]
    parts += [_heading(translate("trial", "What to change"))]
    parts += ["<ul>", *(f"<li>{escape(text)}</li>" for text in advice(report)), "</ul>"]
    for name, rows in groups(report):
        if rows:
            parts += [_heading(name), _table(rows, head=("", *columns()))]
    parts += [f"<p><small>{escape(text)}</small></p>" for text in notes(report)]
    return "".join(parts)


def _heading(text: str) -> str:
    return f"<h2>{escape(text)}</h2>"


def _paragraph(text: str) -> str:
    return f"<p>{escape(text)}</p>"


def _table(rows: Sequence[Row], head: Row = ()) -> str:
    heads = "".join(f"<th align='left'>{escape(cell)}</th>" for cell in head)
    lines = [f"<tr bgcolor='#e2e6ec'>{heads}</tr>"] if head else []
    for row in rows:
        cells = "".join(f"<td>{escape(cell)}</td>" for cell in row)
        lines.append(f"<tr>{cells}</tr>")
    return f"<table width='100%' cellspacing='0' cellpadding='3'>{''.join(lines)}</table>"


def _tally(name: str, row: "Tally") -> Row:
    numbers = (row.staff + row.strangers, row.right, row.missed, row.wrong, row.strangers, row.accepted)
    wait_s = f"{_seconds(row.waited_s)} s" if row.waited_s is not None else "-"
    return (name, *map(str, numbers), wait_s)


def _rate(rate: "Rate | None") -> str:
    if rate is None:
        return "-"
    if not rate.is_bounded:
        return translate("trial", "{0} %, too few people for an interval").format(f"{100 * rate.mean:.1f}")
    sentence = translate("trial", "{0} %, interval {1} to {2} %")
    return sentence.format(*(f"{100 * part:.1f}" for part in (rate.mean, rate.low, rate.high)))


def _seconds(value: float | None) -> str:
    return "-" if value is None else f"{value:.1f}"
