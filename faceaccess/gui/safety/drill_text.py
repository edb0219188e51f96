"""The wording of an attack drill: its figures on the screen, and its page on paper."""

from collections.abc import Sequence
from html import escape
from typing import TYPE_CHECKING

from faceaccess.codes import LivenessMode
from faceaccess.gui.wording import amounts, codes, paper
from faceaccess.gui.wording.noop import QT_TRANSLATE_NOOP, translate
from faceaccess.gui.wording.paper import Row

if TYPE_CHECKING:
    from faceaccess.door.liveness.drill import DrillReport, DrillRow
    from faceaccess.recognition.intervals import Rate

ENOUGH = 60
"""So many presentations of a kind of which none passes leave at most 5 %, by the rule of three."""

_GOAL = 0.07
"""NIST SP 800-63B-4, section 3.2.3: IAPAR of each kind of attack is to be less."""

_RULE_OF_THREE = 3
"""Source: Hanley and Lippman-Hand, "If nothing goes wrong, is everything all right?", JAMA 249 (1983)."""

_NOTES = (
    QT_TRANSLATE_NOOP(
        "drill",
        "Passed: let in, under whatever name. Suspected: recognised, and not confirmed as live. Otherwise: "
        "not recognised, not seen well enough, or not noticed at all.",
    ),
    QT_TRANSLATE_NOOP(
        "drill",
        "APCER is the share of presentations of a kind that passed the whole door, recognition included; "
        "ISO/IEC 30107-3 calls that IAPAR. Intervals take presentations as independent; the same picture "
        "held up sixty times is still the same picture.",
    ),
    QT_TRANSLATE_NOOP(
        "drill",
        "This is a site's own check at one door and in one light, in the terms of ISO/IEC 30107-3. It is no "
        "certification: others attack with more skill, time and better pictures.",
    ),
)


def title() -> str:
    """Return the page's title."""
    return translate("drill", "Attack drill")


def head() -> Row:
    """Return the heads of the table of kinds."""
    return (
        translate("drill", "Held up"),
        translate("drill", "Presentations"),
        translate("drill", "Passed"),
        translate("drill", "Suspected"),
        translate("drill", "Otherwise"),
        translate("drill", "Share that passed (APCER)"),
    )


def rows(of_kinds: "Sequence[DrillRow]") -> list[Row]:
    """Return a row for each kind that was held up."""
    return [
        (
            codes.attack(row.kind),
            *map(str, (row.presentations, row.passed, row.suspected, row.others)),
            _share(row.passed, row.presentations, row.apcer),
        )
        for row in of_kinds
    ]


def result(report: "DrillReport") -> str:
    """Return what the drill came to: the kind that passes most often."""
    worst = report.worst
    if worst is None:
        return translate("drill", "Nothing was held up: there is no result.")
    kind, count = codes.attack(worst.kind), worst.presentations
    if worst.passed:
        sentence = translate("drill", "The worst kind is the result: {0}. {1} of {2} passed: APCER {3}.")
        return sentence.format(kind, worst.passed, count, _share(worst.passed, count, worst.apcer))
    if count <= _RULE_OF_THREE:
        sentence = translate(
            "drill", "The worst kind is the result: {0}. None of {1} passed: too few to tell."
        )
        return sentence.format(kind, count)
    sentence = translate(
        "drill",
        "The worst kind is the result: {0}. None of {1} passed. By the rule of three that means: at most "
        "{2} % of them would, with 95 % confidence.",
    )
    return sentence.format(kind, count, _percent(_RULE_OF_THREE / count))


def goal(of_kinds: "Sequence[DrillRow]") -> str:
    """Return how the kinds stand to what NIST asks for; "" where nothing was held up."""
    if not of_kinds:
        return ""
    asked = translate(
        "drill", "To compare with: NIST SP 800-63B-4 asks that less than 7 % of each kind pass."
    )
    above = [codes.attack(row.kind) for row in of_kinds if row.apcer.mean >= _GOAL]
    open_ = [codes.attack(row.kind) for row in of_kinds if row.apcer.mean < _GOAL <= _most(row)]
    said = [asked]
    if above:
        said.append(translate("drill", "Above it: {0}.").format(", ".join(above)))
    if open_:
        said.append(translate("drill", "Not shown to be below it: {0}.").format(", ".join(open_)))
    if not above and not open_:
        said.append(translate("drill", "Every kind that was held up is below it."))
    return " ".join(said)


