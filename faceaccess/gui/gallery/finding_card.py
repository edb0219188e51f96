"""One finding: the photos it is about, by how much, and one click to mend it."""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtWidgets import QFrame, QHBoxLayout, QPushButton, QSizePolicy, QVBoxLayout, QWidget

from faceaccess.codes import FindingKind
from faceaccess.errors import FaceAccessError
from faceaccess.gui import icons
from faceaccess.gui.layout import column, wrapped
from faceaccess.gui.pictures import face_pixmap, rounded
from faceaccess.gui.plain import Label
from faceaccess.gui.widgets.elided_label import ElidedLabel
from faceaccess.gui.widgets.flow_layout import FlowLayout
from faceaccess.gui.wording import findings as health_text
from faceaccess.store.journal.types import EntryCrop
from faceaccess.store.people.types import Person

if TYPE_CHECKING:
    from faceaccess.people.gallery.health import Finding
    from faceaccess.people.reception import Reception
    from faceaccess.store.journal.journal import Journal
    from faceaccess.store.people.people import People

_FACE_PX = 96
_MOST_BESIDE = 4


class Mend(StrEnum):
    """What can be done about a finding."""

    DELETE_PHOTO = "delete_photo"
    GIVE_TO_OTHER = "give_to_other"
    GIVE = "give"
    MERGE = "merge"
    MERGE_OTHER = "merge_other"
    ADD_DOOR_PHOTO = "add_door_photo"
    ADD_PHOTOS = "add_photos"
    MAKE_READY = "make_ready"
    KEEP = "keep"


_MENDS = {
    FindingKind.UNLIKE_OTHERS: (Mend.GIVE_TO_OTHER, Mend.DELETE_PHOTO, Mend.GIVE, Mend.KEEP),
    FindingKind.LOOK_ALIKES: (Mend.KEEP, Mend.MERGE, Mend.MERGE_OTHER),
    FindingKind.DRIFT: (Mend.ADD_DOOR_PHOTO, Mend.ADD_PHOTOS, Mend.KEEP),
    FindingKind.NEAR_IDENTICAL: (Mend.DELETE_PHOTO, Mend.KEEP),
    FindingKind.FEW_PHOTOS: (Mend.ADD_PHOTOS, Mend.KEEP),
    FindingKind.OLD_PHOTOS: (Mend.ADD_PHOTOS, Mend.KEEP),
    FindingKind.OTHER_MODEL: (Mend.MAKE_READY, Mend.ADD_PHOTOS),
}


@dataclass(frozen=True)
class Face:
    """A picture beside others.

    Attributes:
        is_meant: whether it is what the finding is about.
    """

    picture: bytes | EntryCrop
    caption: str
    is_meant: bool = False


@dataclass(frozen=True)
class ShownFinding:
    """A finding with the names and pictures that it needs.

    Attributes:
        name: the person's, as in `People.label`.
        other_name: the other person's likewise; "" without one.
    """

    finding: "Finding"
    person: Person
    name: str
    other_name: str
    faces: tuple[Face, ...]


