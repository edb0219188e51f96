"""The question before an action that can't be undone, or that may not be meant."""

from PySide6.QtWidgets import QMessageBox, QWidget

from faceaccess.gui.dialog_buttons import set_icons
from faceaccess.gui.plain import plain


def confirms(parent: QWidget, question: str, explanation: str, *, verb: str, harmless: str) -> bool:
    """Ask a question, with the harmless answer on the keys Enter and Escape.

    Args:
        parent: the question is shown in its window.
        question: names the action.
        explanation: the consequences.
        verb: the answer that does it.
        harmless: the answer that leaves everything as it is.
    """
    box = QMessageBox(parent.window())
    box.setIcon(QMessageBox.Icon.Warning)
    box.setWindowTitle(verb)
    box.setText(plain(question))
    box.setInformativeText(plain(explanation))
    does = box.addButton(verb, QMessageBox.ButtonRole.DestructiveRole)
    leaves = box.addButton(harmless, QMessageBox.ButtonRole.RejectRole)
    set_icons(box)
    box.setDefaultButton(leaves)
    box.setEscapeButton(leaves)
    box.exec()
    return box.clickedButton() is does
