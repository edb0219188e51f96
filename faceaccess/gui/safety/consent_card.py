"""Consent, as an admin sees it: the texts, how long they hold, and whose is to be looked after."""

from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import QLocale
from PySide6.QtWidgets import (
    QComboBox,
    QDialog,
    QHBoxLayout,
    QPlainTextEdit,
    QPushButton,
    QVBoxLayout,
    QWidget,
)

from faceaccess.errors import FaceAccessError
from faceaccess.gui.background import run_in_background
from faceaccess.gui.notices import Notices
from faceaccess.gui.plain import Label
from faceaccess.gui.widgets.consent_section import language_name
from faceaccess.gui.widgets.save_dialog import SaveDialog
from faceaccess.gui.widgets.settings_form import SettingsForm
from faceaccess.gui.wording import consent as text_consent
from faceaccess.settings import ConsentSettings
from faceaccess.store.people.types import ConsentText, DueConsent

if TYPE_CHECKING:
    from faceaccess.people.reception import Reception
    from faceaccess.store.access.access import Access
    from faceaccess.store.policy.policies import Policies

_MOST_SHOWN = 20
_LANGUAGES = ("en", "de", "fr", "es", "it", "nl", "pl", "pt", "tr", "ar", "uk", "zh")
_TEXT_WIDTH_PX, _TEXT_HEIGHT_PX = 560, 280


@dataclass(frozen=True)
class _Consents:
    settings: ConsentSettings
    texts: list[ConsentText]
    due: list[DueConsent]


class ConsentCard(QWidget):
    """Texts are never changed: an edit is another version, and who agreed to the old one is listed."""

    def __init__(
        self,
        access: "Access",
        reception: "Reception",
        policies: "Policies",
        notices: Notices,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self._access, self._reception, self._policies = access, reception, policies
        self._notices = notices
        self._texts: list[ConsentText] = []
        self.texts = Label(self)
        self.texts.setWordWrap(True)
        self.write_button = QPushButton(self.tr("Edit the texts…"), self)
        self.form = SettingsForm(ConsentSettings(), parent=self)
        self.due = Label(self)
        self.due.setWordWrap(True)
        self.due.setProperty("role", "muted")
        row = QHBoxLayout()
        row.addWidget(self.texts, 1)
        row.addWidget(self.write_button)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(10)
        column.addLayout(row)
        column.addWidget(self.form)
        column.addWidget(self.due)
        self.write_button.clicked.connect(self._write)
        self.form.edited.connect(self._save)
        self.form.refused.connect(notices.fail)

    def load(self) -> None:
        """Show what is in force."""
        run_in_background(
            partial(_read, self._reception, self._policies), self._show, self._notices.fail, self
        )

    def _show(self, found: _Consents) -> None:
        self._texts = found.texts
        self.form.set_settings(found.settings)
        names = [
            self.tr("{0} (text {1})").format(language_name(text.language), text.version)
            for text in found.texts
            if text.is_current
        ]
        self.texts.setText(self.tr("People agree to: {0}.").format(", ".join(reversed(names))))
        self.due.setText(self._due_words(found.due))

    def _due_words(self, due: list[DueConsent]) -> str:
        if not due:
            return self.tr("Nothing is due.")
        lines = [text_consent.due(row) for row in due[:_MOST_SHOWN]]
        if len(due) > _MOST_SHOWN:
            lines.append(self.tr("and %n more", "", len(due) - _MOST_SHOWN))
        return "\n".join([self.tr("Due:"), *lines])

    def _write(self) -> None:
        dialog = TextDialog(self._texts, self)
        if dialog.exec() == QDialog.DialogCode.Accepted:
            write = partial(
                _write, self._access, self._reception, self._policies, dialog.language(), dialog.words()
            )
            run_in_background(write, self._show, self._on_failed, self)

    def _save(self, settings: ConsentSettings) -> None:
        run_in_background(
            partial(_keep, self._access, self._reception, self._policies, settings),
            self._show,
            self._on_failed,
            self,
        )

    def _on_failed(self, error: FaceAccessError) -> None:
        self._notices.fail(error)
        self.load()


class TextDialog(SaveDialog):
    """Edits the text of a language; what is saved becomes another version."""

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
            self.tr("Saved as another version. Who agreed to an older one is listed as due."),
            self,
        )
        note.setWordWrap(True)
        note.setProperty("role", "muted")
        self.arrange(self.language_box, self.edit, note)
        self.language_box.currentIndexChanged.connect(self._show_text)
        self.edit.textChanged.connect(self._check)
        wanted = self.language_box.findData(QLocale().name()[:2])
        self.language_box.setCurrentIndex(max(wanted, 0))
        self._show_text()

    def language(self) -> str:
        """Return the code of the language chosen."""
        return str(self.language_box.currentData())

    def words(self) -> str:
        """Return the text."""
        return self.edit.toPlainText().strip()

    def _show_text(self) -> None:
        current = self._current.get(self.language())
        self.edit.setPlainText(current.text if current else "")
        self._check()

    def _check(self) -> None:
        current = self._current.get(self.language())
        is_new = bool(self.words()) and (current is None or self.words() != current.text)
        self.save_button.setEnabled(is_new)


def _read(reception: "Reception", policies: "Policies") -> _Consents:
    return _Consents(policies.read(ConsentSettings), reception.consents.texts(), reception.consents.due())


def _keep(
    access: "Access", reception: "Reception", policies: "Policies", settings: ConsentSettings
) -> _Consents:
    policies.set(access.actor, settings)
    return _read(reception, policies)


def _write(
    access: "Access", reception: "Reception", policies: "Policies", language: str, words: str
) -> _Consents:
    reception.consents.write_text(access.actor, language, words)
    return _read(reception, policies)
