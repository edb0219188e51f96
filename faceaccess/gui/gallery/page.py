"""The page Gallery: possible problems with the photos, each with one click to mend it."""

from collections.abc import Callable
from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, QTimer, Signal
from PySide6.QtWidgets import (
    QHBoxLayout,
    QListWidget,
    QPushButton,
    QScrollArea,
    QVBoxLayout,
    QWidget,
)

from faceaccess.codes import FindingKind
from faceaccess.errors import FaceAccessError
from faceaccess.gui import icons
from faceaccess.gui.background import Lane, Progress, run_in_background
from faceaccess.gui.gallery.consents_due import ConsentsDue
from faceaccess.gui.gallery.deleted_list import DeletedList
from faceaccess.gui.gallery.finding_card import FindingCard, ShownFinding, read_shown
from faceaccess.gui.gallery.finding_mends import FindingMends
from faceaccess.gui.mender import Mender
from faceaccess.gui.notices import Notices
from faceaccess.gui.page import Page
from faceaccess.gui.plain import Label
from faceaccess.gui.widgets.job_progress import JobProgress
from faceaccess.gui.window import entries
from faceaccess.gui.wording import findings as health_text

if TYPE_CHECKING:
    from faceaccess.people.gallery.health import Finding
    from faceaccess.people.reception import Reception
    from faceaccess.store.access.access import Access
    from faceaccess.store.journal.journal import Journal
    from faceaccess.store.people.people import People
    from faceaccess.store.policy.policies import Policies

_KINDS_PX, _CARDS_PX = 220, 860
_MOST_CARDS = 25
_AT_ONCE = 1
_MOST_UNASKED, _SOON_MS = 500, 15_000


