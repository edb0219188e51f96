"""The window: navigation, the stack of pages, and the wiring between them."""

import itertools
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QSettings, QSize, Qt, QTimer
from PySide6.QtGui import QCloseEvent, QKeySequence, QShortcut
from PySide6.QtWidgets import QWidget

from faceaccess.codes import Right, Role
from faceaccess.door.liveness.suspicions import Suspicions
from faceaccess.errors import FaceAccessError, Text
from faceaccess.gui.attendance.report_clock import ReportClock
from faceaccess.gui.background import Lane, run_in_background
from faceaccess.gui.door.desk_questions import DeskQuestions
from faceaccess.gui.layout import column, row
from faceaccess.gui.live_bridge import Run
from faceaccess.gui.page import Page
from faceaccess.gui.theme import Theme
from faceaccess.gui.window import entries
from faceaccess.gui.window.about_dialog import AboutDialog
from faceaccess.gui.window.closing import may_close
from faceaccess.gui.window.desktop_notices import DesktopNotices
from faceaccess.gui.window.entries import ENTRIES
from faceaccess.gui.window.facts import ModelFacts, read_model_facts
from faceaccess.gui.window.gate import Gate
from faceaccess.gui.window.help_window import HelpWindow
from faceaccess.gui.window.navigation_rail import NavigationRail
from faceaccess.gui.window.other_windows import OtherWindows
from faceaccess.gui.window.pages import PagesOnDemand
from faceaccess.gui.window.recovery import RestoreOrder
from faceaccess.gui.window.status_line import StatusLine
from faceaccess.gui.window.ways import Ways
from faceaccess.gui.wording import codes, failures, turning
from faceaccess.settings import MachineSettings
from faceaccess.store.access.types import DOOR, Actor
from faceaccess.store.journal.types import Event

if TYPE_CHECKING:
    from faceaccess.workspace import Workspace

_GEOMETRY = "window/geometry"
_PAGE = "window/page"
_PAINTING_MS = 50


