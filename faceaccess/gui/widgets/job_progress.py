"""How far a long job is, with the button that stops it."""

from PySide6.QtWidgets import QHBoxLayout, QProgressBar, QPushButton, QWidget

from faceaccess.gui.background import Progress
from faceaccess.gui.layout import column, wrapped


class JobProgress(QWidget):
    """Hidden while nothing runs; `begin` shows it and returns the job's `Progress`."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._progress: Progress | None = None
        self.message = wrapped("", self)
        self.bar = QProgressBar(self)
        self.bar.setTextVisible(False)
        self.cancel_button = QPushButton(self.tr("Cancel"), self)
        self.cancel_button.clicked.connect(self._cancel)
        row = QHBoxLayout()
        row.addWidget(self.bar, 1)
        row.addWidget(self.cancel_button)
        column(self.message, row, parent=self, spacing=4)
        self.setVisible(False)

    def begin(self, message: str, *, can_cancel: bool = True) -> Progress:
        """Show that a job runs; give its `report` and `is_cancelled` to the job."""
        self._progress = Progress()
        self._progress.progressed.connect(self._on_progressed)
        self.message.setText(message)
        self.bar.setAccessibleName(message)
        self.bar.setRange(0, 0)
        self.cancel_button.setVisible(can_cancel)
        self.cancel_button.setEnabled(True)
        self.setVisible(True)
        return self._progress

    def end(self) -> None:
        """Hide again."""
        self._progress = None
        self.setVisible(False)

    def _on_progressed(self, done: int, total: int) -> None:
        self.bar.setRange(0, total)
        self.bar.setValue(done)

    def _cancel(self) -> None:
        if self._progress is not None:
            self._progress.cancel()
            self.cancel_button.setEnabled(False)
            self.message.setText(self.tr("Stopping…"))
