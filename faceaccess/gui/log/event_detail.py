"""One entry of the log, with everything known about it."""

from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QFormLayout, QScrollArea, QVBoxLayout, QWidget

from faceaccess.attendance.corrections import EntryHistory
from faceaccess.attendance.zones import zone_name
from faceaccess.codes import Direction, Method, Outcome, Reason, Verdict
from faceaccess.errors import FaceAccessError
from faceaccess.gui.background import run_in_background
from faceaccess.gui.layout import STRETCH, row, wrapped
from faceaccess.gui.log.captioned_picture import CaptionedPicture
from faceaccess.gui.log.event_actions import EventActions
from faceaccess.gui.notices import Notices
from faceaccess.gui.pictures import face_pixmap, pixmap_from_jpeg
from faceaccess.gui.plain import Label, shown
from faceaccess.gui.widgets.outcome_delegate import outcome_look
from faceaccess.gui.wording import amounts, codes, failures, turning
from faceaccess.recognition.types import Decision
from faceaccess.store.journal.types import Entry, EntryCrop, Event

if TYPE_CHECKING:
    from faceaccess.attendance.office import Office
    from faceaccess.models.models import Models
    from faceaccess.store.access.access import Access
    from faceaccess.store.journal.journal import Journal
    from faceaccess.store.people.people import People

_NAMED = frozenset({Outcome.ACCEPTED, Outcome.DENIED})


