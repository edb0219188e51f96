"""The window: navigation, the stack of pages, and the wiring between them."""

import itertools
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QSettings, QSize, Qt
from PySide6.QtGui import QCloseEvent, QKeySequence, QShortcut
from PySide6.QtWidgets import QMainWindow, QStackedWidget, QWidget

from faceaccess.codes import Right, Role
from faceaccess.errors import FaceAccessError, Text
from faceaccess.gui.attendance.report_clock import ReportClock
from faceaccess.gui.background import Lane, run_in_background
from faceaccess.gui.layout import column, row
from faceaccess.gui.live_bridge import LiveBridge
from faceaccess.gui.notices import Notices
from faceaccess.gui.page import Page
from faceaccess.gui.theme import Theme
from faceaccess.gui.window.about_dialog import AboutDialog
from faceaccess.gui.window.closing import may_close
from faceaccess.gui.window.desktop_notices import DesktopNotices
from faceaccess.gui.window.facts import ModelFacts, read_model_facts
from faceaccess.gui.window.gate import Gate
from faceaccess.gui.window.help_window import HelpWindow
from faceaccess.gui.window.navigation_rail import NavigationRail
from faceaccess.gui.window.other_windows import OtherWindows
from faceaccess.gui.window.pages import Pages
from faceaccess.gui.window.recovery import RestoreOrder
from faceaccess.gui.window.status_line import StatusLine
from faceaccess.gui.wording import codes, failures
from faceaccess.settings import MachineSettings
from faceaccess.store.access.types import DOOR, Actor
from faceaccess.store.journal.types import Event, EventFilter
from faceaccess.store.people.types import Person

if TYPE_CHECKING:
    from faceaccess.vision.types import ImageArray
    from faceaccess.workspace import Workspace

_GEOMETRY = "window/geometry"
_PAGE = "window/page"


