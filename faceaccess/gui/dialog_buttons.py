"""The buttons below a dialog or a question, with this program's icons."""

from PySide6.QtWidgets import QDialogButtonBox, QMessageBox, QWidget

from faceaccess.gui import icons

_ICON_PX = 16
_BOX, _MESSAGE = QDialogButtonBox.ButtonRole, QMessageBox.ButtonRole
_ICONS = {
    _BOX.AcceptRole: "check",
    _BOX.RejectRole: "close",
    _MESSAGE.AcceptRole: "check",
    _MESSAGE.YesRole: "check",
    _MESSAGE.DestructiveRole: "warning",
    _MESSAGE.RejectRole: "close",
    _MESSAGE.NoRole: "close",
}


class DialogButtons(QDialogButtonBox):
    """Standard buttons; those added later bring icons of their own."""

    def __init__(self, buttons: QDialogButtonBox.StandardButton, parent: QWidget | None = None) -> None:
        super().__init__(buttons, parent)
        set_icons(self)


def set_icons(buttons: QDialogButtonBox | QMessageBox) -> None:
    """Give each button the icon of its role."""
    for button in buttons.buttons():
        name = _ICONS.get(buttons.buttonRole(button))
        if name:
            icons.set_icon(button, name, _ICON_PX)