class GalleryPage(Page):
    """The kinds of findings at the left, the findings of the chosen kind at the right."""

    entry = entries.GALLERY

    photos_wanted = Signal(object)
    counted = Signal(int)
    people_changed = Signal()

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
        self._people, self._reception, self._journal = people, reception, journal
        self._notices = notices
        self._findings: list[Finding] = []
        self._is_looking, self._is_stale = False, False
        self._progress: Progress | None = None
        self.cards: list[FindingCard] = []
        self._coming: list[ShownFinding] = []
        self.mender = Mender(access, reception, notices, self)
        self.mends = FindingMends(access, people, reception, self.mender, self)
        self.kinds = QListWidget(self)
        self.heading, self.advice, self.more = Label(self), Label(self), Label(self)
        self.look_button = QPushButton(self.tr("Look again"), self)
        self.job = JobProgress(self)
        self.deleted = DeletedList(access, people, reception, policies, notices, self.mender, self)
        self.consents = ConsentsDue(access, reception, notices, self)
        self._soon = QTimer(self)
        self._soon.setSingleShot(True)
        self._arrange()
        self._connect()
        self._show_counts(0, 0)

    def count_soon(self) -> None:
        """Count what waits here, for the rail: at once what is due, a little later the findings.

        A large gallery isn't looked through unasked.
        """
        read = partial(_due_and_people, self._reception, self._people)
        run_in_background(read, self._on_due, self._notices.fail, self)

    def load(self) -> None:
        """Look through everybody's photos."""
        self._soon.stop()
        if self._is_looking:
            self._is_stale = True
            return
        self._is_looking, self._is_stale = True, False
        self.look_button.setEnabled(False)
        # Kept until the next time: the worker must not be the last to let go of a QObject.
        self._progress = progress = self.job.begin(self.tr("Looking through the photos…"))
        look = partial(_look, self._reception, progress=progress.report, is_cancelled=progress.is_cancelled)
        run_in_background(look, self._on_looked, self._on_failed, self, lane=Lane.LONG)

    @property
    def kind(self) -> FindingKind | None:
        """The kind on show; None for the consents due and for deletions."""
        row = self.kinds.currentRow()
        return list(FindingKind)[row] if 0 <= row < len(FindingKind) else None

    def _arrange(self) -> None:
        self.kinds.setAccessibleName(self.tr("Possible problems"))
        self.kinds.setProperty("role", "kinds")
        self.kinds.setFixedWidth(_KINDS_PX)
        self.kinds.setSpacing(2)
        icons.set_icon(self.look_button, "refresh", 16)
        for label, role in ((self.heading, "title"), (self.advice, "muted"), (self.more, "muted")):
            label.setProperty("role", role)
            label.setWordWrap(True)
        inside = QWidget(self)
        inside.setObjectName("scrolled")
        inside.setMaximumWidth(_CARDS_PX)
        self._column = QVBoxLayout(inside)
        self._column.setContentsMargins(0, 0, 8, 0)
        self._column.setSpacing(12)
        for below in (self.consents, self.deleted, self.more):
            self._column.addWidget(below)
        self._column.addStretch()
        self.scroll_area = QScrollArea(self)
        self.scroll_area.setWidget(inside)
        self.scroll_area.setWidgetResizable(True)
        self.scroll_area.setAlignment(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignTop)
        right = QVBoxLayout()
        right.setSpacing(8)
        for widget in (self.heading, self.advice, self.job, self.scroll_area):
            right.addWidget(widget, 1 if widget is self.scroll_area else 0)
        left = QVBoxLayout()
        left.setSpacing(10)
        left.addWidget(self.kinds, 1)
        left.addWidget(self.look_button)
        row = QHBoxLayout(self)
        row.setContentsMargins(16, 16, 16, 12)
        row.setSpacing(20)
        row.addLayout(left)
        row.addLayout(right, 1)

    def _connect(self) -> None:
        self.look_button.clicked.connect(self.load)
        self._soon.timeout.connect(self.load)
        self.kinds.currentRowChanged.connect(self._show_kind)
        self.mender.changed.connect(self._on_mended)
        self.mender.failed.connect(self._release_cards)
        self.mends.photos_wanted.connect(self.photos_wanted)
        self.deleted.erased.connect(self._on_mended)
        self.consents.counted.connect(self._show_due)

    def _on_looked(self, health: "tuple[list[Finding], int, int]") -> None:
        self._is_looking = False
        if self._is_stale:
            self.load()
            return
        self.look_button.setEnabled(True)
        self.job.end()
        self._findings = [finding for finding in health[0] if not finding.is_kept]
        self._show_counts(*health[1:])
        if not self.isHidden():
            self._show_kind()

    def _on_failed(self, error: FaceAccessError) -> None:
        self._is_looking = False
        self.look_button.setEnabled(True)
        self.job.end()
        self._release_cards()
        self._notices.fail(error)

    def _on_due(self, due_and_people: tuple[int, int]) -> None:
        due, people = due_and_people
        self._show_due(due)
        if people <= _MOST_UNASKED:
            self._soon.start(_SOON_MS)

    def _show_due(self, count: int) -> None:
        self.counted.emit(len(self._findings) + count)
        heading = self.tr("Consents due")
        self.kinds.item(len(FindingKind)).setText(f"{heading}   {count or '–'}")

    def _show_counts(self, due: int, deleted: int) -> None:
        """Show the number beside each kind; at first, the first that has any is chosen."""
        row = self.kinds.currentRow()
        self.kinds.blockSignals(True)
        self.kinds.clear()
        counts = [sum(finding.kind is kind for finding in self._findings) for kind in FindingKind]
        for kind, count in zip(FindingKind, counts, strict=True):
            self.kinds.addItem(f"{health_text.kind(kind).label}   {count or '–'}")
        self.kinds.addItem("")
        self._show_due(due)
        label = self.tr("Recently deleted")
        self.kinds.addItem(f"{label}   {deleted or '–'}")
        counts.append(due)
        first = next((number for number, count in enumerate(counts) if count), 0)
        self.kinds.setCurrentRow(first if row < 0 or (row < len(counts) and not counts[row]) else row)
        self.kinds.blockSignals(False)

    def _show_kind(self, _: int = 0) -> None:
        kind, row = self.kind, self.kinds.currentRow()
        self.consents.setVisible(row == len(FindingKind))
        self.deleted.setVisible(row > len(FindingKind))
        if kind is None:
            self._show_cards(None, [])
            self._show_list(self.consents if row == len(FindingKind) else self.deleted)
            return
        wording = health_text.kind(kind)
        self.heading.setText(wording.label)
        self.advice.setText(wording.advice)
        findings = [finding for finding in self._findings if finding.kind is kind][:_MOST_CARDS]
        read = partial(read_shown, self._people, self._reception, self._journal, findings)
        run_in_background(read, partial(self._show_cards, kind), self._notices.fail, self)

    def _show_list(self, shown: ConsentsDue | DeletedList) -> None:
        """Show a list that isn't about photos: the consents due, or the deletions."""
        if shown is self.consents:
            self.heading.setText(self.tr("Consents due"))
            self.advice.setText(
                self.tr("Missing, expired, due for review, given to an older text, or withdrawn.")
            )
        else:
            self.heading.setText(self.tr("Recently deleted"))
            self.advice.setText(
                self.tr("Deleted people and photos are hidden: nobody is recognised by them.")
            )
        shown.load()

    def _show_cards(self, kind: FindingKind | None, shown: list[ShownFinding]) -> None:
        if kind is not self.kind:
            return
        for card in self.cards:
            self._column.removeWidget(card)
            card.hide()
            card.deleteLater()
        self.cards, self._coming = [], list(shown)
        self._add_cards()
        left = sum(finding.kind is kind for finding in self._findings) - len(shown)
        self.more.setText(
            self.tr("Nothing was found.") if not shown else self.tr("%n more, after these.", "", left)
        )
        self.more.setVisible(kind is not None and (left > 0 or not shown))

    def _add_cards(self) -> None:
        """Show the next few cards, and the others as soon as the window has had its turn."""
        coming, self._coming = self._coming[:_AT_ONCE], self._coming[_AT_ONCE:]
        for item in coming:
            card = FindingCard(item, self)
            card.mend_chosen.connect(self.mends.mend)
            self._column.insertWidget(len(self.cards), card)
            self.cards.append(card)
        if self._coming:
            QTimer.singleShot(0, self, self._add_cards)

    def _release_cards(self) -> None:
        for card in self.cards:
            card.wait(False)

    def _on_mended(self) -> None:
        self.load()
        self.people_changed.emit()


def _due_and_people(reception: "Reception", people: "People") -> tuple[int, int]:
    # One more than are looked through unasked says that there are too many.
    return len(reception.consents.due()), len(people.list(most=_MOST_UNASKED + 1))


def _look(
    reception: "Reception", *, progress: Callable[[int, int], None], is_cancelled: Callable[[], bool]
) -> "tuple[list[Finding], int, int]":
    """Return the findings, the number of consents due, and the number of deletions that can be restored."""
    findings = reception.examine_health(progress=progress, is_cancelled=is_cancelled)
    deleted = reception.mending.deleted()
    due = len(reception.consents.due())
    return findings, due, len(deleted.people) + len(deleted.photos)
