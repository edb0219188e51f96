"""The wording of turning the head: what somebody is asked to do, and what came of it."""

from faceaccess.codes import OtherWay, Reason, Side, TurnResult, Verdict
from faceaccess.door.liveness.suspicions import Suspicions
from faceaccess.door.liveness.turning import TurnPrompt
from faceaccess.gui.wording import codes
from faceaccess.gui.wording.counts import Counts
from faceaccess.gui.wording.noop import QT_TRANSLATE_NOOP, translate
from faceaccess.store.journal.types import Liveness

_ASKED = {
    None: QT_TRANSLATE_NOOP("text", "Look straight ahead"),
    Side.LEFT: QT_TRANSLATE_NOOP("text", "Turn your head to your left"),
    Side.RIGHT: QT_TRANSLATE_NOOP("text", "Turn your head to your right"),
    Side.UP: QT_TRANSLATE_NOOP("text", "Look up"),
    Side.DOWN: QT_TRANSLATE_NOOP("text", "Look down"),
}

_SIDES = {
    Side.LEFT: QT_TRANSLATE_NOOP("text", "left"),
    Side.RIGHT: QT_TRANSLATE_NOOP("text", "right"),
    Side.UP: QT_TRANSLATE_NOOP("text", "up"),
    Side.DOWN: QT_TRANSLATE_NOOP("text", "down"),
}

_RESULTS = {
    None: QT_TRANSLATE_NOOP("text", "not asked"),
    TurnResult.MADE: QT_TRANSLATE_NOOP("text", "as asked"),
    TurnResult.NOT_MADE: QT_TRANSLATE_NOOP("text", "not as asked"),
    TurnResult.WRONG_SIDE: QT_TRANSLATE_NOOP("text", "another way than asked"),
    TurnResult.SOMEBODY_ELSE: QT_TRANSLATE_NOOP("text", "another face came"),
}

_OTHER_WAYS = {
    OtherWay.PIN: QT_TRANSLATE_NOOP("text", "PIN, instead of turning the head"),
    OtherWay.DESK: QT_TRANSLATE_NOOP("text", "the desk, instead of turning the head"),
}


def asked(prompt: TurnPrompt) -> str:
    """Return what somebody is asked to do now, in a few words."""
    if prompt.other_way is not None:
        return translate("text", "Please use your PIN")
    if prompt.is_back_wanted:
        return translate("text", "And back")
    return translate("text", _ASKED[prompt.asked])


def icon(prompt: TurnPrompt) -> str:
    """Return the name of the icon that shows it; left is the left of whoever stands before the screen."""
    if prompt.other_way is not None:
        return "pin"
    if prompt.asked is None or prompt.is_back_wanted:
        return "look-ahead"
    return f"turn-{prompt.asked}"


def progress(prompt: TurnPrompt) -> str:
    """Return which of the movements it is, and that they are asked for once more; "" for a PIN."""
    if prompt.other_way is not None:
        return ""
    if prompt.asked is None and not prompt.is_back_wanted and prompt.done == 0:
        return translate("text", "Once more, please") if prompt.tries else ""
    step = translate("text", "{0} of {1}").format(min(prompt.done + 1, prompt.movements), prompt.movements)
    return f"{step} · {translate('text', 'Once more, please')}" if prompt.tries else step


def suspicions(told: Suspicions) -> tuple[str, str]:
    """Return what the desk is told of a door at which several were suspected, and what to do about it."""
    message = f"{told.door}: {Counts().suspicions(len(told.seqs))}."
    return message, translate("text", "Please look who is there: it may be a photo or a screen.")


def measures(liveness: Liveness) -> list[tuple[str, str]]:
    """Return what a door measured to see that a face is no picture, each with its name."""
    rows = [(translate("text", "Photos and screens"), codes.choice("mode", liveness.mode))]
    if liveness.score is not None:
        score = translate("text", "{0}, in doubt below {1}")
        rows.append(
            (translate("text", "Looks live"), score.format(f"{liveness.score:.2f}", f"{liveness.limit:.2f}"))
        )
    if liveness.edge is not None and liveness.pattern is not None:
        signals = f"{liveness.edge:.1f} · {liveness.pattern:.2f}"
        rows.append((translate("text", "Edges · pattern"), signals))
    turned = translate("text", _RESULTS[None if liveness.other_way else liveness.turn])
    if liveness.tries:
        turned = f"{turned}, {Counts().tries(liveness.tries)}"
    rows.append((translate("text", "Head turned"), turned))
    if liveness.other_way is not None:
        rows.append((translate("text", "Comes in by"), translate("text", _OTHER_WAYS[liveness.other_way])))
    if liveness.sides:
        rows.append((translate("text", "Asked for"), _movements(liveness)))
    if liveness.is_replayed:
        rows.append((translate("text", "Pictures"), translate("text", "the same had come before")))
    if liveness.is_other_camera:
        rows.append((translate("text", "Webcam"), translate("text", "virtual, or another than was set up")))
    if liveness.model_id:
        rows.append((translate("text", "Liveness model"), liveness.model_id))
    return rows


_AGAIN = {
    Verdict.COUNTS: QT_TRANSLATE_NOOP("text", "With the door's settings of today it would count."),
    Verdict.ASK: QT_TRANSLATE_NOOP("text", "With the door's settings of today the head would have to turn."),
    Verdict.SUSPECTED: QT_TRANSLATE_NOOP("text", "With the door's settings of today: {0}"),
}


def again(verdict: Verdict, reason: Reason | None) -> str:
    """Return what the door's settings of today make of what was measured."""
    text = translate("text", _AGAIN[verdict])
    return text if reason is None else text.format(codes.reason(reason).label)


def _movements(liveness: Liveness) -> str:
    """Return the movements of the last try with the seconds that they took, as far as they were done."""
    told = []
    for number, side in enumerate(liveness.sides):
        done = number < len(liveness.times_s)
        took = translate("text", "{0} s").format(f"{liveness.times_s[number]:.1f}") if done else "–"
        told.append(f"{translate('text', _SIDES[side])} {took}")
    return " · ".join(told)
