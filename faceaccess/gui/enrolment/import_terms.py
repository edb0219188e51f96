"""On which terms people are imported: what they agreed to, and what is done with doubles and namesakes."""

from collections.abc import Iterable
from datetime import date

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QCheckBox, QComboBox, QHBoxLayout, QVBoxLayout, QWidget

from faceaccess.codes import IfDouble, IfNamed
from faceaccess.gui.confirming import confirms
from faceaccess.gui.widgets.consent_section import language_name
from faceaccess.people.arrivals.admission import AdmissionTerms
from faceaccess.store.people.types import ConsentText, NewConsent


class ImportTerms(QWidget):
    """Two lines of choices; `agreed_changed` says that the consent was ticked or not."""

    agreed_changed = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.agreed = QCheckBox(
            self.tr("All of them have &agreed to be recognised by face, to the text in"), self
        )
        self.language = QComboBox(self)
        self.language.setAccessibleName(self.tr("Language of the consent text"))
        self.language.setEnabled(False)
        self.named = QComboBox(self)
        self.named.setAccessibleName(self.tr("Names that are enrolled already"))
        for label, choice in (
            (self.tr("Refuse names that are enrolled"), IfNamed.REFUSE),
            (self.tr("Names enrolled are the same people"), IfNamed.ADD),
            (self.tr("Names enrolled are other people"), IfNamed.NEW),
        ):
            self.named.addItem(label, choice.value)
        self.keep_doubles = QCheckBox(self.tr("Enrol who looks like somebody enrolled, too"), self)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        for widgets in ((self.agreed, self.language), (self.keep_doubles, self.named)):
            row = QHBoxLayout()
            for widget in widgets:
                row.addWidget(widget)
            row.addStretch()
            column.addLayout(row)
        self.agreed.toggled.connect(self._on_agreed)

    def offer(self, texts: Iterable[ConsentText]) -> None:
        """Offer the texts that people may have agreed to."""
        for text in texts:
            self.language.addItem(language_name(text.language), text.version)

    @property
    def is_complete(self) -> bool:
        """Whether it is known which text people agreed to, if they did: the texts take a moment."""
        return not self.agreed.isChecked() or self.language.currentData() is not None

    def chosen(self) -> AdmissionTerms:
        """Return the terms as they are chosen now."""
        consent = NewConsent(self.language.currentData(), date.today()) if self.agreed.isChecked() else None
        return AdmissionTerms(
            consent,
            IfDouble.KEEP if self.keep_doubles.isChecked() else IfDouble.REFUSE,
            IfNamed(self.named.currentData()),
        )

    def confirms_without_consent(self) -> bool:
        """Ask whether people are to be imported though nobody says that they agreed."""
        return confirms(
            self,
            self.tr("Import these people without a consent?"),
            self.tr(
                "Their faces would be kept and recognised with nothing on record that they agreed. Consents"
                " can be recorded later, one by one: until then Gallery lists them as missing."
            ),
            verb=self.tr("Import without"),
            harmless=self.tr("Go back"),
        )

    def _on_agreed(self, is_agreed: bool) -> None:
        self.language.setEnabled(is_agreed)
        self.agreed_changed.emit()