class EventDetail(QScrollArea):
    """Shows an entry's crop beside the person's photo, its decision in words and all its figures.

    `corrected` carries the entry in which a correction is to be seen.
    """

    corrected = Signal(object)

    def __init__(
        self,
        access: "Access",
        people: "People",
        models: "Models",
        office: "Office",
        journal: "Journal",
        notices: Notices,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self._people, self._models, self._office = people, models, office
        self._journal = journal
        self._seq: int | None = None
        self.event_actions = EventActions(access, people, office, journal, notices, self)
        self.event_actions.corrected.connect(self.corrected)
        self.photo, self.crop = CaptionedPicture(self), CaptionedPicture(self)
        self.crop.caption.setText(self.tr("At the door"))
        self.turn = CaptionedPicture(self)
        self.today = wrapped("", self, "muted")
        self.name = wrapped("", self, "heading")
        self.pill = Label(self)
        self.pill.setObjectName("pill")
        self.sentence = wrapped("", self)
        self.figures = QFormLayout()
        self.figures.setRowWrapPolicy(QFormLayout.RowWrapPolicy.DontWrapRows)
        self.figures.setHorizontalSpacing(14)
        self.figures.setVerticalSpacing(5)
        inside = QWidget(self)
        inside.setObjectName("scrolled")
        column = QVBoxLayout(inside)
        column.setContentsMargins(14, 12, 14, 12)
        column.setSpacing(10)
        pictures = row(self.crop, self.photo, STRETCH, spacing=10)
        column.addLayout(pictures)
        column.addWidget(self.turn)
        column.addWidget(self.name)
        column.addWidget(self.pill, 0, Qt.AlignmentFlag.AlignLeft)
        column.addWidget(self.sentence)
        column.addWidget(self.today)
        column.addWidget(self.event_actions)
        column.addLayout(self.figures)
        column.addStretch()
        self.setWidget(inside)
        self.setWidgetResizable(True)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setAccessibleName(self.tr("Entry in full"))
        self.show_event(None)

    def show_event(self, event: Event | None) -> None:
        """Show an entry, or a hint how to see one."""
        self._seq = event.seq if event else None
        while self.figures.rowCount():
            self.figures.removeRow(0)
        for widget in (self.crop, self.photo, self.pill, self.name, self.today):
            widget.setVisible(event is not None)
        self.turn.hide()
        self.event_actions.show_event(event)
        if event is None:
            self.sentence.setText(self.tr("Select an entry to see how it was decided."))
            self.sentence.setProperty("role", "muted")
            self._polish()
            return
        self.sentence.setProperty("role", "")
        self.name.setText(codes.event_name(event))
        is_voided = event.voided_by is not None
        self.pill.setText(outcome_look(event)[1])
        self.pill.setProperty("outcome", str(Outcome.LOW_QUALITY if is_voided else event.entry.outcome))
        self._polish()
        self.sentence.setText(self._sentence(event))
        for label, value in self._rows(event):
            self._add_row(label, value)
        self._load_crop(event)
        self._load_turn(event)
        self._load_context(event)

    def _polish(self) -> None:
        for widget in (self.pill, self.sentence):
            widget.style().unpolish(widget)
            widget.style().polish(widget)

    def _add_row(self, label: str, value: str) -> None:
        self.figures.addRow(*self._row(label, value))

    def _row(self, label: str, value: str) -> tuple[Label, Label]:
        key, field = Label(label, self), Label(value, self)
        key.setProperty("role", "muted")
        field.setWordWrap(True)
        field.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        field.setAccessibleName(f"{label}: {value}")
        return key, field

    def _sentence(self, event: Event) -> str:
        entry = event.entry
        why = codes.reason(entry.reason).label
        if event.voided_by is not None:
            return self.tr("Voided by row #{0} of the journal: it counts no longer.").format(event.voided_by)
        if entry.distance is None:
            return f"{why}."
        measured = amounts.distance(entry.distance), amounts.distance(entry.threshold)
        if entry.outcome is Outcome.SUSPECTED:
            looked = self.tr("{0}. The face looked like {1}: distance {2} is within the threshold {3}.")
            return looked.format(why, shown(event.person_name or self.tr("a deleted person")), *measured)
        if entry.distance <= entry.threshold:
            return self.tr("{0}: distance {1} is within the threshold {2}.").format(why, *measured)
        return self.tr("{0}: distance {1} is beyond the threshold {2}.").format(why, *measured)

    def _rows(self, event: Event) -> list[tuple[str, str]]:
        entry, zones = event.entry, self._office.timesheets.zones()
        is_face = entry.method is Method.FACE
        rows = [(self.tr("Time"), f"{amounts.moment(entry.at, zones)}\n({zone_name(zones.local(entry.at))})")]
        if is_face:
            rows += self._measures(event)
        if entry.liveness is not None:
            rows += [(label, _breakable(value)) for label, value in turning.measures(entry.liveness)]
        if entry.drill is not None:
            rows.append((self.tr("Held up"), codes.attack(entry.drill)))
        rows.append((self.tr("By"), codes.method(entry.method)))
        if entry.direction is not Direction.BOTH:
            way = self.tr("in") if entry.direction is Direction.IN else self.tr("out")
            rows.append((self.tr("Direction"), way))
        if entry.camera:
            rows.append((self.tr("Camera"), codes.camera(entry)))
        else:
            rows.append((self.tr("Door"), entry.door))
        if is_face:
            rows += self._origin(entry)
        if entry.evidence is not None:
            rows.append((self.tr("Evidence"), self.tr("entry #{0}").format(entry.evidence)))
        return [*rows, (self.tr("Entry"), f"#{event.seq}")]

    def _measures(self, event: Event) -> list[tuple[str, str]]:
        """Return the measurements of a face."""
        entry = event.entry
        runner_up = amounts.distance(entry.runner_up_distance)
        if event.runner_up_name:
            runner_up = f"{event.runner_up_name}, {runner_up}"
        return [
            (self.tr("Distance"), amounts.distance(entry.distance)),
            (self.tr("Threshold"), amounts.distance(entry.threshold)),
            (self.tr("Runner-up"), runner_up),
            (self.tr("Margin"), amounts.distance(entry.margin)),
            (self.tr("Sharpness"), f"{entry.quality:.1f}"),
        ]

    def _origin(self, entry: Entry) -> list[tuple[str, str]]:
        """Return where in a recording a face was, and the models that looked at it."""
        where = self.tr("frame {0}, {1} s").format(entry.frame, f"{entry.time_s:.2f}")
        return [
            *([(self.tr("Position"), where)] if entry.is_of_file else []),
            (self.tr("Model"), _breakable(entry.model_id)),
            (self.tr("Device"), entry.device),
        ]

    def _load_crop(self, event: Event) -> None:
        """Show the face of the entry, or of the one that a manual entry names as its evidence."""
        self.crop.clear()
        seq = event.seq if event.has_crop else event.entry.evidence
        if seq is None:
            self.crop.show_text(self.tr("No crop stored"))
            return
        load = partial(self._journal.events.entry_crop, seq)
        run_in_background(load, partial(self._show_crop, event.seq), self._on_crop_failed, self)

    def _load_turn(self, event: Event) -> None:
        """Show how the head of an entry turned, where that was asked for."""
        self.turn.clear()
        if event.entry.liveness is not None and event.entry.liveness.turn is not None:
            load = partial(self._journal.events.turn_picture, event.seq)
            run_in_background(load, partial(self._show_turn, event.seq), self._on_turn_failed, self)

    def _load_context(self, event: Event) -> None:
        """Read the person's photo, and the decision of today's threshold."""
        self.photo.clear()
        self.today.clear()
        read = partial(_context, self._people, self._models, self._office, self._journal, event)
        run_in_background(read, partial(self._show_context, event), self._on_crop_failed, self)

    def _show_context(self, event: Event, context: "_Context") -> None:
        if event.seq != self._seq:
            return
        today, naming, name = context.today, context.naming, codes.event_name(event)
        picture = pixmap_from_jpeg(context.photo)
        if context.nearest:
            # Whose photo stands beside the face.
            self.figures.insertRow(1, *self._row(self.tr("Nearest"), context.nearest))
        if context.why:
            self._add_row(self.tr("Why"), context.why)
        for label, value in self._history(context.history):
            self._add_row(label, value)
        if naming is not None:
            self.event_actions.forbid_naming()
            said = self.tr("Entry #{0} says whom it shows: {1}.").format(naming.seq, codes.event_name(naming))
            self.sentence.setText(f"{self.sentence.text()} {said}")
        self.photo.setVisible(not picture.isNull())
        if not picture.isNull():
            self.photo.show_picture(picture, self.tr("Photo of the person nearest to this face"))
            is_sure = event.entry.outcome in _NAMED
            whose = self.tr("Enrolled: {0}") if is_sure else self.tr("Nearest enrolled: {0}")
            self.photo.caption.setText(whose.format(context.nearest or shown(event.person_name or name)))
        said_today = [] if context.live_today is None else [turning.again(*context.live_today)]
        if today is not None:
            said_today.append(
                self.tr("At today's threshold {0}: {1}").format(
                    amounts.distance(today.threshold), codes.outcome(today.outcome).label
                )
            )
        self.today.setVisible(bool(said_today))
        self.today.setText("\n".join(said_today))

    def _history(self, history: EntryHistory) -> list[tuple[str, str]]:
        zones = self._office.timesheets.zones()
        told = []
        for label, who, at in (
            (self.tr("Entered"), history.entered_by, history.entered_at),
            (self.tr("Taken back"), history.taken_back_by, history.taken_back_at),
        ):
            if who and at is not None:
                told.append((label, self.tr("by {0}, {1}").format(who, amounts.moment(at, zones))))
        for label, seq in (
            (self.tr("In place of"), history.in_place_of),
            (self.tr("Replaced by"), history.replaced_by),
        ):
            if seq is not None:
                told.append((label, self.tr("entry #{0}").format(seq)))
        if history.why_taken_back:
            told.append((self.tr("Why taken back"), history.why_taken_back))
        return told

    def _show_crop(self, seq: int, crop: EntryCrop | None) -> None:
        if seq != self._seq:
            return
        picture = face_pixmap(crop)
        if picture.isNull():
            self.crop.show_text(self.tr("No crop stored"))
        else:
            self.crop.show_picture(picture, self.tr("Face crop of this entry"))

    def _show_turn(self, seq: int, jpeg: bytes | None) -> None:
        picture = pixmap_from_jpeg(jpeg)
        if seq != self._seq or picture.isNull():
            return
        # Of somebody who never turned there is one picture.
        is_turned = picture.width() > picture.height()
        caption = self.tr("Looking ahead, and turned") if is_turned else self.tr("Looking ahead")
        self.turn.caption.setText(caption)
        self.turn.show_picture(picture, caption, squares=1 + is_turned)
        self.turn.show()

    def _on_turn_failed(self, error: FaceAccessError) -> None:
        self.turn.show_text(failures.message(error))
        self.turn.show()

    def _on_crop_failed(self, error: FaceAccessError) -> None:
        self.crop.show_text(failures.message(error))


@dataclass(frozen=True)
class _Context:
    """What is read about an entry beside it.

    Attributes:
        photo: JPEG of the person it names, or of the one nearest to the face.
        nearest: the name of the latter; "" where the entry names somebody.
        today: the decision of today's threshold.
        live_today: what the door's settings of today make of what was measured of the face.
        why: the reason that was given for it.
        naming: the manual entry that says whom a refused one shows.
        history: the operators who made it by hand and took it back.
    """

    photo: bytes | None
    nearest: str
    today: Decision | None
    live_today: tuple[Verdict, Reason | None] | None
    why: str
    naming: Event | None
    history: EntryHistory


def _context(
    people: "People", models: "Models", office: "Office", journal: "Journal", event: Event
) -> _Context:
    entry = event.entry
    whose = entry.person_id or entry.nearest_id
    return _Context(
        people.thumbnail(whose) if whose else None,
        people.label_or_id(entry.nearest_id) if entry.nearest_id and not entry.person_id else "",
        # A threshold had no part in whether the face is live.
        None if entry.outcome is Outcome.SUSPECTED else models.thresholds.judge_again(entry),
        models.judge_liveness_again(entry),
        journal.rows.note(event.seq) or "",
        office.corrections.naming(event) if entry.outcome not in _NAMED else None,
        office.corrections.history(event),
    )


def _breakable(identifier: str) -> str:
    """Let a long identifier wrap after its separators."""
    for mark in "-+/_":
        identifier = identifier.replace(mark, f"{mark}\u200b")
    return identifier
