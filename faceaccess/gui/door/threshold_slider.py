"""The threshold with its value, its default and its meaning in plain English."""

import math

from PySide6.QtCore import QRect, Qt, QTimer, Signal
from PySide6.QtGui import QColor, QPainter, QPaintEvent, QPen, QWheelEvent
from PySide6.QtWidgets import (
    QHBoxLayout,
    QPushButton,
    QSlider,
    QStyle,
    QStyleOptionSlider,
    QWidget,
)

from faceaccess.gui.layout import STRETCH, column, row, wrapped
from faceaccess.gui.plain import Label
from faceaccess.gui.wording import amounts
from faceaccess.gui.wording.counts import Counts
from faceaccess.recognition.types import MatchPolicy

_STEPS_PER_UNIT = 1000
_SCALE_END = 4.0
_PAUSE_MS = 900


class MarkedSlider(QSlider):
    """A slider with a mark under it; leaves the mouse wheel to the page."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(Qt.Orientation.Horizontal, parent)
        self._mark: int | None = None
        self.setMinimumHeight(34)

    def set_mark(self, position: int | None) -> None:
        """Put the mark at a position, or take it away."""
        self._mark = position
        self.update()

    def wheelEvent(self, event: QWheelEvent) -> None:
        """Ignore the wheel: a threshold must not move because someone scrolled."""
        event.ignore()

    def paintEvent(self, event: QPaintEvent) -> None:
        """Draw the slider and its mark."""
        super().paintEvent(event)
        if self._mark is None:
            return
        option = QStyleOptionSlider()
        self.initStyleOption(option)
        groove = self._part(option, QStyle.SubControl.SC_SliderGroove)
        handle = self._part(option, QStyle.SubControl.SC_SliderHandle)
        at = QStyle.sliderPositionFromValue(
            self.minimum(), self.maximum(), self._mark, groove.width() - handle.width()
        )
        x = groove.left() + handle.width() // 2 + at
        painter = QPainter(self)
        painter.setPen(QPen(QColor(self.palette().windowText().color()), 2))
        painter.drawLine(x, self.height() - 7, x, self.height() - 1)

    def _part(self, option: QStyleOptionSlider, part: QStyle.SubControl) -> QRect:
        return self.style().subControlRect(QStyle.ComplexControl.CC_Slider, option, part, self)


class ThresholdSlider(QWidget):
    """Sets the threshold: `moved` at once with every change, `settled` once per change.

    A change settles when the mouse lets go, when the keyboard pauses, or with the button that
    goes back to the default. Setting the policy from outside emits nothing.
    """

    moved = Signal(float)
    settled = Signal(float)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._default: MatchPolicy | None = None
        self._outdated_for: int | None = None
        self._settled_at: float | None = None
        self.value_label = Label(self)
        self.value_label.setProperty("role", "value")
        self.slider = MarkedSlider(self)
        self.slider.setAccessibleName(self.tr("Threshold"))
        self.slider.setSingleStep(5)
        self.slider.setPageStep(50)
        self.reset_button = QPushButton(self.tr("Back to default"), self)
        self.reset_button.setProperty("role", "quiet")
        self.meaning = wrapped("", self)
        self.comparison = wrapped("", self)
        self._pause = QTimer(self)
        self._pause.setSingleShot(True)
        self._pause.setInterval(_PAUSE_MS)
        self._arrange()
        self._pause.timeout.connect(self._settle)
        self.slider.valueChanged.connect(self._on_value_changed)
        self.slider.sliderReleased.connect(self._settle)
        self.reset_button.clicked.connect(self._go_back)
        self.set_policy(None, None)

    def _arrange(self) -> None:
        heading = Label(self.tr("Threshold"), self)
        heading.setProperty("role", "heading")
        heading.setBuddy(self.slider)
        top = row(heading, STRETCH, self.value_label)
        ends = QHBoxLayout()
        for ending, side in ((self.tr("stricter"), 0), (self.tr("more lenient"), 1)):
            end = Label(ending, self)
            end.setProperty("role", "muted")
            if side:
                ends.addStretch()
            ends.addWidget(end)
        bottom = QHBoxLayout()
        bottom.addWidget(self.comparison, 1)
        bottom.addWidget(self.reset_button, 0, Qt.AlignmentFlag.AlignTop)
        column(top, self.slider, ends, self.meaning, bottom, parent=self, spacing=4)

    def value(self) -> float:
        """Return the threshold on show, squared L2."""
        return self.slider.value() / _STEPS_PER_UNIT

    def set_policy(self, policy: MatchPolicy | None, default: MatchPolicy | None) -> None:
        """Show the policy in force and the measured default; None where there is none.

        A change that the operator is just making goes first.
        """
        if self.slider.isSliderDown() or self._pause.isActive():
            return
        self._default = default
        is_outdated = policy is not None and default is not None and policy.is_outdated(default.people)
        self._outdated_for = policy.people if policy is not None and is_outdated else None
        self._settled_at = policy.threshold if policy else None
        self.setEnabled(policy is not None)
        # Not twice the threshold in force: the scale would grow with each move to its end.
        wide = 2 * max(0.25, default.threshold if default else 0.0)
        top = min(_SCALE_END, math.ceil(max(wide, policy.threshold if policy else 0.0) * 5) / 5)
        self.slider.blockSignals(True)
        self.slider.setRange(0, round(top * _STEPS_PER_UNIT))
        self.slider.setValue(_steps(policy.threshold) if policy else 0)
        self.slider.blockSignals(False)
        self.slider.set_mark(_steps(default.threshold) if default else None)
        self._describe()

    def _on_value_changed(self, _: int) -> None:
        self._describe()
        self.moved.emit(self.value())
        if not self.slider.isSliderDown():
            self._pause.start()

    def _settle(self) -> None:
        self._pause.stop()
        if self._settled_at is None or _steps(self._settled_at) != self.slider.value():
            self._settled_at = self.value()
            self.settled.emit(self.value())

    def _go_back(self) -> None:
        if self._default is not None:
            self.slider.setValue(_steps(self._default.threshold))
            self._settle()

    def _describe(self) -> None:
        value = amounts.distance(self.value())
        self.value_label.setText(value if self.isEnabled() else "–")
        self.slider.setAccessibleDescription(value)
        self.meaning.setText(
            self.tr(
                "A face is accepted up to a distance of {0} from a stored photo (0: the same picture, 4: the "
                "opposite). Lower refuses more staff; higher lets more strangers in. The default follows the "
                "number of people enrolled: the more, the likelier one of them looks like a stranger."
            ).format(value)
        )
        self._compare()

    def _compare(self) -> None:
        self.reset_button.setEnabled(self._default is not None and not self._is_default())
        role, comparison = "muted", self.tr("No default has been measured for this model.")
        if self._default is not None:
            mark, people = amounts.distance(self._default.threshold), Counts().people(self._default.people)
            self.comparison.setToolTip(self._default.source)
            if self._is_default():
                comparison = self.tr("This is the measured default for {0}.").format(people)
            elif self.value() < self._default.threshold:
                comparison = self.tr("Stricter than the measured default for {0}, {1}.").format(people, mark)
            else:
                role = "caution"
                comparison = self.tr("More lenient than the measured default for {0}, {1}.").format(
                    people, mark
                )
            if self._outdated_for is not None and not self._is_default():
                role = "caution"
                comparison = self.tr("It was set for {0}: look at it again. {1}").format(
                    Counts().people(self._outdated_for), comparison
                )
        self.comparison.setProperty("role", role)
        self.comparison.style().unpolish(self.comparison)
        self.comparison.style().polish(self.comparison)
        self.comparison.setText(comparison)

    def _is_default(self) -> bool:
        return self._default is not None and _steps(self._default.threshold) == self.slider.value()


def _steps(threshold: float) -> int:
    return round(threshold * _STEPS_PER_UNIT)
