"""The wording of a trial day: its figures on the screen, and its page on paper."""

from collections.abc import Sequence
from dataclasses import dataclass
from html import escape
from statistics import quantiles
from typing import TYPE_CHECKING

from faceaccess.codes import Light
from faceaccess.gui.wording import amounts, failures, paper
from faceaccess.gui.wording.counts import Counts
from faceaccess.gui.wording.noop import QT_TRANSLATE_NOOP, translate
from faceaccess.gui.wording.paper import Row

if TYPE_CHECKING:
    from faceaccess.door.trial_day.counting import Tally
    from faceaccess.door.trial_day.passes import Pass
    from faceaccess.door.trial_day.report import TrialReport
    from faceaccess.recognition.intervals import Rate

_LIGHTS = {
    Light.BRIGHT: QT_TRANSLATE_NOOP("trial", "bright"),
    Light.DIM: QT_TRANSLATE_NOOP("trial", "dim"),
    Light.BACK_LIT: QT_TRANSLATE_NOOP("trial", "back-lit"),
    Light.UNMEASURED: QT_TRANSLATE_NOOP("trial", "not measured (no picture)"),
}
_FEW = 2


@dataclass(frozen=True)
class Group:
    """A table of a trial: its name, the heads of its columns, and its rows."""

    name: str
    head: Row
    rows: Sequence[Row]


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
    of = Counts().of_passes
    return [(name, of(number, whole), _rate(rate)) for name, number, whole, rate in rows]


def wait(report: "TrialReport") -> str:
    """Return the times from a face near enough to its entry."""
    waits = report.count.waits_s
    if len(waits) < _FEW:
        return translate("trial", "Time to entry: {0} s").format(_seconds(report.count.total.waited_s))
    ninth = quantiles(waits, n=10, method="inclusive")[-1]
    sentence = translate("trial", "Time to entry: half within {0} s, nine of ten within {1} s")
    return sentence.format(_seconds(report.count.total.waited_s), _seconds(ninth))


def groups(report: "TrialReport") -> list[Group]:
    """Return tables: what went wrong, and the passes by person, by light and by camera."""
    count = report.count
    unsaid = translate("trial", "not said")
    people = [_tally(report.names.get(row.key, row.key[:8]), row) for row in count.by_person]
    strangers = [_tally(_stranger(int(row.key)), row) for row in count.by_stranger]
    lights = [_tally(_light(Light(row.key)), row) for row in count.by_light]
    cameras = [_tally(row.key or unsaid, row) for row in count.by_camera]
    head = (
        "",
        translate("trial", "Passes"),
        translate("trial", "Right"),
        translate("trial", "Missed"),
        translate("trial", "Wrong name"),
        translate("trial", "Strangers accepted"),
        translate("trial", "Time to entry"),
    )
    tables = [
        Group(translate("trial", "By person"), head, [*people, *strangers]),
        Group(translate("trial", "By light"), head, lights),
        Group(translate("trial", "By camera"), head, cameras),
    ]
    if not count.faults:
        return tables
    columns = (
        translate("trial", "Who came by"),
        translate("trial", "What happened"),
        translate("trial", "Camera"),
        translate("trial", "Light"),
    )
    faults = [_fault(report, fault, unsaid) for fault in count.faults]
    return [Group(translate("trial", "What went wrong"), columns, faults), *tables]


def _stranger(number: int) -> str:
    if not number:
        return translate("trial", "Strangers not told apart")
    return stranger(number)


def stranger(number: int) -> str:
    """Return what a stranger is called."""
    return translate("trial", "Stranger {0}").format(number)


def _light(light: Light) -> str:
    return translate("trial", _LIGHTS[light])


def _fault(report: "TrialReport", fault: "Pass", unsaid: str) -> Row:
    """Return the row of a pass that went wrong: the person, what happened, camera and light."""
    person_id = fault.person_id
    who = _stranger(fault.stranger) if person_id is None else report.names.get(person_id, person_id[:8])
    what = translate("trial", "Missed")
    if fault.taken_for:
        taken_for = report.names.get(fault.taken_for, fault.taken_for[:8])
        what = translate("trial", "Taken for {0}").format(taken_for)
    return (who, what, fault.camera or unsaid, _light(fault.light))


def advice(report: "TrialReport") -> list[str]:
    """Return what to change."""
    said = [failures.translated(text) for text in report.count.advice]
    return said or [translate("trial", "Nothing: all went well.")]


