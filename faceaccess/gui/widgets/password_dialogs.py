"""The dialogs that ask for passwords and passphrases, or show one that can't be shown again."""

from collections.abc import Sequence

from PySide6.QtCore import QCoreApplication, Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import (
    QCheckBox,
    QComboBox,
    QDialog,
    QDialogButtonBox,
    QFormLayout,
    QLineEdit,
    QPushButton,
    QVBoxLayout,
    QWidget,
)

from faceaccess.codes import Role
from faceaccess.gui import layout
from faceaccess.gui.dialog_buttons import DialogButtons
from faceaccess.gui.plain import Label
from faceaccess.gui.widgets.save_dialog import SaveDialog
from faceaccess.gui.wording import record as text_record

_WIDTH_PX = 440


class SecretDialog(SaveDialog):
    """Asks for texts, some of them unseen; a new password is asked for twice.

    Args:
        title: of the window.
        explanation: what it is for.
        fields: name, label and whether it is a secret, in order.
        new: name of the field that is a new secret, and so asked for again; "" for none.
        roles: to choose from; none shows no choice.
    """

    def __init__(
        self,
        title: str,
        explanation: str,
        fields: Sequence[tuple[str, str, bool]],
        *,
        new: str = "",
        roles: Sequence[Role] = (),
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(title, parent, save=QDialogButtonBox.StandardButton.Ok)
        self.setMinimumWidth(_WIDTH_PX)
        self._new = new
        self.fields: dict[str, QLineEdit] = {}
        self.role = QComboBox(self)
        advice = layout.wrapped(explanation, self)
        # A dialog's own size leaves out how high a text becomes when it is wrapped.
        advice.setMinimumHeight(advice.heightForWidth(_WIDTH_PX))
        form = layout.form()
        form.setFieldGrowthPolicy(QFormLayout.FieldGrowthPolicy.AllNonFixedFieldsGrow)
        for name, label, is_secret in fields:
            self._add(form, name, label, is_secret)
            if name == new:
                self._add(form, "again", self.tr("Repeat"), is_secret)
        for role in roles:
            self.role.addItem(text_record.role(role), role)
        self.role.setVisible(bool(roles))
        if roles:
            form.addRow(self.tr("Role"), self.role)
        self.arrange(advice, form)

    def _add(self, form: QFormLayout, name: str, label: str, is_secret: bool) -> None:
        field = QLineEdit(self)
        field.setAccessibleName(label)
        if is_secret:
            field.setEchoMode(QLineEdit.EchoMode.Password)
        self.fields[name] = field
        form.addRow(label, field)

    def text(self, name: str) -> str:
        """Return the text typed into a field."""
        return self.fields[name].text()

    def chosen_role(self) -> Role:
        """Return the role that was chosen."""
        return Role(self.role.currentData())

    def refusal(self) -> str:
        """Return that the new secret and its repetition differ; what was typed stays."""
        if not self._new or self.text(self._new) == self.text("again"):
            return ""
        self.fields["again"].setFocus()
        self.fields["again"].selectAll()
        return self.tr("The two are not the same.")


def ask_passphrase(window: QWidget, title: str, explanation: str, *, is_new: bool = False) -> str:
    """Ask for a passphrase, twice where it is new; return "" when none was given."""
    label = QCoreApplication.translate("SecretDialog", "Passphrase")
    new = "passphrase" if is_new else ""
    dialog = SecretDialog(title, explanation, (("passphrase", label, True),), new=new, parent=window)
    is_given = dialog.exec() == QDialog.DialogCode.Accepted
    dialog.deleteLater()
    return dialog.text("passphrase") if is_given else ""


class PassphraseDialog(QDialog):
    """Shows a new recovery passphrase, which must be kept before the dialog can be closed."""

    def __init__(self, passphrase: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setWindowTitle(self.tr("Recovery passphrase"))
        self.setMinimumWidth(_WIDTH_PX)
        explanation = Label(
            self.tr(
                "Write this down and keep it where only those may find it who may recover everything. "
                "It is not shown again. A lost password or a lost key is recovered with it, and nothing else."
            ),
            self,
        )
        explanation.setWordWrap(True)
        self.passphrase = Label(passphrase, self)
        self.passphrase.setProperty("role", "title")
        self.passphrase.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self.passphrase.setWordWrap(True)
        self.passphrase.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        self.copy_button = QPushButton(self.tr("Copy"), self)
        self.copy_button.clicked.connect(self._copy)
        self.is_kept = QCheckBox(self.tr("I have written it down"), self)
        self.buttons = DialogButtons(QDialogButtonBox.StandardButton.Close, self)
        self.close_button = self.buttons.button(QDialogButtonBox.StandardButton.Close)
        self.close_button.setEnabled(False)
        self.is_kept.toggled.connect(self.close_button.setEnabled)
        self.buttons.rejected.connect(self.reject)
        column = QVBoxLayout(self)
        column.setSpacing(14)
        for widget in (explanation, self.passphrase, self.copy_button, self.is_kept, self.buttons):
            column.addWidget(widget)

    def _copy(self) -> None:
        QGuiApplication.clipboard().setText(self.passphrase.text())

    def reject(self) -> None:
        """Close only once it is kept."""
        if self.is_kept.isChecked():
            super().reject()
