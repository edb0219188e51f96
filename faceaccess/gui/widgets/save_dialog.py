"""A dialog whose answer is saved: it stays open, with what was typed, until the answer is saved."""

from collections.abc import Callable

from PySide6.QtGui import QShowEvent
from PySide6.QtWidgets import (
    QAbstractItemView,
    QAbstractSpinBox,
    QComboBox,
    QDialog,
    QDialogButtonBox,
    QLayout,
    QLineEdit,
    QPlainTextEdit,
    QVBoxLayout,
    QWidget,
)

from faceaccess.errors import FaceAccessError, Text
from faceaccess.gui.background import Lane, run_in_background
from faceaccess.gui.dialog_buttons import DialogButtons
from faceaccess.gui.plain import Label
from faceaccess.gui.window.tab_order import follow_layout
from faceaccess.gui.wording import failures

SAVE = QDialogButtonBox.StandardButton.Save
_FIELDS = (QLineEdit, QPlainTextEdit, QComboBox, QAbstractSpinBox, QAbstractItemView)
_CANCEL = QDialogButtonBox.StandardButton.Cancel


class Problem(Label):
    """The line that shows what is wrong; takes no room while nothing is."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.setWordWrap(True)
        self.hide()

    def fail(self, error: FaceAccessError) -> None:
        """Show an error and what to do about it."""
        self.say(failures.whole(error))

    def say(self, message: str) -> None:
        """Show what is wrong; "" for nothing."""
        self._show(message, "bad")

    def ask(self, doubt: str) -> None:
        """Show what is doubtful."""
        self._show(doubt, "caution")

    def _show(self, message: str, role: str) -> None:
        self.setProperty("role", role)
        self.style().unpolish(self)
        self.style().polish(self)
        self.setText(message)
        self.setVisible(bool(message))


class SaveDialog(QDialog):
    """Fields, a line for what is wrong, and the buttons.

    A subclass puts its fields in with `arrange`, and says in `refusal` why they can't be saved. With
    `save_by` the dialog also saves them itself; `saved` is what the job returned.
    """

    def __init__(
        self,
        title: str = "",
        parent: QWidget | None = None,
        *,
        save: QDialogButtonBox.StandardButton = SAVE,
    ) -> None:
        super().__init__(parent)
        self.setWindowTitle(title)
        self.problem = Problem(self)
        self.buttons = DialogButtons(save | _CANCEL, self)
        self.save_button = self.buttons.button(save)
        self.column = QVBoxLayout(self)
        self.column.setSpacing(12)
        self.saved: object = None
        self._job: Callable[[], Callable[[], object]] | None = None
        self._lane = Lane.SHORT
        self._find_doubt: Callable[[], Callable[[], Text | None]] | None = None
        self._doubt = ""
        self.buttons.accepted.connect(self.accept)
        self.buttons.rejected.connect(self.reject)

    def arrange(self, *items: QWidget | QLayout) -> None:
        """Lay out the fields from top to bottom, with the problem line and the buttons below."""
        for item in (*items, self.problem, self.buttons):
            if isinstance(item, QLayout):
                self.column.addLayout(item)
            else:
                self.column.addWidget(item)

    def showEvent(self, event: QShowEvent) -> None:
        """Begin in the first field."""
        super().showEvent(event)
        if self.focusWidget() is None or self.buttons.isAncestorOf(self.focusWidget()):
            fields = (stop for stop in follow_layout(self) if isinstance(stop, _FIELDS))
            first = next((field for field in fields if field.isEnabled() and field.isVisible()), None)
            if first is not None:
                first.setFocus()

    def focusNextPrevChild(self, next_: bool) -> bool:
        """Go through the fields in reading order, also through those that came later."""
        follow_layout(self)
        return super().focusNextPrevChild(next_)

    def refusal(self) -> str:
        """Return why the fields can't be saved, or ""; may set the focus on the field at fault."""
        return ""

    def save_by(self, job: Callable[[], Callable[[], object]], lane: Lane = Lane.SHORT) -> None:
        """Save the answer before closing; what refuses it is said, and everything typed stays.

        Args:
            job: returns what saves the answer, which is called on a worker.
            lane: the worker.
        """
        self._job, self._lane = job, lane

    def doubt_by(self, find: Callable[[], Callable[[], Text | None]]) -> None:
        """Ask once more before saving what can be right, but seldom is.

        Args:
            find: returns what looks for a doubt about the answer, which is called on a worker.
        """
        self._find_doubt = find

    def accept(self) -> None:
        """Close with the answer, unless it can't be used or saved, or is doubtful."""
        refusal = self.refusal()
        self.problem.say(refusal)
        if refusal:
            self._doubt = ""
            self._make_room()
        elif self._find_doubt is None:
            self._save()
        else:
            self.buttons.setEnabled(False)
            run_in_background(self._find_doubt(), self._on_doubt, self._on_refused, self)

    def _on_doubt(self, doubt: Text | None) -> None:
        """Save what is not doubtful, or what somebody was asked about already."""
        asked, self._doubt = self._doubt, "" if doubt is None else failures.translated(doubt)
        self.buttons.setEnabled(True)
        if self._doubt in ("", asked):
            self._save()
            return
        again = self.tr("If it is right so, press {0} again.")
        self.problem.ask(f"{self._doubt} {again.format(self.save_button.text().replace('&', ''))}")
        self._make_room()

    def _save(self) -> None:
        if self._job is None:
            super().accept()
            return
        self.buttons.setEnabled(False)
        run_in_background(self._job(), self._on_saved, self._on_refused, self, lane=self._lane)

    def reject(self) -> None:
        """Close without the answer, unless it is just being saved."""
        if self.buttons.isEnabled():
            super().reject()

    def _on_saved(self, saved: object) -> None:
        self.saved = saved
        super().accept()

    def _on_refused(self, error: FaceAccessError) -> None:
        self.buttons.setEnabled(True)
        self.problem.fail(error)
        self._make_room()

    def _make_room(self) -> None:
        """Grow by the line that says what is wrong."""
        self.column.activate()
        self.resize(self.width(), max(self.height(), self.column.totalHeightForWidth(self.width())))