class MainWindow(QMainWindow):
    """Switches pages, and passes on to each what others announce."""

    def __init__(self, workspace: "Workspace", theme: Theme, settings: QSettings) -> None:
        super().__init__()
        self.setWindowTitle("FaceAccess")
        self._workspace, self._theme, self._settings = workspace, theme, settings
        self.bridge = LiveBridge(workspace, self)
        self.notices = Notices(self)
        self.others = OtherWindows(workspace, self.bridge, self)
        self._last_operator: Actor | None = None
        self.restore_order: RestoreOrder | None = None
        self.rail = NavigationRail(self)
        self.status_line = StatusLine(self)
        self.desktop = DesktopNotices(self.bridge, self)
        self.desktop.set_on(workspace.machine.settings.notifies_faults)
        with theme.held():
            pages = Pages(workspace, self.bridge, self.notices)
            self.pages = pages.in_order()
            self.stack = QStackedWidget(self)
            self.gate = Gate(workspace.access, workspace.machine, self._arrange(), theme.app, self)
            self.setCentralWidget(self.gate)
        self.questions = pages.questions
        self.notices.carry(self.questions)
        self.door = pages.door
        self.enrolment = pages.enrolment
        self.people = pages.people
        self.visitors = pages.visitors
        self.gallery = pages.gallery
        self.log = pages.log
        self.attendance = pages.attendance
        self.today = pages.today
        self.insights = pages.insights
        self.settings_page = pages.settings
        self.safety = pages.safety
        self.report_clock = ReportClock(workspace.office, self.notices, self)
        self.help: HelpWindow | None = None
        self.about: AboutDialog | None = None
        self._facts: ModelFacts | None = None
        self.setStatusBar(self.status_line)
        self._connect()
        self._add_shortcuts()
        self._restore()
        self.gate.load()

    def _show_trial(self, _: object) -> None:
        """A door that was forgotten in a trial lets nobody in."""
        self.status_line.show_trial(self.bridge.is_trial and self.bridge.is_running)

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
        self.read_facts()
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
        allowed = [page for at, page in enumerate(self.pages) if self.rail.button(at).isEnabled()]
        last = self.pages[number if 0 <= number < len(self.pages) else 0]
        if allowed:
            self.show_page(last if last in allowed else allowed[0])

    def _arrange(self) -> QWidget:
        for page, keys in zip(self.pages, self._page_keys(), strict=True):
            self.rail.add(page.label, page.icon, keys)
            self.stack.addWidget(page)
        right = QWidget(self)
        column(self.stack, parent=right)
        self.notices.float_over(right, self._kept_free_px)
        centre = QWidget(self)
        centre.setObjectName("page")
        row(self.rail, parent=centre, spacing=0).addWidget(right, 1)
        return centre

    def _page_keys(self) -> list[str]:
        """Return the keys that show each page: its own, or Ctrl with a digit."""
        digits = itertools.count(1)
        return [page.keys or f"Ctrl+{next(digits) % 10}" for page in self.pages]

    def _kept_free_px(self) -> int:
        page = self.stack.currentWidget()
        return page.kept_free_px() if isinstance(page, Page) else 0

    def _connect(self) -> None:
        self.gate.actor_changed.connect(self._on_actor_changed)
        self.status_line.sign_out_wanted.connect(self.gate.lock)
        self.status_line.messages_wanted.connect(partial(self.notices.fold, False))
        self.status_line.about_wanted.connect(self._show_about)
        self.settings_page.updates.about_wanted.connect(self._show_about)
        self.notices.folded.connect(self.status_line.show_messages)
        self.safety.closed.connect(self.gate.load)
        self.safety.restore_wanted.connect(self._restore_backup)
        self.rail.chosen.connect(lambda number: self.show_page(self.pages[number]))
        self._theme.changed.connect(self.rail.redraw)
        self.bridge.failed.connect(self.notices.fail)
        self.bridge.making_ready.connect(self._say_making_ready)
        self.bridge.run_state_changed.connect(self.status_line.show_run_state)
        self.bridge.run_state_changed.connect(self._show_trial)
        self.bridge.cameras_opened.connect(self.status_line.set_cameras)
        self.bridge.camera_changed.connect(self.status_line.show_camera)
        self.bridge.device_given_up.connect(self._on_device_given_up)
        self.bridge.event_logged.connect(self.log.add_newer)
        self.bridge.event_voided.connect(self._on_voided)
        self.questions.counted.connect(partial(self.rail.count, self.pages.index(self.door)))
        self.gallery.counted.connect(partial(self.rail.count, self.pages.index(self.gallery)))
        self.door.enrol_wanted.connect(partial(self.show_page, self.enrolment))
        self.door.event_opened.connect(self._show_event)
        self.enrolment.person_enrolled.connect(self._on_people_changed)
        self.enrolment.people_wanted.connect(self._show_person)
        self.enrolment.visitor_enrolled.connect(self.visitors.take_enrolled)
        self.visitors.enrol_wanted.connect(self._enrol_visitor)
        self.visitors.settings_wanted.connect(partial(self.show_page, self.settings_page))
        self.bridge.event_logged.connect(self.visitors.note_event)
        self.people.enrol_wanted.connect(partial(self.show_page, self.enrolment))
        self.people.photos_wanted.connect(self._add_photos_to)
        self.people.entries_wanted.connect(self._show_filter)
        self.people.hours_wanted.connect(self.attendance.show_person)
        self.people.hours_wanted.connect(self.rail.button(self.pages.index(self.attendance)).click)
        self.people.people_changed.connect(self._on_people_changed)
        self.gallery.people_changed.connect(self._on_people_changed)
        self.safety.transfer.people_changed.connect(self._on_people_changed)
        self.gallery.photos_wanted.connect(self._add_photos_to)
        self.log.enrol_wanted.connect(self.visitors.enrol_entry)
        self.today.log_wanted.connect(self._show_filter)
        self.insights.event_opened.connect(self._show_event)
        self.insights.person_wanted.connect(self._show_person)
        self.insights.match_changed.connect(self.read_facts)
        self.settings_page.machine_changed.connect(self._use_machine_settings)
        self.settings_page.kiosk.open_wanted.connect(self.others.open_kiosk)
        self.settings_page.kiosk.desk_wanted.connect(self.others.open_desk)
        self.others.missing.connect(self.notices.warn)
        self.others.failed.connect(self.notices.fail)
        self.settings_page.door_changed.connect(self.bridge.restart)
        self.settings_page.facts_changed.connect(self.read_facts)
        self.door.match_changed.connect(self.read_facts)

    def _add_shortcuts(self) -> None:
        for number, page_keys in enumerate(self._page_keys()):
            QShortcut(QKeySequence(page_keys), self).activated.connect(self.rail.button(number).click)
        full_screen = Qt.WindowState.WindowFullScreen
        pairs: tuple[tuple[QKeySequence | QKeySequence.StandardKey, Callable[[], object]], ...] = (
            (QKeySequence.StandardKey.Find, self._focus_search),
            (QKeySequence(Qt.Key.Key_F11), lambda: self.setWindowState(self.windowState() ^ full_screen)),
            (QKeySequence.StandardKey.HelpContents, self._show_help),
            (QKeySequence("Ctrl+Q"), lambda: may_close(self, self.bridge, self.enrolment) and self.close()),
        )
        for keys, slot in pairs:
            QShortcut(QKeySequence(keys), self).activated.connect(slot)

    def _show_help(self) -> None:
        if self.help is None:
            self.help = HelpWindow(self)
            self.help.about_wanted.connect(self._show_about)
        self.help.show_topic(self.pages[self.stack.currentIndex()].topic)

    def _show_about(self) -> None:
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
        for page in (self.door, self.people, self.today, self.settings_page):
            page.take_facts(facts)
        self._count_findings()

    def _on_device_given_up(self, why: Text) -> None:
        self.notices.warn(failures.translated(why))
        self.read_facts()

    def _on_no_facts(self, error: FaceAccessError) -> None:
        self._facts = None
        self.status_line.show_model("", "")
        self.door.take_facts(None)
        self.settings_page.take_facts(None)
        self.notices.fail(error)

    def _enrol_visitor(self, pictures: "list[ImageArray]", seqs: tuple[int, ...]) -> None:
        self.show_page(self.enrolment)
        self.enrolment.start_with(pictures, seqs)

    def _show_person(self, person_id: str) -> None:
        self.show_page(self.people)
        self.people.show_person(person_id)

    def _show_event(self, event: Event) -> None:
        self.show_page(self.log)
        self.log.show_event(event)

    def _show_filter(self, event_filter: EventFilter) -> None:
        self.show_page(self.log)
        self.log.show_filter(event_filter)

    def _add_photos_to(self, person: Person) -> None:
        self.show_page(self.enrolment)
        self.enrolment.add_photos_to(person)

    def _on_people_changed(self) -> None:
        self.door.reload_people()
        self.log.mark_stale()
        # The default threshold follows the number enrolled; the findings are counted again with it.
        self.read_facts()

    def _count_findings(self) -> None:
        if self._workspace.access.may(self.gallery.right):
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
        self.log.mark_stale()
        self.door.entries.reload()

    def _on_actor_changed(self) -> None:
        """Offer the pages that the operator may see, and no others."""
        actor = self._workspace.access.actor
        for number, page in enumerate(self.pages):
            is_allowed = not self.gate.is_locked and self._workspace.access.may(page.right)
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
            for page in self.pages:
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

    def _restore_backup(self, path: str, passphrase: str) -> None:
        """Close, for the data folder to be exchanged; not once the window was locked over the question."""
        if not self._workspace.access.may(Right.KEEP):
            return
        self.restore_order = RestoreOrder(Path(path), passphrase, self._workspace.access.actor)
        self.close()

    def _use_machine_settings(self, settings: MachineSettings) -> None:
        self.gate.watch_idle()
        self._theme.apply(str(settings.appearance))
        self.desktop.set_on(settings.notifies_faults)

    def _focus_search(self) -> None:
        page = self.stack.currentWidget()
        if page not in (self.people, self.log):
            page = self.people
            self.show_page(page)
        page.focus_search()

    def closeEvent(self, event: QCloseEvent) -> None:
        """Ask whoever closes it where that ends something; remember the geometry and stop the session."""
        if event.spontaneous() and not may_close(self, self.bridge, self.enrolment):
            event.ignore()
            return
        self._settings.setValue(_GEOMETRY, self.saveGeometry())
        self._settings.setValue(_PAGE, self.stack.currentIndex())
        self.others.close()
        self.report_clock.stop()
        self.bridge.close()
        super().closeEvent(event)
