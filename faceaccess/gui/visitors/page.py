"""The page Visitors: people who came again unrecognised, to enrol, merge, ignore or delete."""

from collections.abc import Callable
from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import Signal
from PySide6.QtWidgets import (
    QHBoxLayout,
    QPushButton,
    QScrollArea,
    QStackedWidget,
    QVBoxLayout,
    QWidget,
)

from faceaccess.codes import Outcome, Right, VisitorMark
from faceaccess.errors import FaceAccessError
from faceaccess.gui import icons
from faceaccess.gui.background import Lane, run_in_background
from faceaccess.gui.confirming import confirms
from faceaccess.gui.models.thumbnails import Thumbnails
from faceaccess.gui.notices import Notices
from faceaccess.gui.page import Page
from faceaccess.gui.plain import Label
from faceaccess.gui.visitors.visitor_card import FACE_PX, VisitorCard
from faceaccess.gui.widgets.empty_state import EmptyState
from faceaccess.gui.widgets.flow_layout import FlowLayout
from faceaccess.gui.widgets.job_progress import JobProgress
from faceaccess.gui.window import entries
from faceaccess.people.visitors import VisitorGroup
from faceaccess.settings import DoorSettings
from faceaccess.store.journal.types import Event

if TYPE_CHECKING:
    from faceaccess.people.reception import Reception
    from faceaccess.store.access.access import Access
    from faceaccess.store.journal.journal import Journal
    from faceaccess.store.people.people import People
    from faceaccess.store.policy.policies import Policies
    from faceaccess.vision.types import ImageArray

_AT_ONCE = 30
"""Cards shown before *Show more*: as many as anybody looks through."""

_Reading = tuple[int, list[VisitorGroup], dict[str, str]]


