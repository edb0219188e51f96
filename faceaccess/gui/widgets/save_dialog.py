"""A dialog whose answer is saved: it stays open, with what was typed, until the answer can be used."""

from PySide6.QtWidgets import QDialog, QDialogButtonBox, QLayout, QVBoxLayout, QWidget

from faceaccess.errors import FaceAccessError
from faceaccess.gui.plain import Label
from faceaccess.gui.wording import failures

SAVE = QDialogButtonBox.StandardButton.Save
_CANCEL = QDialogButtonBox.StandardButton.Cancel


class Problem(Label):
    """The line that says what is wrong; takes no room while nothing is."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.setWordWrap(True)
        self.setProperty("role", "bad")
        self.hide()

    def fail(self, error: FaceAccessError) -> None:
        """Say what went wrong and what to do."""
        self.say(failures.whole(error))

    def say(self, message: str) -> None:
        """Say what is wrong; "" takes it back."""
        self.setText(message)
        self.setVisible(bool(message))


class SaveDialog(QDialog):
    """Fields, a line for what is wrong, and the buttons.

    A class of its own puts its fields in with `arrange`, and says in `refusal` what can't be saved.
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
        """Lay out the fields from top to bottom, and what every such dialog has below them."""
        for item in (*items, self.problem, self.buttons):
            if isinstance(item, QLayout):
                self.column.addLayout(item)
            else:
                self.column.addWidget(item)

    def refusal(self) -> str:
        """Return why what was typed can't be saved, or ""; may set the focus where it is to be mended."""
        return ""

    def accept(self) -> None:
        """Close with the answer, unless it can't be used."""
        refusal = self.refusal()
        self.problem.say(refusal)
        if not refusal:
            super().accept()
