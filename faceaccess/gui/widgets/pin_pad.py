"""Large keys for a staff number and a PIN, for fingers and from a distance."""

from functools import partial

from PySide6.QtCore import Qt, QTimer, Signal
from PySide6.QtWidgets import QFrame, QGridLayout, QLabel, QLineEdit, QPushButton, QVBoxLayout, QWidget

_KEY_PX = 84
_IDLE_MS = 20_000
_MOST_LETTERS = 40


class PinPad(QFrame):
    """`entered` carries staff number and PIN; `closed` says that nothing is wanted."""

    entered = Signal(str, str)
    closed = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("pinPad")
        self.number, self.pin = QLineEdit(self), QLineEdit(self)
        self.words = QLabel(self)
        self.words.setWordWrap(True)
        self.words.setAlignment(Qt.AlignmentFlag.AlignCenter)
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
        column.addLayout(self._keys())
        column.addWidget(self.words)
        self._idle = QTimer(self)
        self._idle.setSingleShot(True)
        self._idle.setInterval(_IDLE_MS)
        self._idle.timeout.connect(self.close_pad)
        for field in (self.number, self.pin):
            field.textChanged.connect(self._idle.start)
            field.returnPressed.connect(self._go_on)

    def _keys(self) -> QGridLayout:
        grid = QGridLayout()
        grid.setSpacing(10)
        labels = [*"123456789", "⌫", "0", "✓"]
        names = {"⌫": self.tr("Delete the last"), "✓": self.tr("Enter")}
        for number, label in enumerate(labels):
            key = QPushButton(label, self)
            key.setObjectName("pinKey")
            key.setFixedSize(_KEY_PX, _KEY_PX)
            key.setFocusPolicy(Qt.FocusPolicy.NoFocus)
            key.setAccessibleName(names.get(label, label))
            key.clicked.connect(partial(self._press, label))
            self.keys[label] = key
            grid.addWidget(key, number // 3, number % 3)
        self.cancel_button = QPushButton(self.tr("Cancel"), self)
        self.cancel_button.setObjectName("pinCancel")
        self.cancel_button.clicked.connect(self.close_pad)
        grid.addWidget(self.cancel_button, 4, 0, 1, 3)
        return grid

    def open_pad(self) -> None:
        """Show it empty."""
        self._clear()
        self.words.setText("")
        self.number.show()
        self.show()
        self.number.setFocus()
        self._idle.start()

    def ask_for_pin_only(self) -> None:
        """Show it empty, for a PIN that needs no staff number."""
        self.open_pad()
        self.number.hide()
        self.pin.setFocus()

    def close_pad(self) -> None:
        """Hide it, and forget what was typed."""
        self._idle.stop()
        self._clear()
        self.hide()
        self.closed.emit()

    def say(self, words: str) -> None:
        """Say why it went wrong, and let it be typed again."""
        self._clear()
        self.words.setText(words)
        (self.pin if self.number.isHidden() else self.number).setFocus()
        self._idle.start()

    def _clear(self) -> None:
        for field in (self.number, self.pin):
            field.clear()

    def _press(self, label: str, _: bool = False) -> None:
        field = self.pin if self.pin.hasFocus() or self.number.isHidden() else self.number
        if label == "✓":
            self._go_on()
        elif label == "⌫":
            field.backspace()
        else:
            field.insert(label)

    def _go_on(self) -> None:
        """Go to the empty field, or hand in both."""
        for field in (self.number, self.pin):
            if not field.isHidden() and not field.text().strip():
                field.setFocus()
                return
        number, pin = self.number.text(), self.pin.text()
        self._clear()
        self.words.setText(self.tr("One moment…"))
        self.entered.emit(number, pin)
