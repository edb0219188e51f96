"""A dialog that says whom a refused entry shows, the people who look most like it first."""

from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import QSize, Qt, QTimer
from PySide6.QtWidgets import QCheckBox, QLineEdit, QListWidget, QListWidgetItem, QWidget

from faceaccess.codes import Outcome
from faceaccess.errors import FaceAccessError
from faceaccess.gui.background import run_in_background
from faceaccess.gui.layout import STRETCH, column, row
from faceaccess.gui.models.thumbnails import Thumbnails
from faceaccess.gui.pictures import face_pixmap, rounded
from faceaccess.gui.plain import Label, shown
from faceaccess.gui.widgets.entry_dialog import ReasonDialog
from faceaccess.store.journal.types import EntryCrop, Event
from faceaccess.store.people.types import Person

if TYPE_CHECKING:
    from faceaccess.store.journal.journal import Journal
    from faceaccess.store.people.people import People

_CROP_PX, _FACE_PX = 150, 40
_TYPING_MS = 200
_MOST = 200
_SIZE = QSize(620, 520)


class ThisIsDialog(ReasonDialog):
    """Shows the face beside the people enrolled; `person` and `why` are the answers.

    Whoever an entry that names the wrong person shows may be enrolled nowhere: then nobody is the answer.

    Args:
        event: a refused entry, or one that names the wrong person.
    """

    def __init__(
        self, people: "People", journal: "Journal", event: Event, parent: QWidget | None = None
    ) -> None:
        super().__init__("", "", parent)
        self.setWindowTitle(self.tr("Whom does entry #{0} show?").format(event.seq))
        self._people, self._event = people, event
        self._is_wrong = event.entry.outcome is Outcome.ACCEPTED
        self._listed: list[Person] = []
        self._faces = Thumbnails(people.thumbnail, _FACE_PX, self)
        self._faces.loaded.connect(self._show_face)
        self.crop = Label(self.tr("No crop stored"), self)
        self.crop.setFixedSize(_CROP_PX, _CROP_PX)
        self.crop.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self.crop.setProperty("role", "muted")
        self.search = QLineEdit(self)
        self.search.setPlaceholderText(self.tr("Search by name, staff number, department or e-mail"))
        self.search.setAccessibleName(self.tr("Search people"))
        self.search.setClearButtonEnabled(True)
        self.people = QListWidget(self)
        self.people.setAccessibleName(self.tr("People"))
        self.people.setIconSize(QSize(_FACE_PX, _FACE_PX))
        self._typing = QTimer(self)
        self._typing.setSingleShot(True)
        self._typing.setInterval(_TYPING_MS)
        self._recognised = self.tr("Recognised on the picture of entry #{0}").format(event.seq)
        self._unknown = self.tr("An unknown person, who is not enrolled")
        self.stranger = QCheckBox(self.tr("Not enrolled: an unknown person"), self)
        self.stranger.setVisible(self._is_wrong)
        self.reason.setText(self._recognised)
        self._arrange()
        self.stranger.toggled.connect(self._on_stranger)
        self.search.textChanged.connect(self._typing.start)
        self._typing.timeout.connect(self.load)
        self.people.itemDoubleClicked.connect(self._on_double_click)
        self.search.setFocus()
        self.load()
        if event.has_crop:
            read = partial(journal.events.entry_crop, event.seq)
            run_in_background(read, self._show_crop, self._on_failed, self)

    def load(self) -> None:
        """Read the people who match the search."""
        text = self.search.text().strip()
        run_in_background(partial(self._people.list, text), partial(self._show, text), self._on_failed, self)

    def person(self) -> Person | None:
        """Return the person chosen; None for nobody, and for somebody who isn't enrolled."""
        if self.stranger.isChecked():
            return None
        at = self.people.currentRow()
        return self._listed[at] if 0 <= at < len(self._listed) else None

    def refusal(self) -> str:
        """Return that nobody is chosen, or the person whom it names already, or that there is no reason."""
        person = self.person()
        if self.stranger.isChecked():
            return super().refusal()
        if person is None:
            return self.tr("Choose the person it shows.")
        if self._is_wrong and person.person_id == self._event.entry.person_id:
            return self.tr("The entry names {0} already. Choose somebody else.").format(person.name)
        return super().refusal()

    def _arrange(self) -> None:
        refused = self.tr(
            "The person is entered at that time and door. The refused entry stays in the log, and is "
            "named as evidence."
        )
        wrong = self.tr(
            "The person is entered at that time and door, or nobody where it is somebody not enrolled. The "
            "wrong entry stays in the log, struck through, and counts no longer."
        )
        note = Label(wrong if self._is_wrong else refused, self)
        note.setWordWrap(True)
        note.setProperty("role", "muted")
        people = column(self.search, self.people, self.stranger)
        faces = row(column(self.crop, STRETCH), people, spacing=14)
        self.column.insertWidget(0, note)
        self.column.insertLayout(1, faces, 1)
        self.save_button.setText(self.tr("Enter this person"))
        self.save_button.setProperty("role", "primary")
        self.resize(_SIZE)

    def _on_stranger(self, is_stranger: bool) -> None:
        """Ask for nobody of the list; a reason that was typed stays."""
        for widget in (self.search, self.people):
            widget.setDisabled(is_stranger)
        self.save_button.setText(
            self.tr("Take the entry back") if is_stranger else self.tr("Enter this person")
        )
        proposed = (self._recognised, self._unknown)
        if self.why() in proposed:
            self.reason.setText(proposed[is_stranger])
        self.problem.say("")

    def _show(self, text: str, people: list[Person]) -> None:
        if text != self.search.text().strip():
            return
        before = self.person()
        entry = self._event.entry
        nearest = [entry.nearest_id or entry.person_id, entry.runner_up_id]
        rank = {person_id: at for at, person_id in enumerate(nearest)}
        self._listed = sorted(people, key=lambda person: rank.get(person.person_id, len(nearest)))[:_MOST]
        self.people.clear()
        for at, person in enumerate(self._listed):
            facts = " · ".join(filter(None, (person.staff_number, person.department)))
            item = QListWidgetItem(shown(f"{person.name}   {facts}".rstrip()), self.people)
            item.setIcon(self._faces.picture(person.person_id))
            item.setData(Qt.ItemDataRole.UserRole, person.person_id)
            if before is not None and person.person_id == before.person_id:
                self.people.setCurrentRow(at)
        if text and len(self._listed) == 1:
            self.people.setCurrentRow(0)

    def _show_face(self, person_id: object) -> None:
        for at in range(self.people.count()):
            item = self.people.item(at)
            if item.data(Qt.ItemDataRole.UserRole) == person_id:
                item.setIcon(self._faces.picture(str(person_id)))

    def _show_crop(self, crop: EntryCrop | None) -> None:
        picture = face_pixmap(crop)
        if not picture.isNull():
            self.crop.setPixmap(rounded(picture, QSize(_CROP_PX, _CROP_PX), 8))
            self.crop.setAccessibleName(self.tr("Face crop of this entry"))

    def _on_failed(self, error: FaceAccessError) -> None:
        self.problem.fail(error)

    def _on_double_click(self, _: QListWidgetItem) -> None:
        self.accept()
