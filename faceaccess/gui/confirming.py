"""The question before something that can't be undone, or that somebody may not mean."""

from PySide6.QtWidgets import QMessageBox, QWidget

from faceaccess.gui.plain import plain


def confirms(parent: QWidget, question: str, explanation: str, *, verb: str, harmless: str) -> bool:
    """Ask, the harmless answer standing first for the keys Enter and Escape.

    Args:
        parent: in whose window it is asked.
        question: what is to be done.
        explanation: what follows from it.
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
    box.setDefaultButton(leaves)
    box.setEscapeButton(leaves)
    box.exec()
    return box.clickedButton() is does