def notes(report: "TrialReport") -> list[str]:
    """Return what the figures mean."""
    said = [
        translate(
            "trial",
            "Right: entered under the own name. Missed: not entered, or refused. Intervals are by drawing "
            "the people who came by anew, strangers among strangers; fewer than five people have none.",
        ),
        translate("trial", "The time to entry runs from when the face was first near enough to be judged."),
    ]
    if report.count.unlisted:
        sentence = translate("trial", "Entries while nobody was to come, which are not counted: {0}.")
        said.append(sentence.format(report.count.unlisted))
    return said


def conditions(report: "TrialReport") -> list[Row]:
    """Return the conditions that the figures hold for, by their names."""
    light = [f"{_light(Light(row.key))}: {row.staff + row.strangers}" for row in report.count.by_light]
    source = translate("trial", "Recordings") if report.is_of_recordings else translate("trial", "Cameras")
    planned = translate("trial", "{0}, {1} planned for each person")
    total = report.count.total
    passes = str(total.staff + total.strangers)
    enrolled = translate("trial", "{0}, photos: {1}").format(report.enrolled, report.photos)
    return [
        (translate("trial", "Date"), f"{report.at:%Y-%m-%d %H:%M}"),
        (translate("trial", "Model"), report.policy.model_id),
        (translate("trial", "Threshold"), amounts.distance(report.policy.threshold)),
        (translate("trial", "Margin"), amounts.distance(report.policy.margin)),
        (translate("trial", "People enrolled"), enrolled),
        *_expected(report),
        (translate("trial", "People enrolled who came by"), str(report.count.people)),
        (translate("trial", "Strangers who came by"), _strangers(report)),
        (source, ", ".join(report.cameras)),
        (translate("trial", "Passes"), planned.format(passes, report.passes) if report.passes else passes),
        (translate("trial", "Light"), ", ".join(light) or "-"),
    ]


def _expected(report: "TrialReport") -> list[Row]:
    """Return the row of the people who were to come, where somebody was chosen."""
    if not report.expected:
        return []
    expected = str(len(report.expected))
    if report.absent:
        names = ", ".join(report.names.get(person_id, person_id[:8]) for person_id in report.absent)
        sentence = translate("trial", "{0}, of whom {1} never came: {2}")
        expected = sentence.format(expected, len(report.absent), names)
    return [(translate("trial", "People who were to come"), expected)]


def _strangers(report: "TrialReport") -> str:
    """Return how many strangers came by, as far as they were told apart."""
    number, rows = report.count.strangers, report.count.by_stranger
    untold = sum(row.strangers for row in rows if row.key == "0")
    if not untold:
        return str(number)
    others = Counts().those_not_told_apart(untold)
    return translate("trial", "{0}, and {1}").format(number, others) if number else others


def html(report: "TrialReport") -> str:
    """Return a trial day as a page of HTML."""
    parts = [f"<h1>{escape(title())}</h1>"]
    parts += [paper.heading(translate("trial", "Conditions")), paper.table(conditions(report))]
    parts += [
        paper.heading(translate("trial", "Result")),
        paper.table(figures(report)),
        paper.paragraph(wait(report)),
    ]
    parts += [paper.note(text) for text in notes(report)]
    parts += [paper.heading(translate("trial", "What to change"))]
    parts += ["<ul>", *(f"<li>{escape(text)}</li>" for text in advice(report)), "</ul>"]
    for group in groups(report):
        if group.rows:
            parts += [paper.heading(group.name), paper.table(group.rows, head=group.head)]
    return "".join(parts)


def _tally(name: str, row: "Tally") -> Row:
    staff = map(str, (row.right, row.missed, row.wrong)) if row.staff else ("-",) * 3
    of = translate("trial", "{0} of {1}")
    accepted = of.format(row.accepted, row.strangers) if row.strangers else "-"
    wait_s = f"{_seconds(row.waited_s)} s" if row.waited_s is not None else "-"
    return (name, str(row.staff + row.strangers), *staff, accepted, wait_s)


def _rate(rate: "Rate | None") -> str:
    if rate is None:
        return "-"
    if not rate.is_bounded:
        return translate("trial", "{0} %; too few people for an interval").format(f"{100 * rate.mean:.1f}")
    sentence = translate("trial", "{0} %; 95 % interval {1} to {2} %")
    return sentence.format(*(f"{100 * part:.1f}" for part in (rate.mean, rate.low, rate.high)))


def _seconds(value: float | None) -> str:
    return "-" if value is None else f"{value:.1f}"
