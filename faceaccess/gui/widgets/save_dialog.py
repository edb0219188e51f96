"""A dialog whose answer is saved: it stays open, with what was typed, until the answer can be used."""

from PySide6.QtWidgets import QDialog, QDialogButtonBox, QLayout, QVBoxLayout, QWidget

from faceaccess.errors import FaceAccessError
from faceaccess.gui.plain import Label
from faceaccess.gui.wording import failures

SAVE = QDialogButtonBox.StandardButton.Save
_CANCEL = QDialogButtonBox.StandardButton.Cancel


class Problem(Label):
    """The line that shows what is wrong; takes no room while nothing is."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.setWordWrap(True)
        self.setProperty("role", "bad")
        self.hide()

    def fail(self, error: FaceAccessError) -> None:
        """Show an error and what to do about it."""
        self.say(failures.whole(error))

    def say(self, message: str) -> None:
        """Show what is wrong; "" for nothing."""
        self.setText(message)
        self.setVisible(bool(message))


class SaveDialog(QDialog):
    """Fields, a line for what is wrong, and the buttons.

    A subclass puts its fields in with `arrange`, and says in `refusal` why they can't be saved.
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
        self.buttons = QDialogButtonBox(save | _CANCEL, self)
        self.save_button = self.buttons.button(save)
        self.column = QVBoxLayout(self)
        self.column.setSpacing(12)
        self.buttons.accepted.connect(self.accept)
        self.buttons.rejected.connect(self.reject)

    def arrange(self, *items: QWidget | QLayout) -> None:
        """Lay out the fields from top to bottom, with the problem line and the buttons below."""
        for item in (*items, self.problem, self.buttons):
            if isinstance(item, QLayout):
                self.column.addLayout(item)
            else:
                self.column.addWidget(item)

    def refusal(self) -> str:
        """Return why the fields can't be saved, or ""; may set the focus on the field at fault."""
        return ""

    def accept(self) -> None:
        """Close with the answer, unless it can't be used."""
        refusal = self.refusal()
        self.problem.say(refusal)
        if not refusal:
            super().accept()
