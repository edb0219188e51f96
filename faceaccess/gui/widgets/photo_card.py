"""A photo offered for enrolment, with the verdict about it."""

from typing import TYPE_CHECKING

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtGui import QPixmap
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QToolButton, QVBoxLayout, QWidget

from faceaccess.gui import icons, photo_text
from faceaccess.gui.pictures import image_from_rgb, rounded
from faceaccess.gui.widgets.elided_label import ElidedLabel

if TYPE_CHECKING:
    from faceaccess.people.photo_review import PhotoReview

_CROP_PX = 112
_WIDTH = 176


class PhotoCard(QFrame):
    """The face that was found, whether it is good, and if not what to do."""

    removed = Signal(object)

    def __init__(self, review: "PhotoReview", parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.review = review
        self.setObjectName("photoCard")
        self.setProperty("verdict", "good" if review.is_good else "bad")
        self.setFixedSize(_WIDTH, 226)
        self.verdict = QLabel(self)
        self.advice = QLabel(self)
        self.advice.setWordWrap(True)
        self.advice.setAlignment(Qt.AlignmentFlag.AlignTop)
        self._fill()
        self._arrange()

    def _fill(self) -> None:
        if self.review.problem is None:
            label, advice = self.tr("Good"), ""
        else:
            wording = photo_text.photo_problem(self.review.problem)
            label, advice = wording.label, wording.advice
        self.verdict.setText(label)
        self.verdict.setWordWrap(True)
        self.verdict.setProperty("role", "good" if self.review.is_good else "bad")
        self.advice.setText(advice)
        self.advice.setProperty("role", "muted")
        self.setToolTip(self.review.detail)
        self.setAccessibleName(f"{self._file_name()}: {label}. {advice}".strip())

    def _arrange(self) -> None:
        name = ElidedLabel(self._file_name(), self)
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
        symbol = QLabel(self)
        symbol.setProperty("role", "good" if self.review.is_good else "bad")
        icons.set_icon(symbol, "accepted" if self.review.is_good else "warning", 18)
        words = QHBoxLayout()
        words.setSpacing(6)
        words.addWidget(symbol, 0, Qt.AlignmentFlag.AlignTop)
        words.addWidget(self.verdict, 1)
        column = QVBoxLayout(self)
        column.setContentsMargins(10, 6, 8, 8)
        column.setSpacing(4)
        column.addLayout(top)
        column.addWidget(self._picture(), 0, Qt.AlignmentFlag.AlignHCenter)
        column.addLayout(words)
        column.addWidget(self.advice, 1)

    def _picture(self) -> QLabel:
        picture = QLabel(self)
        if self.review.crop is None:
            picture.setFixedSize(_CROP_PX, 84)
            picture.setAlignment(Qt.AlignmentFlag.AlignCenter)
            picture.setProperty("role", "muted")
            icons.set_icon(picture, "photo", 48)
        else:
            crop = QPixmap.fromImage(image_from_rgb(self.review.crop))
            picture.setPixmap(rounded(crop, QSize(_CROP_PX, _CROP_PX)))
        picture.setAccessibleName(self.tr("Face found in {0}").format(self._file_name()))
        return picture

    def _file_name(self) -> str:
        return str(self.review.source).replace("\\", "/").rsplit("/", 1)[-1]

    def _on_removed(self) -> None:
        self.removed.emit(self)
