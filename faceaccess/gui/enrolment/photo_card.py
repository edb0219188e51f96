"""A photo offered for enrolment, with the verdict about it."""

from functools import partial
from typing import TYPE_CHECKING

import numpy as np
from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtGui import QIcon, QPixmap
from PySide6.QtWidgets import QFrame, QHBoxLayout, QPushButton, QToolButton, QVBoxLayout, QWidget

from faceaccess.codes import PhotoProblem
from faceaccess.gui import icons
from faceaccess.gui.layout import wrapped
from faceaccess.gui.pictures import image_from_rgb, rounded
from faceaccess.gui.plain import Label, plain
from faceaccess.gui.widgets.elided_label import ElidedLabel
from faceaccess.gui.wording import failures
from faceaccess.gui.wording import photos as photo_text

if TYPE_CHECKING:
    from faceaccess.people.enrolment.photo_review import PhotoReview
    from faceaccess.vision.types import Detection

_CROP_PX = 112
_CHOICE_PX = 44
_MOST_CHOICES = 3
_WIDTH, _HEIGHT = 184, 292
_LEFT_OUT = (PhotoProblem.MUCH_LIKE_ANOTHER, PhotoProblem.MORE_THAN_NEEDED)


class PhotoCard(QFrame):
    """The face of a photo and its verdict; for a bad one also the measurement and advice.

    `override_wanted` asks to take it all the same, `face_chosen` carries the face that is meant.
    """

    removed = Signal(object)
    override_wanted = Signal(object)
    face_chosen = Signal(object, object)

    def __init__(self, review: "PhotoReview", parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("photoCard")
        self.setFixedSize(_WIDTH, _HEIGHT)
        self.picture = Label(self)
        self.symbol = Label(self)
        self.verdict = wrapped("", self)
        self.measured = wrapped("", self, "muted")
        self.advice = wrapped("", self)
        self.advice.setAlignment(Qt.AlignmentFlag.AlignTop)
        self.advice.setProperty("role", "muted")
        self.faces = QWidget(self)
        self.faces_row = QHBoxLayout(self.faces)
        self.faces_row.setContentsMargins(0, 0, 0, 0)
        self.override_button = QPushButton(self.tr("Use it anyway…"), self)
        self.override_button.clicked.connect(self._on_override)
        self.review = review
        self._arrange()
        self.show_review(review)

    def show_review(self, review: "PhotoReview", *, is_doubted: bool = False) -> None:
        """Show another verdict on the photo; `is_doubted`: the only other photo shows another face."""
        self.review = review
        kind = "bad" if not review.is_good else "doubted" if is_doubted else "good"
        kind = "left" if review.problem in _LEFT_OUT and not review.is_good else kind
        self.setProperty("verdict", kind)
        role = {"good": "good", "left": "muted", "bad": "bad", "doubted": "caution"}[kind]
        for said in (self.symbol, self.verdict):
            said.setProperty("role", role)
        label, advice, measured = self._texts(is_doubted=kind == "doubted")
        self.verdict.setText(label)
        self.advice.setText(advice)
        self.measured.setText(measured)
        self.measured.setVisible(bool(measured))
        self.override_button.setVisible(review.can_override and not review.is_good)
        self._show_picture()
        self._show_faces()
        self.setToolTip(
            plain(
                "\n".join(
                    [*map(photo_text.measured, review.faults), failures.translated(review.detail)]
                ).strip()
            )
        )
        self.setAccessibleName(f"{self._file_name()}: {label}. {measured} {advice}".strip())
        for widget in (self, self.symbol, self.verdict):
            widget.style().unpolish(widget)
            widget.style().polish(widget)
        icons.set_icon(self.symbol, {"good": "accepted", "left": "info"}.get(kind, "warning"), 18)

    def _texts(self, *, is_doubted: bool) -> tuple[str, str, str]:
        """Return verdict, advice and measurement."""
        problem = self.review.problem
        if is_doubted:
            wording = photo_text.photo_problem(PhotoProblem.UNLIKE_THE_OTHER)
            return self.tr("Good, if it is this person"), wording.advice, ""
        if problem is None:
            return self.tr("Good"), "", ""
        wording = photo_text.photo_problem(problem)
        faults = [fault for fault in self.review.faults if fault.problem is problem]
        measured = photo_text.measured(faults[0]) if faults else ""
        if self.review.is_good:
            label = self.tr("Accepted anyway: {0}").format(wording.label)
            return label, self.review.override, measured
        return wording.label, wording.advice, measured

    def _arrange(self) -> None:
        name = ElidedLabel(self._file_name(), self, mode=Qt.TextElideMode.ElideMiddle)
        name.setProperty("role", "muted")
        remove = QToolButton(self)
        remove.setProperty("role", "plain")
        remove.setToolTip(self.tr("Remove this photo"))
        remove.setAccessibleName(self.tr("Remove {0}").format(self._file_name()))
        icons.set_icon(remove, "close", 14)
        remove.clicked.connect(self._on_removed)
        top = QHBoxLayout()
        top.addWidget(name, 1)
        top.addWidget(remove)
        verdict_row = QHBoxLayout()
        verdict_row.setSpacing(6)
        verdict_row.addWidget(self.symbol, 0, Qt.AlignmentFlag.AlignTop)
        verdict_row.addWidget(self.verdict, 1)
        column = QVBoxLayout(self)
        column.setContentsMargins(10, 6, 8, 8)
        column.setSpacing(4)
        column.addLayout(top)
        column.addWidget(self.picture, 0, Qt.AlignmentFlag.AlignHCenter)
        column.addLayout(verdict_row)
        column.addWidget(self.measured)
        column.addWidget(self.advice, 1)
        column.addWidget(self.faces)
        column.addWidget(self.override_button)

    def _show_picture(self) -> None:
        if self.review.crop is None:
            self.picture.setFixedSize(_CROP_PX, 84)
            self.picture.setAlignment(Qt.AlignmentFlag.AlignCenter)
            self.picture.setProperty("role", "muted")
            icons.set_icon(self.picture, "photo", 48)
        else:
            self.picture.setFixedSize(_CROP_PX, _CROP_PX)
            crop = QPixmap.fromImage(image_from_rgb(self.review.crop))
            self.picture.setPixmap(rounded(crop, QSize(_CROP_PX, _CROP_PX)))
        self.picture.setAccessibleName(self.tr("Face found in {0}").format(self._file_name()))

    def _show_faces(self) -> None:
        """Offer the faces of a photo of several people, from left to right."""
        while item := self.faces_row.takeAt(0):
            if (choice := item.widget()) is not None:
                choice.deleteLater()
        choices = self.review.faces if self.review.problem is PhotoProblem.SEVERAL_FACES else ()
        for number, face in enumerate(choices[:_MOST_CHOICES], 1):
            button = QToolButton(self.faces)
            button.setIconSize(QSize(_CHOICE_PX, _CHOICE_PX))
            button.setIcon(QIcon(self._cut(face)))
            button.setAccessibleName(self.tr("Face {0} from the left").format(number))
            button.setToolTip(self.tr("This is the person"))
            button.clicked.connect(partial(self._on_face, face))
            self.faces_row.addWidget(button)
        self.faces.setVisible(bool(choices))

    def _cut(self, face: "Detection") -> QPixmap:
        assert self.review.image is not None
        height, width = self.review.image.shape[:2]
        x1, y1 = np.clip(face.box[:2].astype(int), 0, (width - 1, height - 1))
        x2, y2 = np.clip(face.box[2:].astype(int), (x1 + 1, y1 + 1), (width, height))
        cut = QPixmap.fromImage(image_from_rgb(self.review.image[y1:y2, x1:x2]))
        return rounded(cut, QSize(_CHOICE_PX, _CHOICE_PX), 4)

    def _on_face(self, face: "Detection", _: bool = False) -> None:
        self.face_chosen.emit(self, face)

    def _file_name(self) -> str:
        return str(self.review.source).replace("\\", "/").rsplit("/", 1)[-1]

    def _on_removed(self) -> None:
        self.removed.emit(self)

    def _on_override(self) -> None:
        self.override_wanted.emit(self)
