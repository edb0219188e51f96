"""Gathers the photos of one person, from files or the webcam, and has each one reviewed."""

from collections import deque
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import (
    QButtonGroup,
    QHBoxLayout,
    QLabel,
    QPushButton,
    QScrollArea,
    QStackedWidget,
    QVBoxLayout,
    QWidget,
)

from faceaccess.errors import FaceAccessError
from faceaccess.gui import icons
from faceaccess.gui.background import Lane, Progress, run_in_background
from faceaccess.gui.live_bridge import LiveBridge
from faceaccess.gui.widgets.drop_zone import DropZone
from faceaccess.gui.widgets.flow_layout import FlowLayout
from faceaccess.gui.widgets.job_progress import JobProgress
from faceaccess.gui.widgets.photo_card import PhotoCard
from faceaccess.gui.widgets.webcam_capture import WebcamCapture

if TYPE_CHECKING:
    from faceaccess.people.photo_review import PhotoReview
    from faceaccess.workspace import Workspace


class PhotoIntake(QWidget):
    """Photos with their verdicts. They are reviewed one by one, so that each shows at once."""

    changed = Signal()
    failed = Signal(object)

    def __init__(self, workspace: "Workspace", bridge: LiveBridge, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._workspace = workspace
        self._waiting: deque[Callable[[], PhotoReview]] = deque()
        self._progress: Progress | None = None
        self._done = 0
        self._taken = 0
        self.cards: list[PhotoCard] = []
        self.files_button = QPushButton(self.tr("From files"), self)
        self.webcam_button = QPushButton(self.tr("From the webcam"), self)
        self.drop_zone = DropZone(self)
        self.webcam = WebcamCapture(workspace, bridge, self)
        self.job = JobProgress(self)
        self._arrange()
        self.drop_zone.chosen.connect(self.add_files)
        self.webcam.taken.connect(self.add_picture)
        self.webcam.failed.connect(self.failed)
        self.files_button.clicked.connect(self._show_files)
        self.webcam_button.clicked.connect(self._show_webcam)

    def _arrange(self) -> None:
        bar = QHBoxLayout()
        group = QButtonGroup(self)
        for button, icon in ((self.files_button, "photo"), (self.webcam_button, "camera")):
            button.setCheckable(True)
            group.addButton(button)
            icons.set_icon(button, icon, 18)
            bar.addWidget(button)
        bar.addStretch()
        self.files_button.setChecked(True)
        self.stack = QStackedWidget(self)
        self.stack.addWidget(self.drop_zone)
        self.stack.addWidget(self.webcam)
        self.hint = QLabel(self.tr("The photos appear here, each with a verdict."), self)
        self.hint.setProperty("role", "empty")
        self.hint.setAlignment(Qt.AlignmentFlag.AlignCenter)
        inside = QWidget(self)
        inside.setObjectName("scrolled")
        self._flow = FlowLayout(inside)
        scroll = QScrollArea(self)
        scroll.setWidget(inside)
        scroll.setWidgetResizable(True)
        scroll.setAccessibleName(self.tr("Photos"))
        self._tray = QStackedWidget(self)
        self._tray.addWidget(self.hint)
        self._tray.addWidget(scroll)
        self._tray.setMinimumHeight(236)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(12)
        column.addLayout(bar)
        column.addWidget(self.stack)
        column.addWidget(self.job)
        column.addWidget(self._tray, 1)
        self._show_files()

    def good_reviews(self) -> "list[PhotoReview]":
        """Return the reviews of the photos that can be enrolled."""
        return [card.review for card in self.cards if card.review.is_good]

    def is_busy(self) -> bool:
        """Return whether photos are still being looked at."""
        return self._progress is not None

    def add_files(self, paths: list[str]) -> None:
        """Review photo files; folders among them stand for the files in them."""
        files = [file for path in paths for file in _files(Path(path))]
        self._add([partial(_review_file, self._workspace, file) for file in files])

    def add_picture(self, rgb: NDArray[np.uint8]) -> None:
        """Review an (H, W, 3) uint8 RGB picture from the webcam."""
        self._taken += 1
        source = self.tr("Webcam photo {0}").format(self._taken)
        self._add([partial(_review_image, self._workspace, rgb, source)])

    def clear(self) -> None:
        """Forget all photos and stop looking at more."""
        self._waiting.clear()
        self._progress = None
        self.job.end()
        for card in list(self.cards):
            self._remove(card)
        self._taken = 0

    def _add(self, jobs: "list[Callable[[], PhotoReview]]") -> None:
        if not jobs:
            return
        self._waiting.extend(jobs)
        if self._progress is None:
            self._done = 0
            self._progress = self.job.begin(self.tr("Looking at the photos…"))
            self._review_next()
        self.changed.emit()

    def _review_next(self) -> None:
        assert self._progress is not None
        if self._progress.is_cancelled():
            self._waiting.clear()
        if not self._waiting:
            self._progress = None
            self.job.end()
            self.changed.emit()
            return
        self._progress.report(self._done, self._done + len(self._waiting))
        done = partial(self._on_reviewed, self._progress)
        failed = partial(self._on_failed, self._progress)
        run_in_background(self._waiting.popleft(), done, failed, self, lane=Lane.FACES)

    def _on_reviewed(self, progress: Progress, review: "PhotoReview") -> None:
        if progress is not self._progress:
            return
        if not progress.is_cancelled():
            self._done += 1
            card = PhotoCard(review, self)
            card.removed.connect(self._remove)
            self.cards.append(card)
            self._flow.addWidget(card)
            card.show()
            self._tray.setCurrentIndex(1)
            self.changed.emit()
        self._review_next()

    def _on_failed(self, progress: Progress, error: FaceAccessError) -> None:
        self.failed.emit(error)
        if progress is self._progress:
            self._review_next()

    def _remove(self, card: PhotoCard) -> None:
        self.cards.remove(card)
        self._flow.removeWidget(card)
        card.setParent(None)
        card.deleteLater()
        self._tray.setCurrentIndex(1 if self.cards else 0)
        self.changed.emit()

    def _show_files(self) -> None:
        self.stack.setCurrentWidget(self.drop_zone)
        self.stack.setFixedHeight(96)

    def _show_webcam(self) -> None:
        self.stack.setMinimumHeight(280)
        self.stack.setMaximumHeight(420)
        self.stack.setCurrentWidget(self.webcam)
        self.webcam.start()


def _files(path: Path) -> list[Path]:
    return sorted(each for each in path.iterdir() if each.is_file()) if path.is_dir() else [path]


def _review_file(workspace: "Workspace", path: Path) -> "PhotoReview":
    workspace.load_models()
    return workspace.enrolment.review_file(path)


def _review_image(workspace: "Workspace", rgb: NDArray[np.uint8], source: str) -> "PhotoReview":
    workspace.load_models()
    return workspace.enrolment.review_image(rgb, source)
