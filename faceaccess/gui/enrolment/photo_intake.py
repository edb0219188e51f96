"""Gathers the photos of one person, from files or the webcam, and has each one reviewed."""

from collections import deque
from collections.abc import Callable, Sequence
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QDragEnterEvent, QDragLeaveEvent, QDropEvent
from PySide6.QtWidgets import (
    QButtonGroup,
    QDialog,
    QHBoxLayout,
    QPushButton,
    QScrollArea,
    QStackedWidget,
    QWidget,
)

from faceaccess.codes import PhotoProblem
from faceaccess.errors import FaceAccessError
from faceaccess.gui import icons
from faceaccess.gui.background import Lane, Progress, run_in_background
from faceaccess.gui.enrolment.drop_zone import DropZone
from faceaccess.gui.enrolment.photo_card import PhotoCard
from faceaccess.gui.enrolment.webcam_capture import WebcamCapture
from faceaccess.gui.layout import column
from faceaccess.gui.live_bridge import LiveBridge
from faceaccess.gui.plain import Label
from faceaccess.gui.widgets.entry_dialog import ReasonDialog
from faceaccess.gui.widgets.flow_layout import FlowLayout
from faceaccess.gui.widgets.job_progress import JobProgress
from faceaccess.gui.wording import photos as photo_text
from faceaccess.people.arrivals.folder import is_of_many, is_photo, seen_in
from faceaccess.people.enrolment.capture import Pose

if TYPE_CHECKING:
    from faceaccess.door.doors import Doors
    from faceaccess.people.enrolment.photo_review import PhotoReview
    from faceaccess.people.reception import Reception
    from faceaccess.vision.types import Detection


