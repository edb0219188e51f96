"""A field for a department, which offers those in use."""

from collections.abc import Iterable

from PySide6.QtCore import QStringListModel, Qt
from PySide6.QtGui import QAction, QKeyEvent
from PySide6.QtWidgets import QCompleter, QLineEdit, QWidget

from faceaccess.gui import icons


class DepartmentField(QLineEdit):
    """Takes any text; completes it from the departments in use, and lists them all on request."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._departments = QStringListModel(self)
        completer = QCompleter(self._departments, self)
        completer.setCaseSensitivity(Qt.CaseSensitivity.CaseInsensitive)
        completer.setFilterMode(Qt.MatchFlag.MatchContains)
        completer.activated.connect(self._on_chosen)
        self.setCompleter(completer)
        self.list_action = QAction(icons.icon("chevron-down"), self.tr("Show the departments in use"), self)
        self.list_action.triggered.connect(self.show_all)
        self.addAction(self.list_action, QLineEdit.ActionPosition.TrailingPosition)
        self.show_departments(())

    def show_departments(self, departments: Iterable[str]) -> None:
        """Offer these departments; the text stays as it is."""
        names = sorted({name for name in departments if name}, key=str.casefold)
        self._departments.setStringList(names)
        self.list_action.setVisible(bool(names))

    def departments(self) -> list[str]:
        """Return the departments on offer."""
        return self._departments.stringList()

    def show_all(self) -> None:
        """List all departments below the field."""
        completer = self.completer()
        completer.setCompletionPrefix("")
        completer.complete()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Open the list with the arrow key, as a box to choose from does."""
        popup = self.completer().popup()
        if event.key() == Qt.Key.Key_Down and popup is not None and not popup.isVisible():
            self.show_all()
            return
        super().keyPressEvent(event)

    def _on_chosen(self, name: str) -> None:
        self.setText(name)
        self.textEdited.emit(name)