class FindingCard(QFrame):
    """Shows a finding and announces what the operator wants done about it."""

    mend_chosen = Signal(object, str)

    def __init__(self, shown: ShownFinding, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.shown = shown
        self.setObjectName("card")
        self.buttons: dict[Mend, QPushButton] = {}
        title = Label(self._title(), self)
        title.setTextFormat(Qt.TextFormat.PlainText)
        title.setProperty("role", "heading")
        title.setWordWrap(True)
        self.explanation = wrapped(health_text.finding(shown.finding), self, "muted")
        self.setAccessibleName(f"{title.text()}. {self.explanation.text()}")
        pictures = QHBoxLayout()
        pictures.setSpacing(10)
        for face in shown.faces:
            pictures.addWidget(self._picture(face), 0, Qt.AlignmentFlag.AlignTop)
        pictures.addStretch()
        column = QVBoxLayout(self)
        column.setContentsMargins(16, 12, 16, 14)
        column.setSpacing(10)
        column.addWidget(title)
        column.addWidget(self.explanation)
        column.addLayout(pictures)
        column.addWidget(self._row_of_buttons())

    def wait(self, is_waiting: bool) -> None:
        """Take no clicks while something is done about it."""
        for button in self.buttons.values():
            button.setEnabled(not is_waiting)

    def _title(self) -> str:
        shown = self.shown
        if shown.finding.kind is FindingKind.LOOK_ALIKES:
            return self.tr("{0} and {1}").format(shown.name, shown.other_name)
        if shown.other_name:
            return self.tr("{0}: this may be {1}").format(shown.name, shown.other_name)
        return shown.name

    def _picture(self, face: Face) -> QWidget:
        box, label = QFrame(self), Label(self)
        box.setObjectName("face")
        box.setProperty("isMeant", face.is_meant)
        box.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        picture = face_pixmap(face.picture)
        label.setFixedSize(_FACE_PX, _FACE_PX)
        if not picture.isNull():
            label.setPixmap(rounded(picture, QSize(_FACE_PX, _FACE_PX), 6))
        label.setAccessibleName(face.caption)
        caption = ElidedLabel(face.caption, box)
        caption.setProperty("role", "strong" if face.is_meant else "muted")
        caption.setFixedWidth(_FACE_PX)
        column(label, caption, parent=box, spacing=4, margin=4)
        return box

    def _row_of_buttons(self) -> QWidget:
        box = QWidget(self)
        flow = FlowLayout(box, spacing=8)
        for mend in _MENDS[self.shown.finding.kind]:
            if not self._can(mend):
                continue
            button = QPushButton(self._label(mend), box)
            # Whether two are one is for the operator to say: neither answer is put forward.
            if not self.buttons and self.shown.finding.kind is not FindingKind.LOOK_ALIKES:
                button.setProperty("role", "primary")
            if mend is Mend.DELETE_PHOTO:
                icons.set_icon(button, "trash", 16)
            button.clicked.connect(partial(self._on_clicked, mend))
            self.buttons[mend] = button
            flow.addWidget(button)
        return box

    def _can(self, mend: Mend) -> bool:
        finding = self.shown.finding
        return {
            Mend.GIVE_TO_OTHER: finding.other_id is not None,
            Mend.ADD_DOOR_PHOTO: finding.entry is not None,
        }.get(mend, True)

    def _label(self, mend: Mend) -> str:
        # A button takes a single & for a shortcut.
        name, other = (text.replace("&", "&&") for text in (self.shown.name, self.shown.other_name))
        return {
            Mend.DELETE_PHOTO: self.tr("Delete the marked photo"),
            Mend.GIVE_TO_OTHER: self.tr("Give it to {0}").format(other),
            Mend.GIVE: self.tr("It is somebody else…"),
            Mend.MERGE: self.tr("One person: {0}").format(name),
            Mend.MERGE_OTHER: self.tr("One person: {0}").format(other),
            Mend.ADD_DOOR_PHOTO: self.tr("It is {0}: add the marked picture").format(name),
            Mend.ADD_PHOTOS: self.tr("Add photos"),
            Mend.MAKE_READY: self.tr("Make ready"),
            Mend.KEEP: self.tr("They are two people")
            if self.shown.finding.kind is FindingKind.LOOK_ALIKES
            else self.tr("It is fine"),
        }[mend]

    def _on_clicked(self, mend: Mend, _: bool = False) -> None:
        self.mend_chosen.emit(self, mend.value)


def read_shown(
    people: "People", reception: "Reception", journal: "Journal", findings: "Sequence[Finding]"
) -> list[ShownFinding]:
    """Return findings with their names and pictures; who was erased meanwhile is left out. Slow."""
    shown = []
    for finding in findings:
        try:
            shown.append(_shown(people, reception, journal, finding))
        except FaceAccessError:
            continue
    return shown


def _shown(people: "People", reception: "Reception", journal: "Journal", finding: "Finding") -> ShownFinding:
    person = people.get(finding.person_id)
    name = people.label(finding.person_id)
    other = "" if finding.other_id is None else people.label(finding.other_id)
    return ShownFinding(
        finding, person, name, other, tuple(_faces(people, reception, journal, finding, name, other))
    )


def _faces(
    people: "People", reception: "Reception", journal: "Journal", finding: "Finding", name: str, other: str
) -> list[Face]:
    photos = reception.mending.photos
    own = [photo.photo_id for photo in photos.of(finding.person_id)]
    beside = [number for number in own if number not in finding.photo_ids][:_MOST_BESIDE]
    crop = photos.crop
    if finding.kind is FindingKind.LOOK_ALIKES:
        return [
            Face(crop(number) or b"", caption)
            for number, caption in zip(finding.photo_ids, (name, other), strict=True)
        ]
    if finding.kind is FindingKind.NEAR_IDENTICAL:
        worse = worse_photo(reception, finding)
        return [Face(crop(number) or b"", name, number == worse) for number in finding.photo_ids]
    if finding.kind is FindingKind.UNLIKE_OTHERS:
        meant = [Face(crop(number) or b"", name, is_meant=True) for number in finding.photo_ids]
        faces = [*meant, *(Face(crop(number) or b"", name) for number in beside)]
        thumbnail = people.thumbnail(finding.other_id) if finding.other_id else None
        return [*faces, Face(thumbnail, other)] if thumbnail else faces
    faces = [Face(crop(number) or b"", name) for number in [*finding.photo_ids, *beside][:_MOST_BESIDE]]
    if finding.entry is not None and (picture := journal.events.entry_crop(finding.entry)):
        faces.insert(0, Face(picture, health_text.at_the_door(), is_meant=True))
    return faces


def worse_photo(reception: "Reception", finding: "Finding") -> int:
    """Return which of two copies is the less sharp one."""
    photos = reception.mending.photos.get(finding.photo_ids)
    return min(photos, key=lambda photo: photo.quality).photo_id
