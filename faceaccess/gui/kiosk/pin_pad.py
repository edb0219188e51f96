"""Large keys for a staff number and a PIN, for fingers and from a distance."""

from functools import partial

from PySide6.QtCore import Qt, QTimer, Signal
from PySide6.QtWidgets import (
    QFrame,
    QGridLayout,
    QHBoxLayout,
    QLineEdit,
    QPushButton,
    QVBoxLayout,
    QWidget,
)

from faceaccess.gui.layout import wrapped

_KEY_PX, _LETTER_PX = 84, 64
_LETTERS_IN_ROW = 7
_IDLE_MS = 20_000
_MOST_LETTERS = 40
_DELETE, _ENTER = "⌫", "✓"
_DIGITS = (*"123456789", _DELETE, "0", _ENTER)
_LETTERS = "ABCDEFGHIJKLMNOPQRSTUVWXYZ-/"


class PinPad(QFrame):
    """`entered` carries staff number and PIN; `closed` says that nothing is wanted; `resized` by its pages.

    A staff number may have letters, on a page of their own; a PIN has digits only.
    """

    entered = Signal(str, str)
    closed = Signal()
    resized = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("pinPad")
        self.number, self.pin = QLineEdit(self), QLineEdit(self)
        self.message = wrapped("", self)
        self.message.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self.keys: dict[str, QPushButton] = {}
        column = QVBoxLayout(self)
        column.setContentsMargins(24, 24, 24, 24)
        column.setSpacing(12)
        for field, name in ((self.number, self.tr("Staff number")), (self.pin, self.tr("PIN"))):
            field.setObjectName("pinField")
            field.setPlaceholderText(name)
            field.setAccessibleName(name)
            field.setMaxLength(_MOST_LETTERS)
            column.addWidget(field)
        self.pin.setEchoMode(QLineEdit.EchoMode.Password)
        self.letters = self._page(_LETTERS, _LETTERS_IN_ROW, "pinLetter", _LETTER_PX)
        self.digits = self._page(_DIGITS, 3, "pinKey", _KEY_PX)
        column.addWidget(self.letters, 0, Qt.AlignmentFlag.AlignHCenter)
        column.addWidget(self.digits, 0, Qt.AlignmentFlag.AlignHCenter)
        column.addLayout(self._last_row())
        column.addWidget(self.message)
        self._idle = QTimer(self)
        self._idle.setSingleShot(True)
        self._idle.setInterval(_IDLE_MS)
        self._idle.timeout.connect(self.close_pad)
        for field in (self.number, self.pin):
            field.textChanged.connect(self._idle.start)
            field.returnPressed.connect(self._go_on)
        self._show_letters(False)

    def _page(self, labels: tuple[str, ...] | str, in_row: int, name: str, side_px: int) -> QWidget:
        page = QWidget(self)
        grid = QGridLayout(page)
        grid.setContentsMargins(0, 0, 0, 0)
        grid.setSpacing(10)
        names = {_DELETE: self.tr("Delete the last"), _ENTER: self.tr("Enter")}
        for number, label in enumerate(labels):
            key = QPushButton(label, page)
            key.setObjectName(name)
            key.setFixedSize(side_px, side_px)
            key.setFocusPolicy(Qt.FocusPolicy.NoFocus)
            key.setAccessibleName(names.get(label, label))
            key.clicked.connect(partial(self._press, label))
            self.keys[label] = key
            grid.addWidget(key, number // in_row, number % in_row)
        return page

    def _last_row(self) -> QHBoxLayout:
        self.letters_button = QPushButton(self.tr("ABC"), self)
        self.letters_button.setAccessibleName(self.tr("Letters"))
        self.letters_button.clicked.connect(self._turn_page)
        self.cancel_button = QPushButton(self.tr("Cancel"), self)
        self.cancel_button.clicked.connect(self.close_pad)
        row = QHBoxLayout()
        row.setSpacing(10)
        for button in (self.letters_button, self.cancel_button):
            button.setObjectName("pinCancel")
            button.setFocusPolicy(Qt.FocusPolicy.NoFocus)
            row.addWidget(button, 1)
        return row

    def open_pad(self) -> None:
        """Show it empty."""
        self._clear()
        self.message.setText("")
        self.number.show()
        self.letters_button.show()
        self._show_letters(False)
        self.show()
        self.number.setFocus()
        self._idle.start()

    def ask_for_pin_only(self) -> None:
        """Show it empty, for a PIN that needs no staff number."""
        self.open_pad()
        self.number.hide()
        self.letters_button.hide()
        self.pin.setFocus()

    def close_pad(self) -> None:
        """Hide it, and forget what was typed."""
        self._idle.stop()
        self._clear()
        self.hide()
        self.closed.emit()

    def say(self, message: str) -> None:
        """Say why it went wrong, and let it be typed again."""
        self._clear()
        self.message.setText(message)
        (self.pin if self.number.isHidden() else self.number).setFocus()
        self._idle.start()
        self.resized.emit()

    def _clear(self) -> None:
        for field in (self.number, self.pin):
            field.clear()

    def _turn_page(self) -> None:
        # Only a staff number has letters.
        self.number.setFocus()
        self._show_letters(self.letters.isHidden())

    def _show_letters(self, is_letters: bool) -> None:
        self.letters.setVisible(is_letters)
        self.digits.setVisible(not is_letters)
        self.letters_button.setText(self.tr("123") if is_letters else self.tr("ABC"))
        self.resized.emit()

    def _press(self, label: str, _: bool = False) -> None:
        field = self.pin if self.pin.hasFocus() or self.number.isHidden() else self.number
        if label == _ENTER:
            self._go_on()
        elif label == _DELETE:
            field.backspace()
        else:
            field.insert(label)

    def _go_on(self) -> None:
        """Go to the empty field, or hand in both."""
        for field in (self.number, self.pin):
            if not field.isHidden() and not field.text().strip():
                self._show_letters(False)
                field.setFocus()
                return
        number, pin = self.number.text(), self.pin.text()
        self._clear()
        self.message.setText(self.tr("One moment…"))
        self.entered.emit(number, pin)