class MainWindow(PagesOnDemand):
    """Switches pages, and passes on to each what others announce."""

    def __init__(self, workspace: "Workspace", theme: Theme, settings: QSettings) -> None:
        super().__init__(workspace)
        self.setWindowTitle("FaceAccess")
        self._theme, self._settings = theme, settings
        self._facts: ModelFacts | None = None
        self._ways = Ways(self)
        self.others = OtherWindows(workspace, self.bridge, self)
        self._last_operator: Actor | None = None
        self.restore_order: RestoreOrder | None = None
        self.rail = NavigationRail(self)
        self.status_line = StatusLine(self)
        self.desktop = DesktopNotices(self.bridge, self)
        self.desktop.set_on(workspace.machine.settings.notifies_faults)
        with theme.held():
            self.questions = DeskQuestions(
                workspace.access, workspace.people, workspace.doors, self.bridge, self.notices, self.notices
            )
            self.questions.setObjectName("notice")
            self.gate = Gate(workspace.access, workspace.machine, self._arrange(), theme.app, self)
            self.setCentralWidget(self.gate)
            self.notices.carry(self.questions)
            # What happens at the door is shown from its start.
            self.page(entries.DOOR)
        self.report_clock = ReportClock(workspace.office, self.notices, self)
        self.help: HelpWindow | None = None
        self.about: AboutDialog | None = None
        self.setStatusBar(self.status_line)
        self._connect()
        self._add_shortcuts()
        self._restore()
        self.gate.load()

    def _show_staged(self, _: object) -> None:
        """A door that was forgotten in a trial or drill lets nobody in."""
        self.status_line.show_staged(self.bridge.run if self.bridge.is_running else Run())

    def tell_failure(self, error: FaceAccessError) -> None:
        """Show a failure behind the window. May be called from any thread."""
        self.bridge.failed.emit(error)

    def show_page(self, page: Page) -> None:
        """Bring a page to the front and let it read what has changed; not while the window is locked."""
        if self.gate.is_locked:
            return
        if page is not self.stack.currentWidget():
            self.notices.fold()
        self.stack.setCurrentWidget(page)
        self.questions.hold(page is self.door)
        self.notices.place()
        self.rail.check(self.stack.indexOf(page))
        self.rail.button(self.stack.indexOf(page)).setFocus()
        page.load()

    def begin(self, source: str | None, *, is_gallery_empty: bool) -> None:
        """Show the first page: enrolment while nobody is enrolled, else the one shown last.

        Args:
            source: opens the door on this source at once; None opens it where this computer's settings
                say so, else waits for the operator.
            is_gallery_empty: whether nobody is enrolled.
        """
        # The first page is painted first: loading the models takes the interpreter from it.
        QTimer.singleShot(_PAINTING_MS, self, self.read_facts)
        self.report_clock.start()
        if source is None and self._workspace.machine.settings.starts_door and not is_gallery_empty:
            self.bridge.start(None)
        if self.gate.is_locked:
            return
        if source is not None:
            self.door.chooser.set_source(source)
            self.show_page(self.door)
            self.bridge.start(source)
        elif is_gallery_empty:
            self.show_page(self.enrolment)
            self.notices.notify(self.tr("Welcome. Enrol the first person, then start the door."))
        else:
            self._show_first_page()

    def _show_first_page(self) -> None:
        """Show the page shown last, or the first that the operator may see."""
        number = self._settings.value(_PAGE, 0, int)
        number = number if isinstance(number, int) else 0
        allowed = [entry for at, entry in enumerate(ENTRIES) if self.rail.button(at).isEnabled()]
        last = ENTRIES[number if 0 <= number < len(ENTRIES) else 0]
        if allowed:
            self.show_page(self.page(last if last in allowed else allowed[0]))

    def _arrange(self) -> QWidget:
        for entry, keys in zip(ENTRIES, _page_keys(), strict=True):
            self.rail.add(entry.label, entry.icon, keys)
        right = QWidget(self)
        column(self.stack, parent=right)
        self.notices.float_over(right, self._kept_free_px)
        centre = QWidget(self)
        centre.setObjectName("page")
        row(self.rail, parent=centre, spacing=0).addWidget(right, 1)
        return centre

    def _kept_free_px(self) -> int:
        page = self.stack.currentWidget()
        return page.kept_free_px() if isinstance(page, Page) else 0

    def _connect(self) -> None:
        self.gate.actor_changed.connect(self._on_actor_changed)
        self.status_line.sign_out_wanted.connect(self.gate.lock)
        self.status_line.messages_wanted.connect(partial(self.notices.fold, False))
        self.status_line.about_wanted.connect(self.show_about)
        self.notices.folded.connect(self.status_line.show_messages)
        self.rail.chosen.connect(self._show_number)
        self._theme.changed.connect(self.rail.redraw)
        self.bridge.failed.connect(self.notices.fail)
        self.bridge.making_ready.connect(self._say_making_ready)
        self.bridge.run_state_changed.connect(self.status_line.show_run_state)
        self.bridge.run_state_changed.connect(self._show_staged)
        self.bridge.cameras_opened.connect(self.status_line.set_cameras)
        self.bridge.camera_changed.connect(self.status_line.show_camera)
        self.bridge.device_given_up.connect(self._on_device_given_up)
        self.bridge.event_voided.connect(self._on_voided)
        self.bridge.often_suspected.connect(self._on_suspicions)
        self.questions.counted.connect(partial(self.rail.count, ENTRIES.index(entries.DOOR)))
        self.others.missing.connect(self.notices.warn)
        self.others.failed.connect(self.notices.fail)

    def join(self, page: Page) -> None:
        """Connect a page that was just made, and tell it what is known."""
        self._ways.join(page)
        if self._facts is not None:
            page.take_facts(self._facts)

    def _add_shortcuts(self) -> None:
        for number, page_keys in enumerate(_page_keys()):
            QShortcut(QKeySequence(page_keys), self).activated.connect(self.rail.button(number).click)
        full_screen = Qt.WindowState.WindowFullScreen
        pairs: tuple[tuple[QKeySequence | QKeySequence.StandardKey, Callable[[], object]], ...] = (
            (QKeySequence.StandardKey.Find, self._focus_search),
            (QKeySequence(Qt.Key.Key_F11), lambda: self.setWindowState(self.windowState() ^ full_screen)),
            (QKeySequence.StandardKey.HelpContents, self._show_help),
            (QKeySequence("Ctrl+Q"), lambda: self._may_close() and self.close()),
        )
        for keys, slot in pairs:
            QShortcut(QKeySequence(keys), self).activated.connect(slot)

    def _show_help(self) -> None:
        if self.help is None:
            self.help = HelpWindow(self)
            self.help.about_wanted.connect(self.show_about)
        self.help.show_topic(ENTRIES[self.stack.currentIndex()].topic)

    def show_about(self) -> None:
        """Say what the program is, and whether there is a newer version."""
        if self.about is None:
            self.about = AboutDialog(self._workspace.policies, self._workspace.data_dir, self)
            self.about.help_wanted.connect(self._show_help)
        self.about.show_facts(self._facts)

    def _restore(self) -> None:
        self.setMinimumSize(QSize(960, 600))
        self.resize(1280, 800)
        geometry = self._settings.value(_GEOMETRY)
        if geometry is not None:
            self.restoreGeometry(geometry)

    def read_facts(self) -> None:
        """Load the models in the background and tell every page about them."""
        read = partial(read_model_facts, self._workspace.reception, self._workspace.models)
        run_in_background(read, self._take_facts, self._on_no_facts, self, lane=Lane.FACES)

    def _take_facts(self, facts: ModelFacts) -> None:
        self._facts = facts
        self.status_line.show_device(facts.device, facts.device_note)
        self.status_line.show_model(facts.title, facts.model_id)
        for page in self.loaded():
            page.take_facts(facts)
        self._count_findings()

    def _on_device_given_up(self, why: Text) -> None:
        self.notices.warn(failures.translated(why))
        self.read_facts()

    def _on_no_facts(self, error: FaceAccessError) -> None:
        self._facts = None
        self.status_line.show_model("", "")
        for page in self.loaded():
            page.take_facts(None)
        self.notices.fail(error)

    def _show_number(self, number: int) -> None:
        self.show_page(self.page(ENTRIES[number]))

    def take_people(self) -> None:
        """Let door and log know that the people enrolled are others."""
        self.door.reload_people()
        self._mark_log_stale()
        # The default threshold follows the number enrolled; the findings are counted again with it.
        self.read_facts()

    def _count_findings(self) -> None:
        if self._workspace.access.may(entries.GALLERY.right):
            self.gallery.count_soon()

    def _say_making_ready(self, people: int) -> None:
        self.notices.notify(
            self.tr(
                "%n people are made ready for the model in use, once, from the photos that are kept. The "
                "door opens when that is done.",
                "",
                people,
            )
        )

    def _on_voided(self, event: Event) -> None:
        """Tell the desk that a person was taken for somebody else."""
        self.notices.warn(codes.voided_at_the_door(event))
        self._mark_log_stale()
        self.door.entries.reload()

    def _on_suspicions(self, told: Suspicions) -> None:
        """Tell the desk that several people at a door may have been pictures."""
        self.notices.warn(*turning.suspicions(told))

    def _mark_log_stale(self) -> None:
        for _ in self.loaded(entries.LOG):
            self.log.mark_stale()

    def _on_actor_changed(self) -> None:
        """Offer the pages that the operator may see, and no others."""
        actor = self._workspace.access.actor
        for number, entry in enumerate(ENTRIES):
            is_allowed = not self.gate.is_locked and self._workspace.access.may(entry.right)
            self.rail.allow(number, is_allowed)
        self.door.threshold_card.setVisible(self._workspace.access.may(Right.SET_POLICY))
        self.status_line.show_open_folder(actor.role is Role.OPEN)
        self.status_line.show_operator("" if actor.role is Role.OPEN or actor == DOOR else actor.name)
        self.questions.show_next()
        if self.gate.is_locked:
            self.notices.clear()
            return
        before, self._last_operator = self._last_operator, actor
        if before is not None and before != actor:
            for page in self.loaded():
                page.begin_anew()
        if before is not None and before.role is Role.OPEN and actor.role is not Role.OPEN:
            self.notices.notify(
                self.tr(
                    "The data folder is closed: whoever uses it signs in. You are signed in as {0}."
                ).format(actor.name),
                is_success=True,
            )
            self.safety.load()
        elif actor.role is not Role.OPEN:
            self.notices.clear()
            self._show_first_page()

    def restore_backup(self, path: str, passphrase: str) -> None:
        """Close, for the data folder to be exchanged; not once the window was locked over the question."""
        if not self._workspace.access.may(Right.KEEP):
            return
        self.restore_order = RestoreOrder(Path(path), passphrase, self._workspace.access.actor)
        self.close()

    def use_machine_settings(self, settings: MachineSettings) -> None:
        """Follow this computer's settings at once."""
        self.gate.watch_idle()
        self._theme.apply(str(settings.appearance))
        self.desktop.set_on(settings.notifies_faults)

    def _focus_search(self) -> None:
        page = self.log if self.stack.currentIndex() == ENTRIES.index(entries.LOG) else self.people
        if page is not self.stack.currentWidget():
            self.show_page(page)
        page.focus_search()

    def _may_close(self) -> bool:
        has_begun = any(self.enrolment.has_begun() for _ in self.loaded(entries.ENROLMENT))
        return may_close(self, self.bridge, has_begun=has_begun)

    def closeEvent(self, event: QCloseEvent) -> None:
        """Ask whoever closes it where that ends something; remember the geometry and stop the session."""
        if event.spontaneous() and not self._may_close():
            event.ignore()
            return
        self._settings.setValue(_GEOMETRY, self.saveGeometry())
        self._settings.setValue(_PAGE, self.stack.currentIndex())
        self.others.close()
        self.report_clock.stop()
        self.bridge.close()
        super().closeEvent(event)


def _page_keys() -> list[str]:
    """Return the keys that show each page: its own, or Ctrl with a digit."""
    digits = itertools.count(1)
    return [entry.keys or f"Ctrl+{next(digits) % 10}" for entry in ENTRIES]
