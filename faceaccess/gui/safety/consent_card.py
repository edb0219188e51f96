"""Consent as an admin sees it: the texts, how long they are valid, and the consents that need attention."""

from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import QLocale
from PySide6.QtWidgets import (
    QComboBox,
    QDialog,
    QPlainTextEdit,
    QPushButton,
    QWidget,
)

from faceaccess.gui.layout import row, wrapped
from faceaccess.gui.notices import Notices
from faceaccess.gui.plain import Label
from faceaccess.gui.widgets.consent_section import language_name
from faceaccess.gui.widgets.save_dialog import SaveDialog
from faceaccess.gui.widgets.settings_card import SettingsCard
from faceaccess.gui.wording import consent as text_consent
from faceaccess.people.consent import with_learning_line
from faceaccess.settings import ConsentSettings
from faceaccess.store.people.types import ConsentText, DueConsent

if TYPE_CHECKING:
    from faceaccess.people.consent import ConsentOffice
    from faceaccess.people.reception import Reception
    from faceaccess.store.access.access import Access
    from faceaccess.store.policy.policies import Policies

_MOST_SHOWN = 20
_LANGUAGES = ("en", "de", "fr", "es", "it", "nl", "pl", "pt", "tr", "ar", "uk", "zh")
_TEXT_WIDTH_PX, _TEXT_HEIGHT_PX = 560, 280


class ConsentCard(SettingsCard[ConsentSettings]):
    """Texts are never changed: an edit is a new version, and people who agreed to the old one are listed."""

    def __init__(
        self,
        access: "Access",
        reception: "Reception",
        policies: "Policies",
        notices: Notices,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(ConsentSettings(), access, policies, notices, parent)
        self._consents = reception.consents
        self._texts: list[ConsentText] = []
        self.texts = wrapped("", self)
        self.write_button = QPushButton(self.tr("Edit the texts…"), self)
        self.due = wrapped("", self, "muted")
        line = row(self.texts, self.write_button)
        line.setStretch(0, 1)
        self.column.insertLayout(0, line)
        self.column.addWidget(self.due)
        self.write_button.clicked.connect(self._write)

    def load_facts(self) -> None:
        """Show the texts, and the consents that are due."""
        self.work.read(partial(_read, self._consents), self._show)

    def _show(self, reading: tuple[list[ConsentText], list[DueConsent]]) -> None:
        self._texts, due = reading
        names = [
            self.tr("{0} (version {1})").format(language_name(text.language), text.version)
            for text in self._texts
            if text.is_current
        ]
        self.texts.setText(self.tr("People agree to: {0}.").format(", ".join(reversed(names))))
        self.due.setText(self._due_message(due))

    def _due_message(self, due: list[DueConsent]) -> str:
        if not due:
            return self.tr("Nothing is due.")
        lines = [text_consent.due(row) for row in due[:_MOST_SHOWN]]
        if len(due) > _MOST_SHOWN:
            lines.append(self.tr("and %n more", "", len(due) - _MOST_SHOWN))
        return "\n".join([self.tr("Due:"), *lines])

    def _write(self) -> None:
        dialog = TextDialog(self._texts, self)
        if dialog.exec() == QDialog.DialogCode.Accepted:
            write = self.work.by_actor(self._consents.write_text, dialog.language(), dialog.text())
            self.work.carry_out(write)


class TextDialog(SaveDialog):
    """Edits the text of a language; saving makes a new version."""

    def __init__(self, texts: list[ConsentText], parent: QWidget | None = None) -> None:
        super().__init__(parent=parent)
        self.setWindowTitle(self.tr("Consent text"))
        self._current = {text.language: text for text in texts if text.is_current}
        self.language_box = QComboBox(self)
        self.language_box.setAccessibleName(self.tr("Language"))
        for code in dict.fromkeys((*sorted(self._current), *_LANGUAGES)):
            self.language_box.addItem(language_name(code), code)
        self.edit = QPlainTextEdit(self)
        self.edit.setMinimumSize(_TEXT_WIDTH_PX, _TEXT_HEIGHT_PX)
        self.edit.setAccessibleName(self.tr("Consent text"))
        note = Label(
            self.tr("Saved as a new version. People who agreed to an older one are listed as due."),
            self,
        )
        note.setWordWrap(True)
        note.setProperty("role", "muted")
        self.learning_button = QPushButton(self.tr("Add the line on learning"), self)
        self.learning_button.setToolTip(
            self.tr("Lets the model be adapted to this site from these people's pictures")
        )
        self.learning_button.clicked.connect(self._add_learning)
        self.arrange(self.language_box, self.edit, row(self.learning_button, 1), note)
        self.language_box.currentIndexChanged.connect(self._show_text)
        self.edit.textChanged.connect(self._check)
        index = self.language_box.findData(QLocale().name()[:2])
        self.language_box.setCurrentIndex(max(index, 0))
        self._show_text()

    def language(self) -> str:
        """Return the code of the language chosen."""
        return str(self.language_box.currentData())

    def text(self) -> str:
        """Return the text."""
        return self.edit.toPlainText().strip()

    def _add_learning(self) -> None:
        self.edit.setPlainText(with_learning_line(self.language(), self.text()))

    def _show_text(self) -> None:
        current = self._current.get(self.language())
        self.edit.setPlainText(current.text if current else "")
        self._check()

    def _check(self) -> None:
        self.learning_button.setEnabled(with_learning_line(self.language(), self.text()) != self.text())
        current = self._current.get(self.language())
        is_new = bool(self.text()) and (current is None or self.text() != current.text)
        self.save_button.setEnabled(is_new)


def _read(consents: "ConsentOffice") -> tuple[list[ConsentText], list[DueConsent]]:
    return consents.texts(), consents.due()