def few(of_kinds: "Sequence[DrillRow]") -> str:
    """Return which kinds were held up too seldom; "" where there is none."""
    seldom = [
        f"{codes.attack(row.kind)} {row.presentations}" for row in of_kinds if row.presentations < ENOUGH
    ]
    if not seldom:
        return ""
    sentence = translate("drill", "Fewer than some {0} presentations of a kind say little: {1}.")
    return sentence.format(ENOUGH, ", ".join(seldom))


def genuine(report: "DrillReport") -> str:
    """Return how many real visits were suspected."""
    if report.bpcer is None:
        return translate("drill", "No real visit at this door in the thirty days before: BPCER isn't known.")
    sentence = translate(
        "drill",
        "Real visits by face in the thirty days before: {0}, of which {1} were suspected: BPCER {2}. "
        "Attacks that nobody noticed may be among them.",
    )
    share = _share(report.genuine_suspected, report.genuine, report.bpcer)
    return sentence.format(report.genuine, report.genuine_suspected, share)


def notes(report: "DrillReport") -> list[str]:
    """Return what the figures mean, and what they don't."""
    said = [few(report.rows), *(translate("drill", text) for text in _NOTES)]
    if report.drill.mode in (LivenessMode.OFF, LivenessMode.WATCH):
        open_door = translate(
            "drill", "This door asks nobody to turn the head: whatever it recognises comes in."
        )
        said.insert(0, open_door)
    if report.drill.has_changed:
        changed = translate(
            "drill", "What the door does about photos and screens was changed during the drill: do it again."
        )
        said.insert(0, changed)
    return [text for text in said if text]


def conditions(report: "DrillReport") -> list[Row]:
    """Return the conditions that the figures hold for, by their names."""
    drill = report.drill
    began = amounts.moment(drill.began_at)[:16]
    ended = "" if drill.ended_at is None else amounts.moment(drill.ended_at)[:16]
    rows = [
        (translate("drill", "Date"), f"{began} – {ended[11:] if ended[:10] == began[:10] else ended}"),
        (translate("drill", "Door"), drill.door),
        (translate("drill", "Photos and screens"), codes.choice("mode", drill.mode)),
    ]
    if drill.mode in (LivenessMode.WATCH, LivenessMode.IN_DOUBT):
        rows.append((translate("drill", "In doubt below"), f"{drill.limit:.2f}"))
    imitated = ", ".join(report.names.values()) or "-"
    return [*rows, (translate("drill", "Imitated, having agreed"), imitated)]


def html(report: "DrillReport") -> str:
    """Return a drill as a page of HTML."""
    parts = [f"<h1>{escape(title())}</h1>"]
    parts += [paper.heading(translate("drill", "Conditions")), paper.table(conditions(report))]
    parts += [paper.heading(translate("drill", "Result")), paper.paragraph(result(report))]
    if report.rows:
        parts += [paper.table(rows(report.rows), head=head()), paper.paragraph(goal(report.rows))]
    parts += [paper.heading(translate("drill", "Real visits")), paper.paragraph(genuine(report))]
    parts += [paper.heading(translate("drill", "What the figures mean"))]
    return "".join([*parts, *map(paper.paragraph, notes(report))])


def _most(row: "DrillRow") -> float:
    """Return the share of a kind that may pass at most, as it is said."""
    return row.apcer.high if row.passed else min(1.0, _RULE_OF_THREE / row.presentations)


def _share(count: int, whole: int, rate: "Rate") -> str:
    """Return a share with the ends of its interval; of none, with what the rule of three leaves."""
    if count:
        ends = (_percent(part) for part in (rate.mean, rate.low, rate.high))
        return translate("drill", "{0} %; 95 % interval {1} to {2} %").format(*ends)
    if whole <= _RULE_OF_THREE:
        return translate("drill", "0 %; too few to tell")
    return translate("drill", "0 %; at most {0} % (rule of three)").format(_percent(_RULE_OF_THREE / whole))


def _percent(share: float) -> str:
    return f"{100 * share:.1f}"
