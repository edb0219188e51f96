"""What somebody at the door is asked to do with their head, to be understood from two metres."""

from PySide6.QtCore import QPointF, Qt, QTimer, Signal
from PySide6.QtGui import QColor, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QFrame, QHBoxLayout, QSizePolicy, QWidget

from faceaccess.door.liveness.turning import PIN_S, TurnPrompt
from faceaccess.gui import icons, theme
from faceaccess.gui.layout import STRETCH, column, row
from faceaccess.gui.plain import Label
from faceaccess.gui.widgets.elided_label import ElidedLabel
from faceaccess.gui.wording import turning

_HEIGHT_PX, _ICON_PX, _STEP_PX = 104, 84, 12
_LARGE_HEIGHT_PX, _LARGE_ICON_PX, _LARGE_STEP_PX = 300, 260, 30

_FORGOTTEN_MS = int(PIN_S * 1000) + 10_000
"""A movement takes a few seconds, and a PIN is waited for: after so long without news nobody is asked."""


class Steps(QWidget):
    """A dot for each movement: a full one for those that are done, a thick ring for the next."""

    def __init__(self, side_px: int, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._side_px, self._done, self._movements = side_px, 0, 0

    def show_steps(self, done: int, movements: int) -> None:
        """Show how many of the movements are done."""
        self._done, self._movements = done, movements
        self.setFixedSize(movements * 2 * self._side_px, self._side_px + 4)
        self.update()

    def paintEvent(self, _: QPaintEvent) -> None:
        """Draw the dots."""
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        colour = QColor(theme.ON_OUTCOME)
        for step in range(self._movements):
            is_next = step == self._done
            painter.setPen(QPen(colour, self._side_px / (4 if is_next else 10)))
            painter.setBrush(colour if step < self._done else Qt.BrushStyle.NoBrush)
            radius = self._side_px * 0.4
            painter.drawEllipse(
                QPointF(self._side_px * (2 * step + 0.5) + 2, self.height() / 2), radius, radius
            )
        painter.end()


class TurnPanel(QFrame):
    """One person's prompt: a very large sign, a few words, and how far it has come."""

    def __init__(self, parent: QWidget | None = None, *, is_large: bool = False) -> None:
        super().__init__(parent)
        self.setObjectName("banner")
        self.setProperty("isLarge", is_large)
        self.setProperty("isAsked", True)
        self._icon_px = _LARGE_ICON_PX if is_large else _ICON_PX
        self.symbol = Label(self)
        self.symbol.setFixedSize(self._icon_px, self._icon_px)
        least, two_lines = (20, 40) if is_large else (14, 18)
        self.title = ElidedLabel("", self, least_points=least, two_lines_points=two_lines)
        self.title.setObjectName("bannerTitle")
        self.steps = Steps(_LARGE_STEP_PX if is_large else _STEP_PX, self)
        self.progress = ElidedLabel("", self, least_points=18 if is_large else 9)
        self.progress.setObjectName("bannerAdvice")
        below = row(self.steps, self.progress, spacing=18)
        layout = QHBoxLayout(self)
        layout.setContentsMargins(20, 8, 20, 8)
        layout.setSpacing(32 if is_large else 18)
        layout.addWidget(self.symbol)
        layout.addLayout(column(STRETCH, self.title, below, STRETCH, spacing=14 if is_large else 2), 1)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.setFixedHeight(_LARGE_HEIGHT_PX if is_large else _HEIGHT_PX)

    def show_prompt(self, prompt: TurnPrompt, camera: str = "") -> None:
        """Show what is asked now, and at which camera where there are several."""
        asked, progress = turning.asked(prompt), turning.progress(prompt)
        self.title.setText(asked)
        self.steps.show_steps(prompt.done, prompt.movements)
        self.steps.setVisible(prompt.other_way is None)
        self.progress.setText(": ".join(filter(None, (camera, progress))))
        icons.set_icon(self.symbol, turning.icon(prompt), self._icon_px)
        self.symbol.setAccessibleName(asked)
        self.setAccessibleName(". ".join(filter(None, (asked, progress, camera))))


class TurnPrompts(QWidget):
    """The prompts of up to two cameras, each as long as somebody is asked there.

    `changed` says that somebody is asked now, or nobody any longer.
    """

    changed = Signal()

    def __init__(self, parent: QWidget | None = None, *, is_large: bool = False) -> None:
        super().__init__(parent)
        self.panels = (TurnPanel(self, is_large=is_large), TurnPanel(self, is_large=is_large))
        self._prompts: dict[str, TurnPrompt] = {}
        self._names_camera = False
        layout = QHBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(10)
        for panel in self.panels:
            layout.addWidget(panel, 1)
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.setInterval(_FORGOTTEN_MS)
        self._timer.timeout.connect(self.clear)
        self.hide()

    @property
    def is_asking(self) -> bool:
        """Whether anybody is asked now."""
        return bool(self._prompts)

    def set_camera_count(self, count: int) -> None:
        """Name the camera of a prompt, where there are several."""
        self._names_camera = count > 1

    def show_prompt(self, camera: str, prompt: TurnPrompt) -> None:
        """Show what is asked at a camera, by its name, until it is over."""
        if prompt.result is None:
            self._prompts[camera] = prompt
            self._timer.start()
        else:
            self._prompts.pop(camera, None)
        self._show()

    def clear(self) -> None:
        """Ask nobody any longer: the door is closed."""
        self._prompts = {}
        self._show()

    def _show(self) -> None:
        prompts = list(self._prompts.items())[: len(self.panels)]
        for panel, (camera, prompt) in zip(self.panels, prompts, strict=False):
            panel.show_prompt(prompt, camera if self._names_camera else "")
        self.panels[1].setVisible(len(prompts) > 1)
        if self.isHidden() == self.is_asking:
            self.setVisible(self.is_asking)
            self.changed.emit()
        if not self.is_asking:
            self._timer.stop()
