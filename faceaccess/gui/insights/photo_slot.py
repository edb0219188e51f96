"""A place for a photo that is to be compared: dropped, or chosen in a dialog."""

from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtGui import QDragEnterEvent, QDropEvent, QPixmap
from PySide6.QtWidgets import QFileDialog, QFrame, QPushButton, QWidget

from faceaccess.errors import FaceAccessError
from faceaccess.gui.background import Lane, run_in_background
from faceaccess.gui.enrolment.drop_zone import PHOTO_FILES
from faceaccess.gui.layout import column, wrapped
from faceaccess.gui.pictures import image_from_rgb, rounded
from faceaccess.gui.plain import Label
from faceaccess.gui.wording import failures
from faceaccess.gui.wording import photos as photo_text

if TYPE_CHECKING:
    from faceaccess.people.enrolment.photo_review import PhotoReview
    from faceaccess.people.reception import Reception

_FACE_PX = 150


class PhotoSlot(QFrame):
    """Shows the face of a photo; `changed` says that it was looked at. The photo is not kept."""

    changed = Signal()

    def __init__(self, title: str, reception: "Reception", parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("photoCard")
        self.setAcceptDrops(True)
        self._reception = reception
        self._number = 0
        self.review: PhotoReview | None = None
        self.face = Label(self)
        self.face.setFixedSize(_FACE_PX, _FACE_PX)
        self.face.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self.face.setProperty("role", "muted")
        self.face.setWordWrap(True)
        self.face.setText(self.tr("Drop a photo here"))
        self.button = QPushButton(title, self)
        self.message = wrapped("", self, "muted")
        stack = column(self.face, self.button, self.message, parent=self, spacing=6, margin=10)
        stack.setAlignment(self.face, Qt.AlignmentFlag.AlignHCenter)
        self.setFixedWidth(_FACE_PX + 60)
        self.button.clicked.connect(self._ask)

    def look_at(self, path: Path) -> None:
        """Find the face of a photo file."""
        self._number += 1
        self.review = None
        self.face.clear()
        self.message.setText(self.tr("Looking at the photo…"))
        self.changed.emit()
        run_in_background(
            partial(_review, self._reception, path),
            partial(self._show, self._number),
            partial(self._on_failed, self._number),
            self,
            lane=Lane.FACES,
        )

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        """Take a file."""
        if event.mimeData().hasUrls():
            event.acceptProposedAction()

    def dropEvent(self, event: QDropEvent) -> None:
        """Look at the first file that is dropped."""
        paths = [url.toLocalFile() for url in event.mimeData().urls() if url.isLocalFile()]
        if paths:
            self.look_at(Path(paths[0]))

    def _ask(self) -> None:
        path, _ = QFileDialog.getOpenFileName(
            self.window(),
            self.tr("Choose a photo"),
            "",
            self.tr("Photos ({0});;All files (*)").format(PHOTO_FILES),
        )
        if path:
            self.look_at(Path(path))

    def _show(self, number: int, review: "PhotoReview") -> None:
        if number != self._number:
            return
        self.review = review
        if review.crop is not None:
            self.face.setPixmap(
                rounded(QPixmap.fromImage(image_from_rgb(review.crop)), QSize(_FACE_PX, _FACE_PX))
            )
        problem = "" if review.problem is None else photo_text.photo_problem(review.problem).label
        self.message.setText(problem or review.source)
        self.message.setProperty("role", "caution" if problem else "muted")
        self.message.style().unpolish(self.message)
        self.message.style().polish(self.message)
        self.changed.emit()

    def _on_failed(self, number: int, error: FaceAccessError) -> None:
        if number == self._number:
            self.message.setText(failures.whole(error))


def _review(reception: "Reception", path: Path) -> "PhotoReview":
    reception.load_models()
    return reception.enrolment.review_file(path)
