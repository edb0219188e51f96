"""The wording of turning the head: what somebody is asked to do, and what came of it."""

from faceaccess.codes import Side
from faceaccess.door.turning import TurnPrompt
from faceaccess.gui.wording.noop import QT_TRANSLATE_NOOP, translate

_ASKED = {
    None: QT_TRANSLATE_NOOP("text", "Look straight ahead"),
    Side.LEFT: QT_TRANSLATE_NOOP("text", "Turn your head to your left"),
    Side.RIGHT: QT_TRANSLATE_NOOP("text", "Turn your head to your right"),
    Side.UP: QT_TRANSLATE_NOOP("text", "Look up"),
    Side.DOWN: QT_TRANSLATE_NOOP("text", "Look down"),
}


def asked(prompt: TurnPrompt) -> str:
    """Return what somebody is asked to do now, in a few words."""
    if prompt.is_back_wanted:
        return translate("text", "And back")
    return translate("text", _ASKED[prompt.asked])


def icon(prompt: TurnPrompt) -> str:
    """Return the name of the icon that shows it; left is the left of whoever stands before the screen."""
    if prompt.asked is None or prompt.is_back_wanted:
        return "look-ahead"
    return f"turn-{prompt.asked}"


def progress(prompt: TurnPrompt) -> str:
    """Return which of the movements it is, and that they are asked for once more."""
    if prompt.asked is None and not prompt.is_back_wanted and prompt.done == 0:
        return translate("text", "Once more, please") if prompt.tries else ""
    step = translate("text", "{0} of {1}").format(min(prompt.done + 1, prompt.movements), prompt.movements)
    return f"{step} · {translate('text', 'Once more, please')}" if prompt.tries else step
