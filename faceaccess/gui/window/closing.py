"""The question before the window is closed over something that goes on."""

from PySide6.QtWidgets import QWidget

from faceaccess.gui.confirming import confirms
from faceaccess.gui.live_bridge import LiveBridge, RunState
from faceaccess.gui.wording.noop import translate


def may_close(window: QWidget, bridge: LiveBridge, *, has_begun: bool) -> bool:
    """Ask whether to close the window, where that ends a door or loses an enrolment.

    Args:
        window: that is to be closed.
        bridge: knows whether the door is open.
        has_begun: whether somebody was begun to be enrolled and not saved.
    """
    losses = []
    if bridge.run_state is not RunState.STOPPED:
        losses.append(translate("Closing", "The door closes: nobody is let in or recorded any longer."))
    if has_begun:
        losses.append(translate("Closing", "The enrolment that was begun is lost: it isn't saved yet."))
    return not losses or confirms(
        window,
        translate("Closing", "Close FaceAccess?"),
        "\n\n".join(losses),
        verb=translate("Closing", "Close"),
        harmless=translate("Closing", "Stay"),
    )
