"""The history of a person, with an undo for the newest change."""

from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtWidgets import (
    QDialog,
    QDialogButtonBox,
    QListWidget,
    QPushButton,
    QVBoxLayout,
    QWidget,
)

from faceaccess.errors import FaceAccessError
from faceaccess.gui import icons
from faceaccess.gui.background import run_in_background
from faceaccess.gui.dialog_buttons import DialogButtons
from faceaccess.gui.layout import wrapped
from faceaccess.gui.mender import Mender
from faceaccess.gui.plain import shown
from faceaccess.gui.wording import failures
from faceaccess.gui.wording import findings as health_text
from faceaccess.store.people.types import Person

if TYPE_CHECKING:
    from faceaccess.people.gallery.undoing import Change
    from faceaccess.people.reception import Reception

_WIDTH, _HEIGHT = 480, 360


class HistoryDialog(QDialog):
    """Lists changes, newest first; each *Undo* takes back the newest that is in force."""

    def __init__(
        self, reception: "Reception", person: Person, mender: Mender, parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self.setWindowTitle(self.tr("Changes to {0}").format(person.name))
        self._reception = reception
        self._person, self._mender = person, mender
        self._seq: int | None = None
        self.message = wrapped("", self, "muted")
        self.changes = QListWidget(self)
        self.changes.setAccessibleName(self.tr("Changes, newest first"))
        self.undo_button = QPushButton(self.tr("Undo the newest change"), self)
        icons.set_icon(self.undo_button, "undo", 16)
        buttons = DialogButtons(QDialogButtonBox.StandardButton.Close, self)
        column = QVBoxLayout(self)
        column.setSpacing(10)
        for widget in (self.message, self.changes, self.undo_button, buttons):
            column.addWidget(widget, 1 if widget is self.changes else 0)
        self.resize(_WIDTH, _HEIGHT)
        self.undo_button.clicked.connect(self._on_undo)
        buttons.rejected.connect(self.reject)
        mender.changed.connect(self.load)
        mender.failed.connect(self.load)
        self.load()

    def load(self) -> None:
        """Read the person's history."""
        read = partial(self._reception.mending.history, self._person.person_id)
        run_in_background(read, self._show, self._on_failed, self)

    def _show(self, changes: "list[Change]") -> None:
        self._seq = next((change.row.seq for change in changes if change.can_be_undone), None)
        self.changes.clear()
        for change in changes:
            marks = "" if change.is_in_force else self.tr("   undone")
            self.changes.addItem(shown(health_text.change(change.row) + marks))
        self.undo_button.setEnabled(self._seq is not None)
        self.message.setText(
            self.tr("Names, merging, splitting and deleting can be undone, the newest first.")
            if changes
            else self.tr("Nothing was changed since the person was enrolled.")
        )

    def _on_undo(self) -> None:
        if self._seq is not None:
            self.undo_button.setEnabled(False)
            self._mender.undo(self._seq)

    def _on_failed(self, error: FaceAccessError) -> None:
        self.message.setText(failures.whole(error))
