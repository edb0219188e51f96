"""A second start on a data folder: the window that is open comes to the front instead."""

import hashlib
import logging
import os
from pathlib import Path

from PySide6.QtCore import QObject, Qt
from PySide6.QtNetwork import QLocalServer, QLocalSocket
from PySide6.QtWidgets import QApplication, QWidget

logger = logging.getLogger(__name__)

_HERE = b"here"
_CONNECT_MS, _ANSWER_MS = 500, 2000


class SecondStarts(QObject):
    """Listens for further starts by the same account, and brings a window to the front for each."""

    def __init__(self, window: QWidget, folder: Path) -> None:
        """Listen for as long as the window lives.

        Args:
            window: comes to the front.
            folder: the data folder, which this program alone has open.
        """
        super().__init__(window)
        self._window = window
        self._server = QLocalServer(self)
        self._server.setSocketOptions(QLocalServer.SocketOption.UserAccessOption)
        self._server.newConnection.connect(self._on_started)
        # Left by a program that was killed: whoever has the folder open is the only one to listen.
        QLocalServer.removeServer(_address(folder))
        if not self._server.listen(_address(folder)):
            logger.info("Further starts can't be heard: %s", self._server.errorString())

    def _on_started(self) -> None:
        while (socket := self._server.nextPendingConnection()) is not None:
            socket.disconnected.connect(socket.deleteLater)
            socket.write(_HERE)
            socket.flush()
            socket.disconnectFromServer()
        self._window.setWindowState(self._window.windowState() & ~Qt.WindowState.WindowMinimized)
        self._window.show()
        self._window.raise_()
        self._window.activateWindow()
        QApplication.alert(self._window)


def bring_to_front(folder: Path) -> bool:
    """Return whether a window has this data folder open, and came to the front."""
    socket = QLocalSocket()
    socket.connectToServer(_address(folder))
    is_there = socket.waitForConnected(_CONNECT_MS) and (
        socket.bytesAvailable() > 0 or socket.waitForReadyRead(_ANSWER_MS)
    )
    return is_there and socket.readAll().data() == _HERE


def _address(folder: Path) -> str:
    name = f"faceaccess-{hashlib.sha256(str(folder.resolve()).encode()).hexdigest()[:16]}"
    # This account's own folder, where the system has one; else Qt chooses the place.
    runtime = os.environ.get("XDG_RUNTIME_DIR", "")
    return f"{runtime}/{name}" if Path(runtime).is_absolute() and Path(runtime).is_dir() else name