class VisitorsPage(Page):
    """A card for each visitor; an action applies to the faces that the card showed."""

    entry = entries.VISITORS

    enrol_wanted = Signal(object, object)
    settings_wanted = Signal()

    def __init__(
        self,
        access: "Access",
        people: "People",
        reception: "Reception",
        journal: "Journal",
        policies: "Policies",
        notices: Notices,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self.setObjectName("page")
        self._access, self._people, self._reception = access, people, reception
        self._policies = policies
        self._notices = notices
        self._visits: _Reading = (0, [], {})
        self._shown = _AT_ONCE
        self.cards: list[VisitorCard] = []
        self.summary = Label(self)
        self.merge_button = QPushButton(self.tr("Merge"), self)
        self.refresh_button = QPushButton(self.tr("Refresh"), self)
        self.more_button = QPushButton(self.tr("Show more"), self)
        self.job = JobProgress(self)
        self.off = EmptyState("unknown", self._off_message(), self.tr("Open the settings"), self)
        self.nobody = EmptyState("unknown", "", self.tr("Look again"), self)
        self._thumbnails = Thumbnails(journal.events.entry_crop, FACE_PX, self)
        self._arrange()
        self._thumbnails.loaded.connect(self._on_picture)
        self.merge_button.clicked.connect(self._merge)
        self.refresh_button.clicked.connect(self.load)
        self.more_button.clicked.connect(self._show_more)
        self.off.button.clicked.connect(self.settings_wanted)
        self.nobody.button.clicked.connect(self.load)

    def load(self) -> None:
        """Group the faces stored now."""
        self.refresh_button.setEnabled(False)
        self.job.begin(self.tr("Comparing the faces…"), can_cancel=False)
        read = partial(_read, self._access, self._people, self._reception, self._policies)
        run_in_background(read, self._take, self._on_failed, self, lane=Lane.FACES)

    def note_event(self, event: Event) -> None:
        """Show that there may be a new visit, without moving what the operator is looking at."""
        if event.entry.outcome is Outcome.UNKNOWN and self._visits[0] and self.isVisible():
            self.summary.setText(self.tr("Somebody unknown has come since: refresh to see."))

    def enrol_entry(self, event: Event) -> None:
        """Ask for an unknown face of the log to be enrolled, with its picture while that is kept."""
        read = partial(self._reception.visitors.pictures, self._access.actor, (event.seq,))
        run_in_background(read, partial(self._on_pictures, (event.seq,)), self._on_failed, self)

    def take_enrolled(self, seqs: tuple[int, ...], person_id: str) -> None:
        """Release the faces from which a person was enrolled."""
        use = partial(self._reception.visitors.enrolled, self._access.actor, seqs, person_id)
        run_in_background(use, self._on_done, self._on_failed, self, lane=Lane.FACES)

    def _arrange(self) -> None:
        title = Label(self.tr("Unknown visitors"), self)
        title.setProperty("role", "title")
        self.summary.setProperty("role", "muted")
        self.summary.setWordWrap(True)
        icons.set_icon(self.refresh_button, "refresh", 16)
        icons.set_icon(self.merge_button, "link", 16)
        self.merge_button.setToolTip(self.tr("Take the selected visitors for one person"))
        heading = QVBoxLayout()
        heading.setSpacing(2)
        heading.addWidget(title)
        heading.addWidget(self.summary)
        bar = QHBoxLayout()
        bar.addLayout(heading, 1)
        bar.addWidget(self.merge_button)
        bar.addWidget(self.refresh_button)
        inside = QWidget(self)
        inside.setObjectName("scrolled")
        self._flow = FlowLayout(spacing=14)
        column = QVBoxLayout(inside)
        column.setContentsMargins(0, 0, 8, 0)
        column.addLayout(self._flow)
        column.addWidget(self.more_button)
        column.addStretch()
        self.scroll_area = QScrollArea(self)
        self.scroll_area.setWidget(inside)
        self.scroll_area.setWidgetResizable(True)
        self.scroll_area.setAccessibleName(self.tr("Unknown visitors"))
        self.stack = QStackedWidget(self)
        for widget in (self.scroll_area, self.off, self.nobody):
            self.stack.addWidget(widget)
        whole = QVBoxLayout(self)
        whole.setContentsMargins(16, 16, 16, 12)
        whole.setSpacing(12)
        whole.addLayout(bar)
        whole.addWidget(self.job)
        whole.addWidget(self.stack, 1)
        self.nobody.button.hide()
        self.stack.setCurrentWidget(self.nobody)
        self._check()

    def _off_message(self) -> str:
        return self.tr(
            "Faces that are not recognised are not kept.\n\nSwitched on (“Keep unknown faces” in the "
            "settings of the door), they can be compared with one another for some hours, so that you see "
            "who comes again.\n\nThat is biometric data of people who never agreed to it: have a reason, "
            "tell them at the door, and keep it as short as you can."
        )

    def _take(self, visits: _Reading) -> None:
        self._visits, self._shown = visits, _AT_ONCE
        self.job.end()
        self.refresh_button.setEnabled(True)
        hours, groups, _ = visits
        self.off.button.setVisible(self._access.may(Right.SET_POLICY))
        self.nobody.button.show()
        self.nobody.message.setText(self.tr("Nobody unknown came in the last %n h.", "", hours))
        self.summary.setText(
            self.tr("Faces that were not recognised in the last %n h, by who they seem to show.", "", hours)
            if groups
            else ""
        )
        self.stack.setCurrentWidget(self.off if not hours else self.scroll_area if groups else self.nobody)
        for button in (self.merge_button, self.refresh_button):
            button.setVisible(bool(hours))
        self._show_cards()

    def _show_cards(self) -> None:
        for card in self.cards:
            self._flow.removeWidget(card)
            card.deleteLater()
        _, groups, names = self._visits
        may_delete = self._access.may(Right.DELETE_PEOPLE)
        self.cards = [
            VisitorCard(group, names.get(group.person_id or "", ""), may_delete=may_delete, parent=self)
            for group in groups[: self._shown]
        ]
        for card in self.cards:
            card.selected.connect(self._check)
            card.enrol_wanted.connect(self._enrol)
            card.ignore_wanted.connect(self._ignore)
            card.delete_wanted.connect(self._delete)
            self._flow.addWidget(card)
            for seq in card.group.best:
                card.show_face(seq, self._thumbnails.picture(seq))
        self.more_button.setVisible(len(groups) > self._shown)
        self._check()

    def _show_more(self) -> None:
        self._shown += _AT_ONCE
        self._show_cards()

    def _on_picture(self, seq: int) -> None:
        for card in self.cards:
            card.show_face(seq, self._thumbnails.picture(seq))

    def _check(self) -> None:
        self.merge_button.setEnabled(len(self._selected()) > 1)

    def _selected(self) -> list[VisitorGroup]:
        return [card.group for card in self.cards if card.is_selected()]

    def _enrol(self, group: VisitorGroup) -> None:
        read = partial(self._reception.visitors.pictures, self._access.actor, group.best)
        run_in_background(read, partial(self._on_pictures, group.seqs), self._on_failed, self)

    def _on_pictures(self, seqs: tuple[int, ...], pictures: "list[ImageArray]") -> None:
        self.enrol_wanted.emit(pictures, seqs)

    def _merge(self) -> None:
        seqs = [seq for group in self._selected() for seq in group.seqs]
        self._run(partial(self._reception.visitors.merge, self._access.actor, seqs))

    def _ignore(self, group: VisitorGroup, why: VisitorMark) -> None:
        self._run(partial(self._reception.visitors.ignore, self._access.actor, group.seqs, why))

    def _delete(self, group: VisitorGroup) -> None:
        if self._confirms_deletion(len(group.seqs)):
            self._run(partial(self._reception.visitors.delete, self._access.actor, group.seqs))

    def _confirms_deletion(self, count: int) -> bool:
        question = self.tr("Delete the pictures of %n visits for good?", "", count)
        explanation = self.tr(
            "Removed: the faces, and the pictures of these entries in the log.\n\nKept: the entries "
            "themselves, without a picture. The same person counts as somebody new the next time."
        )
        return confirms(self, question, explanation, verb=self.tr("Delete"), harmless=self.tr("Keep"))

    def _run(self, use: Callable[[], object]) -> None:
        run_in_background(use, self._on_done, self._on_failed, self, lane=Lane.FACES)

    def _on_done(self, _: object) -> None:
        self.load()

    def _on_failed(self, error: FaceAccessError) -> None:
        self.refresh_button.setEnabled(True)
        self.job.end()
        self._notices.fail(error)


def _read(access: "Access", people: "People", reception: "Reception", policies: "Policies") -> _Reading:
    hours = policies.read(DoorSettings).keep_unknown_h
    groups = reception.visitors.groups(access.actor) if hours else []
    known = {group.person_id for group in groups if group.person_id}
    return hours, groups, {person_id: people.get(person_id).name for person_id in known}
