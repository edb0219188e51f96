"""The request for consent to face recognition: the text, and the person's agreement to it."""

from datetime import date

from PySide6.QtCore import QLocale, Signal
from PySide6.QtWidgets import (
    QCheckBox,
    QComboBox,
    QDialog,
    QDialogButtonBox,
    QHBoxLayout,
    QPushButton,
    QTextBrowser,
    QVBoxLayout,
    QWidget,
)

from faceaccess.gui.dialog_buttons import DialogButtons
from faceaccess.gui.layout import column, wrapped
from faceaccess.gui.plain import Label
from faceaccess.gui.widgets.signature_pad import SignaturePad
from faceaccess.store.people.types import ConsentText, NewConsent

_TEXT_PX = 240
_WIDTH_PX = 560


def language_name(code: str) -> str:
    """Return a language's own name; the code where Qt doesn't know it."""
    language = QLocale(code).language()
    if language in (QLocale.Language.C, QLocale.Language.English):
        return code if language is QLocale.Language.C else "English"
    name = QLocale(code).nativeLanguageName()
    return name[:1].upper() + name[1:]


class ConsentDialog(QDialog):
    """Shows a text to be read and signed; accepted means agreed."""

    def __init__(self, text: ConsentText, name: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setWindowTitle(self.tr("Consent"))
        self.setMinimumWidth(_WIDTH_PX)
        heading = Label(name or self.tr("Consent to face recognition"), self)
        heading.setProperty("role", "heading")
        self.text = QTextBrowser(self)
        self.text.setPlainText(text.text)
        self.text.setMinimumHeight(_TEXT_PX)
        self.text.setAccessibleName(self.tr("Consent text"))
        label = wrapped(
            self.tr("Sign here, if you wish; not needed when it was signed on paper:"), self, "muted"
        )
        self.pad = SignaturePad(self)
        again = QPushButton(self.tr("Clear the signature"), self)
        again.clicked.connect(self.pad.clear)
        self.buttons = DialogButtons(QDialogButtonBox.StandardButton.Cancel, self)
        self.agree = self.buttons.addButton(self.tr("I agree"), QDialogButtonBox.ButtonRole.AcceptRole)
        self.agree.setProperty("role", "primary")
        self.buttons.addButton(again, QDialogButtonBox.ButtonRole.ResetRole)
        self.buttons.accepted.connect(self.accept)
        self.buttons.rejected.connect(self.reject)
        column = QVBoxLayout(self)
        column.setSpacing(10)
        for widget in (heading, self.text, label, self.pad, self.buttons):
            column.addWidget(widget)


class ConsentSection(QWidget):
    """A box to tick, the language of the text, and a way to read and sign it."""

    changed = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._texts: list[ConsentText] = []
        self._signature: bytes | None = None
        self._name = self._agreed_name = ""
        self.box = QCheckBox(self.tr("&Agrees to be recognised by face"), self)
        self.language = QComboBox(self)
        self.language.setAccessibleName(self.tr("Language of the consent text"))
        self.read_button = QPushButton(self.tr("Read and sign…"), self)
        self.state = wrapped("", self, "muted")
        row = QHBoxLayout()
        row.addWidget(self.language, 1)
        row.addWidget(self.read_button)
        column(self.box, row, self.state, parent=self, spacing=6)
        self.box.toggled.connect(self._on_toggled)
        self.language.currentIndexChanged.connect(self._on_language)
        self.read_button.clicked.connect(self._read)
        self._tell()

    def set_texts(self, texts: list[ConsentText]) -> None:
        """Take the current texts; the window's language first, if it is among them."""
        if texts == self._texts:
            return
        language = self.language.currentData() or QLocale().name()[:2]
        self._texts = list(texts)
        self.language.blockSignals(True)
        self.language.clear()
        for text in texts:
            self.language.addItem(language_name(text.language), text.language)
        self.language.setCurrentIndex(max(self.language.findData(language), 0))
        self.language.blockSignals(False)
        self._on_language()

    def set_name(self, name: str) -> None:
        """Set the name above the text; what was agreed to under another one is forgotten."""
        self._name = name
        if self._agreed_name and name != self._agreed_name:
            self.clear()
            self.state.setText(self.tr("The name is another one now: the text has to be agreed to again."))

    def new_consent(self) -> NewConsent | None:
        """Return the consent given today; None while the box isn't ticked."""
        text = self._text()
        if text is None or not self.box.isChecked():
            return None
        return NewConsent(text.version, date.today(), signature=self._signature)

    def clear(self) -> None:
        """Forget the consent given."""
        self._signature, self._agreed_name = None, ""
        self.box.setChecked(False)
        self._tell()

    def _text(self) -> ConsentText | None:
        row = self.language.currentIndex()
        return self._texts[row] if 0 <= row < len(self._texts) else None

    def _read(self) -> None:
        text = self._text()
        if text is None:
            return
        dialog = ConsentDialog(text, self._name, self)
        if dialog.exec() == QDialog.DialogCode.Accepted:
            self._signature, self._agreed_name = dialog.pad.png(), self._name
            self.box.setChecked(True)
            self._tell()

    def _on_toggled(self, is_on: bool) -> None:
        if not is_on:
            self._signature, self._agreed_name = None, ""
        self._tell()
        self.changed.emit()

    def _on_language(self) -> None:
        """Untick the box: the other text was not agreed to."""
        self.box.setChecked(False)
        self._tell()
        self.changed.emit()

    def _tell(self) -> None:
        text = self._text()
        state = "" if text is None else self.tr("Version {0} of the text.").format(text.version)
        if self._signature is not None:
            state = self.tr("{0} Signed here.").format(state)
        elif self.box.isChecked():
            state = self.tr("{0} Agreed aloud or on paper.").format(state)
        self.state.setText(state)
        self.read_button.setEnabled(text is not None)
