"""A file that was saved: the message says where it is, and offers to open it or to show its folder."""

import subprocess
import sys
from collections.abc import Callable
from functools import partial
from pathlib import Path

from PySide6.QtCore import QUrl
from PySide6.QtGui import QDesktopServices
from PySide6.QtWidgets import QPushButton, QWidget

from faceaccess.errors import StoreError
from faceaccess.gui.layout import STRETCH, row
from faceaccess.gui.notices import Notices
from faceaccess.gui.wording.noop import translate


def tell_saved(notices: Notices, message: str, path: Path, *, is_readable: bool = True) -> None:
    """Say that a file is written, with buttons that open it and show it in its folder.

    Args:
        notices: where it is said.
        message: names the file.
        path: the file.
        is_readable: whether a program opens it; nothing but this one opens an encrypted file.
    """
    opens = (translate("saved files", "Open"), partial(_try, open_path, notices, path))
    shows = (translate("saved files", "Show in folder"), partial(_try, show_in_folder, notices, path))
    notices.notify(message, is_success=True, actions=(opens, shows) if is_readable else (shows,))


def write_page(notices: Notices, write: Callable[[Path], None], path: Path) -> None:
    """Write a page on this thread, and say where it is or why it isn't: Qt lays out pages where events are.

    Args:
        notices: where it is said.
        write: writes it; raises OSError.
        path: the file.
    """
    try:
        write(path)
    except OSError as exc:
        notices.fail(
            StoreError(
                "{path} can't be written: {reason}.",
                "Choose another place.",
                path=path,
                reason=exc.strerror,
            )
        )
    else:
        tell_saved(notices, translate("saved files", "The page is in {0}.").format(path), path)


class SavedFileButtons(QWidget):
    """Opens a saved file, or shows its folder, from inside a dialog; hidden until there is one."""

    def __init__(self, parent: QWidget | None) -> None:
        super().__init__(parent)
        self._path = Path()
        self.open_button = QPushButton(self.tr("Open"), self)
        self.folder_button = QPushButton(self.tr("Show in folder"), self)
        row(STRETCH, self.open_button, self.folder_button, parent=self)
        self.open_button.clicked.connect(self._open)
        self.folder_button.clicked.connect(self._show_folder)
        self.hide()

    def show_path(self, path: Path) -> None:
        """Offer a file that was just saved."""
        self._path = path
        self.show()

    def _open(self) -> None:
        open_path(self._path)

    def _show_folder(self) -> None:
        show_in_folder(self._path)


def open_path(path: Path) -> bool:
    """Open a file or folder with the program that is set for it; return whether there is one."""
    return QDesktopServices.openUrl(QUrl.fromLocalFile(str(path)))


def show_in_folder(path: Path) -> bool:
    """Show a file in its folder, marked where the system can do that; return whether it could."""
    marking = {"win32": ["explorer", ",".join(("/select", str(path)))], "darwin": ["open", "-R", str(path)]}
    command = marking.get(sys.platform)
    if command is None:
        return open_path(path.parent)
    try:
        subprocess.Popen(command)
    except OSError:
        return open_path(path.parent)
    return True


def _try(show: Callable[[Path], bool], notices: Notices, path: Path) -> None:
    """Open a file or its folder; where nothing does that, say where the file is."""
    if not show(path):
        notices.warn(translate("saved files", "No program here opens {0}.").format(path))