class PhotoIntake(QWidget):
    """Photos with their verdicts. They are reviewed one by one, so that each shows at once."""

    changed = Signal()
    settled = Signal()
    failed = Signal(object)
    files_added = Signal(object)
    many_dropped = Signal(object)

    def __init__(
        self, reception: "Reception", doors: "Doors", bridge: LiveBridge, parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self._reception = reception
        self._waiting: deque[tuple[Callable[[], PhotoReview], PhotoCard | None]] = deque()
        self._is_reviewing = False
        self._progress: Progress | None = None
        self._done = 0
        self._taken = 0
        self._person_id: str | None = None
        self.cards: list[PhotoCard] = []
        self.files_button = QPushButton(self.tr("From files"), self)
        self.webcam_button = QPushButton(self.tr("From the webcam"), self)
        self.drop_zone = DropZone(self)
        self.setAcceptDrops(True)
        self.webcam = WebcamCapture(reception, doors, bridge, self)
        self.job = JobProgress(self)
        self._arrange()
        self.drop_zone.chosen.connect(self.add_files)
        # Later: a layout that is just giving out sizes would end with the old one.
        self.drop_zone.resized.connect(self._fit_zone, Qt.ConnectionType.QueuedConnection)
        self.webcam.taken.connect(self.add_picture)
        self.webcam.guidance.taken.connect(self._add_shot)
        self.webcam.guidance.retaken.connect(self._forget_shot)
        self.settled.connect(self._show_shots)
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
        self.hint = Label(self.tr("The photos appear here, each with a verdict."), self)
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
        stack = column(bar, self.stack, self.job, parent=self, spacing=12)
        stack.addWidget(self._tray, 1)
        self._show_files()

    def good_reviews(self) -> "list[PhotoReview]":
        """Return the reviews of the photos that can be enrolled."""
        return [card.review for card in self.cards if card.review.is_good]

    def reviews(self) -> "list[PhotoReview]":
        """Return the reviews of all photos, in the order in which they came."""
        return [card.review for card in self.cards]

    def lacking(self) -> list[str]:
        """Return a phrase for each thing that the photos still lack."""
        if self.is_busy():
            return [self.tr("the verdict on the photos, in a moment")]
        if _is_doubted(self.reviews()):
            return [self.tr("which of the two photos shows the person: remove the other one")]
        return [] if self.good_reviews() else [self.tr("at least one good photo")]

    def set_person(self, person_id: str | None) -> None:
        """Judge the photos beside those of an enrolled person; None for a new one."""
        if person_id != self._person_id:
            self._person_id = person_id
            self._judge()

    def is_busy(self) -> bool:
        """Return whether photos are still being looked at."""
        return self._progress is not None

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        """Take files anywhere, not only where the frame is."""
        self.drop_zone.dragEnterEvent(event)

    def dragLeaveEvent(self, event: QDragLeaveEvent) -> None:
        """Show that nothing hovers any more."""
        self.drop_zone.dragLeaveEvent(event)

    def dropEvent(self, event: QDropEvent) -> None:
        """Take the files."""
        self.drop_zone.dropEvent(event)

    def add_files(self, paths: list[str]) -> None:
        """Review photo files; folders among them stand for the files in them.

        A table, or a folder of folders, holds many people: `many_dropped` carries it.
        """
        many = next((Path(path) for path in paths if is_of_many(Path(path))), None)
        # A note beside photos is no table: it gets a card that says so.
        if many is not None and not any(is_photo(Path(path)) for path in paths):
            self.many_dropped.emit(many)
            return
        files = [file for path in paths for file in _files(Path(path))]
        self._add([partial(_review_file, self._reception, file) for file in files])
        if files:
            self.files_added.emit(files)

    def add_picture(self, rgb: NDArray[np.uint8], source: str = "") -> None:
        """Review an (H, W, 3) uint8 RGB picture; without a name of its own it is the webcam's next."""
        if not source:
            self._taken += 1
            source = self.tr("Webcam photo {0}").format(self._taken)
        self._add([partial(_review_image, self._reception, rgb, source)])

    def _add_shot(self, rgb: NDArray[np.uint8], pose: Pose) -> None:
        """Review a guided photo; another one of the pose takes its place."""
        self._forget_shot(pose)
        self._add([partial(_review_image, self._reception, rgb, photo_text.pose(pose))])

    def _forget_shot(self, pose: Pose) -> None:
        for card in [card for card in self.cards if card.review.source == photo_text.pose(pose)]:
            self._remove(card)
        self._judge()

    def _show_shots(self) -> None:
        sources = {card.review.source: card.review.is_good for card in self.cards}
        self.webcam.guidance.show_shots(
            {pose: sources[photo_text.pose(pose)] for pose in Pose if photo_text.pose(pose) in sources}
        )

    def clear(self, saved: Sequence[PhotoCard] | None = None) -> None:
        """Forget all photos and stop looking at more; given those that were saved, keep the others."""
        later = [] if saved is None else [card for card in self.cards if card not in saved]
        if not later and not (saved is not None and self._is_reviewing):
            self._waiting.clear()
            self._progress, self._is_reviewing, self._person_id = None, False, None
            self.job.end()
            self._taken = 0
        for card in [card for card in self.cards if card not in later]:
            self._remove(card)
        self.webcam.guidance.start_over()

    def leave_out(self, sha256: str) -> None:
        """Take a photo away by the SHA-256 of its file."""
        for card in [card for card in self.cards if card.review.sha256 == sha256]:
            self._on_removed(card)

    def _add(self, jobs: "list[Callable[[], PhotoReview]]", card: PhotoCard | None = None) -> None:
        """Have photos looked at, or one again; when all are done, they are judged beside each other."""
        if not jobs:
            return
        self._waiting.extend((job, card) for job in jobs)
        if not self._is_reviewing:
            self._is_reviewing, self._done = True, 0
            self._progress = self.job.begin(self.tr("Looking at the photos…"))
            self._review_next()
        self.changed.emit()

    def _review_next(self) -> None:
        assert self._progress is not None
        if self._progress.is_cancelled():
            self._waiting.clear()
        if not self._waiting:
            self._is_reviewing = False
            self._judge()
            return
        self._progress.report(self._done, self._done + len(self._waiting))
        job, card = self._waiting.popleft()
        done = partial(self._on_reviewed, self._progress, card)
        run_in_background(job, done, partial(self._on_failed, self._progress), self, lane=Lane.FACES)

    def _on_reviewed(self, progress: Progress, card: PhotoCard | None, review: "PhotoReview") -> None:
        if progress is not self._progress:
            return
        if not progress.is_cancelled():
            self._done += 1
            if card is None:
                self._add_card(review)
            elif card in self.cards:
                card.show_review(review)
            self.changed.emit()
        self._review_next()

    def _on_failed(self, progress: Progress, error: FaceAccessError) -> None:
        self.failed.emit(error)
        if progress is self._progress:
            self._review_next()

    def _add_card(self, review: "PhotoReview") -> None:
        card = PhotoCard(review, self)
        card.removed.connect(self._on_removed)
        card.override_wanted.connect(self._override)
        card.face_chosen.connect(self._choose_face)
        self.cards.append(card)
        self._flow.addWidget(card)
        card.show()
        self._tray.setCurrentIndex(1)

    def _judge(self) -> None:
        """Judge the photos beside each other, unless more are being looked at: then afterwards."""
        if self._is_reviewing:
            return
        if not self.cards:
            self._settle()
            return
        progress = self._progress = self.job.begin(self.tr("Comparing the photos…"), can_cancel=False)
        job = partial(_judged, self._reception, self.reviews(), self._person_id)
        done = partial(self._on_judged, progress, list(self.cards))
        run_in_background(job, done, partial(self._on_not_judged, progress), self, lane=Lane.FACES)
        self.changed.emit()

    def _on_judged(self, progress: Progress, cards: "list[PhotoCard]", reviews: "list[PhotoReview]") -> None:
        if progress is self._progress:
            is_doubted = _is_doubted(reviews)
            for card, review in zip(cards, reviews, strict=True):
                card.show_review(review, is_doubted=is_doubted)
            self._settle()

    def _on_not_judged(self, progress: Progress, error: FaceAccessError) -> None:
        self.failed.emit(error)
        if progress is self._progress:
            self._settle()

    def _settle(self) -> None:
        self._progress = None
        self.job.end()
        self.changed.emit()
        self.settled.emit()

    def _override(self, card: PhotoCard) -> None:
        """Ask for the reason to accept a refused photo."""
        caution = self.tr("{0}. A photo that isn't good is missed more often, or mistaken for others.")
        title = self.tr("Use this photo anyway?")
        dialog = ReasonDialog(title, caution.format(card.verdict.text()), self)
        is_taken = dialog.exec() == QDialog.DialogCode.Accepted
        # The photos may have been judged anew while the question was open.
        if is_taken and card in self.cards and card.review.can_override:
            card.show_review(card.review.with_override(dialog.why()))
            self._judge()

    def _choose_face(self, card: PhotoCard, face: "Detection") -> None:
        self._add([partial(_choose_face, self._reception, card.review, face)], card)

    def _on_removed(self, card: PhotoCard) -> None:
        self._remove(card)
        self._judge()

    def _remove(self, card: PhotoCard) -> None:
        self.cards.remove(card)
        self._flow.removeWidget(card)
        card.setParent(None)
        card.deleteLater()
        self._tray.setCurrentIndex(1 if self.cards else 0)
        self.changed.emit()

    def _show_files(self) -> None:
        self.stack.setCurrentWidget(self.drop_zone)
        self._fit_zone()

    def _fit_zone(self) -> None:
        """Make room for all of the text of the drop zone: in a narrow window it takes more lines."""
        if self.stack.currentWidget() is self.drop_zone:
            self.stack.setFixedHeight(self.drop_zone.needed_px())

    def _show_webcam(self) -> None:
        self.stack.setMinimumHeight(340)
        self.stack.setMaximumHeight(520)
        self.stack.setCurrentWidget(self.webcam)
        self.webcam.start()


def _is_doubted(reviews: "Sequence[PhotoReview]") -> bool:
    """Tell whether two photos show two people, and nobody has said that they don't."""
    return any(review.problem is PhotoProblem.UNLIKE_THE_OTHER and not review.is_good for review in reviews)


def _files(path: Path) -> list[Path]:
    try:
        return sorted(file for file in seen_in(path) if file.is_file()) if path.is_dir() else [path]
    except OSError:
        return [path]  # The review of it says that it can't be read.


def _review_file(reception: "Reception", path: Path) -> "PhotoReview":
    reception.load_models()
    return reception.enrolment.review_file(path)


def _judged(
    reception: "Reception", reviews: "list[PhotoReview]", person_id: str | None
) -> "list[PhotoReview]":
    return reception.enrolment.judge(reviews, person_id)


def _choose_face(reception: "Reception", review: "PhotoReview", face: "Detection") -> "PhotoReview":
    return reception.enrolment.choose_face(review, face)


def _review_image(reception: "Reception", rgb: NDArray[np.uint8], source: str) -> "PhotoReview":
    reception.load_models()
    return reception.enrolment.review_image(rgb, source)
