"""What a site can change, told from a trial's passes by rules that give their counts. Pure."""

from collections import Counter
from collections.abc import Sequence
from statistics import median

from faceaccess.codes import Light, PassResult
from faceaccess.door.trial_day.passes import Pass
from faceaccess.errors import Text

LEAST_MISSES = 2
"""One miss alone says nothing of its light, its camera or its person."""

LEAST_PEOPLE = 20
"""Of fewer, an interval over people is too wide to trust a door by: none wrong of 20 still allows 17 %."""

SLOW_S = 2.0
"""Somebody walking stands still for a door that takes longer."""


def advise(passes: Sequence[Pass]) -> tuple[Text, ...]:
    """Return what to change, the most pressing first; nothing where all went well with enough people."""
    return (*_wrong(passes), *_missed(passes), *_slow(passes), *_too_few(passes))


def _wrong(passes: Sequence[Pass]) -> list[Text]:
    advice = []
    strangers = [row for row in passes if row.person_id is None]
    if accepted := sum(row.result is PassResult.ACCEPTED for row in strangers):
        advice.append(
            Text(
                "Passes of strangers taken for somebody enrolled: {count} of {total}. Lower the threshold; "
                "Insights shows what that costs here.",
                {"count": accepted, "total": len(strangers)},
            )
        )
    staff = [row for row in passes if row.person_id is not None]
    if wrong := sum(row.result is PassResult.WRONG for row in staff):
        advice.append(
            Text(
                "Passes under a wrong name: {count} of {total}. Give both people more photos, or raise the "
                "margin between look-alikes in the settings.",
                {"count": wrong, "total": len(staff)},
            )
        )
    return advice


def _missed(passes: Sequence[Pass]) -> list[Text]:
    misses = [row for row in passes if row.result is PassResult.MISSED]
    advice: list[Text] = []
    if len(misses) < LEAST_MISSES:
        return advice
    lights = Counter(row.light for row in misses)
    values = {"total": len(misses)}
    if 2 * lights[Light.BACK_LIT] >= len(misses):
        advice.append(
            Text(
                "Back-lit: {count} of {total} misses. Turn the camera away from the window or the open door, "
                "or light the faces.",
                {"count": lights[Light.BACK_LIT]} | values,
            )
        )
    if 2 * lights[Light.DIM] >= len(misses):
        advice.append(
            Text(
                "In dim light: {count} of {total} misses. Add light where people look at the camera.",
                {"count": lights[Light.DIM]} | values,
            )
        )
    if 2 * lights[Light.UNMEASURED] >= len(misses):
        advice.append(
            Text(
                "Nothing was entered at all at {count} of {total} misses. Is the camera high enough, and do "
                "people face it for a second? Its set-up shows whether faces are large enough.",
                {"count": lights[Light.UNMEASURED]} | values,
            )
        )
    return [*advice, *_at_cameras(passes, misses), *_of_people(passes, misses)]


def _at_cameras(passes: Sequence[Pass], misses: Sequence[Pass]) -> list[Text]:
    """Return the camera that has more than its share of the misses, where there are several."""
    seen, missed = Counter(row.camera for row in passes if row.camera), Counter(row.camera for row in misses)
    if len(seen) < 2:
        return []
    camera, number = missed.most_common(1)[0]
    share = seen[camera] / seen.total()
    if not camera or 2 * number < len(misses) or number / len(misses) < 1.5 * share:
        return []
    return [
        Text(
            "At {camera}: {count} of {total} misses, with {share} % of the passes. Look at its set-up.",
            {"camera": camera, "count": number, "total": len(misses), "share": round(100 * share)},
        )
    ]


def _of_people(passes: Sequence[Pass], misses: Sequence[Pass]) -> list[Text]:
    """Return how many people were missed at most of their passes."""
    came, missed = Counter(row.person_id for row in passes), Counter(row.person_id for row in misses)
    often = [who for who, number in missed.items() if number >= LEAST_MISSES and 2 * number > came[who]]
    if not often:
        return []
    return [
        Text(
            "People missed at most of their passes: {count} of {total}. Give them a second and a third "
            "photo, taken at this door.",
            {"count": len(often), "total": len({row.person_id for row in passes} - {None})},
        )
    ]


def _slow(passes: Sequence[Pass]) -> list[Text]:
    waits = [row.waited_s for row in passes if row.waited_s is not None]
    if not waits or median(waits) <= SLOW_S:
        return []
    return [
        Text(
            "Half of the entries took longer than {seconds} s. A brighter picture, a nearer camera or a "
            "quicker computer helps.",
            {"seconds": f"{median(waits):.1f}"},
        )
    ]


def _too_few(passes: Sequence[Pass]) -> list[Text]:
    advice = []
    people = len({row.person_id for row in passes} - {None})
    if people < LEAST_PEOPLE:
        advice.append(
            Text(
                "People enrolled who came by: {count}. Let {total} or more come, three times each: the "
                "intervals are wide with fewer.",
                {"count": people, "total": LEAST_PEOPLE},
            )
        )
    strangers = [row for row in passes if row.person_id is None]
    if untold := sum(not row.stranger for row in strangers):
        advice.append(
            Text(
                "Passes of strangers not told apart: {count} of {total}. They may all be one person, and "
                "are counted as one. Tell them apart next time; in a list, by stranger 1, stranger 2.",
                {"count": untold, "total": len(strangers)},
            )
        )
    if not strangers:
        advice.append(
            Text(
                "No stranger came by, so nothing is known of strangers let in. Let a few visitors take part."
            )
        )
    return advice
