"""The question before a threshold that nobody has measured."""

from PySide6.QtWidgets import QWidget

from faceaccess.gui.confirming import confirms
from faceaccess.gui.wording import amounts
from faceaccess.gui.wording.counts import Counts
from faceaccess.gui.wording.noop import translate
from faceaccess.recognition.types import MatchPolicy


def may_use(parent: QWidget, threshold: float, default: MatchPolicy | None) -> bool:
    """Ask before a threshold outside of those that were measured for the model; say what it may cost.

    Args:
        parent: the question is shown in its window.
        threshold: squared L2.
        default: the measured numbers of the model; None asks nothing.
    """
    if default is None or default.measures(threshold):
        return True
    least, most = (amounts.distance(limit) for limit in default.measured)
    if threshold > default.measured[1]:
        explanation = translate(
            "ThresholdQuestion",
            "Nothing beyond {0} was measured; {1} is the measured threshold for {2}. The further beyond, the "
            "more strangers are taken for one of them: let in, recorded and paid under a wrong name. Try it "
            "on a recording of your door first.",
        ).format(most, amounts.distance(default.threshold), Counts().people(default.people))
    else:
        explanation = translate(
            "ThresholdQuestion",
            "Nothing below {0} was measured; {1} is the measured threshold for {2}. The further below, the "
            "more often staff are refused who then need their PIN or the desk.",
        ).format(least, amounts.distance(default.threshold), Counts().people(default.people))
    return confirms(
        parent,
        translate("ThresholdQuestion", "Use a threshold of {0}?").format(amounts.distance(threshold)),
        explanation,
        verb=translate("ThresholdQuestion", "Use it"),
        harmless=translate("ThresholdQuestion", "Leave it as it was"),
    )
