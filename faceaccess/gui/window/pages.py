"""The window's pages, each made with the nouns it works with when it is first asked for."""

from abc import abstractmethod
from collections.abc import Iterator
from functools import cached_property
from typing import TYPE_CHECKING, TypeVar

from PySide6.QtWidgets import QMainWindow, QStackedWidget, QWidget

from faceaccess.gui.live_bridge import LiveBridge
from faceaccess.gui.notices import Notices
from faceaccess.gui.page import Page
from faceaccess.gui.window.entries import ENTRIES, Entry

if TYPE_CHECKING:
    from faceaccess.gui.attendance.page import AttendancePage
    from faceaccess.gui.door.page import DoorPage
    from faceaccess.gui.enrolment.page import EnrolmentPage
    from faceaccess.gui.gallery.page import GalleryPage
    from faceaccess.gui.insights.page import InsightsPage
    from faceaccess.gui.log.page import LogPage
    from faceaccess.gui.people.page import PeoplePage
    from faceaccess.gui.safety.page import SafetyPage
    from faceaccess.gui.settings.page import SettingsPage
    from faceaccess.gui.today.page import TodayPage
    from faceaccess.gui.visitors.page import VisitorsPage
    from faceaccess.workspace import Workspace

_Made = TypeVar("_Made", bound=Page)


class PagesOnDemand(QMainWindow):
    """A window whose pages are loaded and made when they are first asked for, each in its place of the stack.

    Making them all takes as long as the rest of a start. None reads anything before it is shown. It
    has more public methods, because each page is one.
    """

    def __init__(self, workspace: "Workspace") -> None:
        super().__init__()
        self._workspace = workspace
        self.bridge = LiveBridge(workspace, self)
        self.notices = Notices(self)
        self.stack = QStackedWidget(self)
        self._places = [QWidget(self.stack) for _ in ENTRIES]
        for place in self._places:
            self.stack.addWidget(place)

    @abstractmethod
    def join(self, page: Page) -> None:
        """Connect a page that was just made."""

    @property
    def pages(self) -> tuple[Page, ...]:
        """All pages as the rail lists them; those that aren't there yet are made."""
        return tuple(self.page(entry) for entry in ENTRIES)

    def page(self, entry: Entry) -> Page:
        """Return a page, made where it isn't there yet."""
        page: Page = getattr(self, entry.attribute)
        return page

    def loaded(self, *entries: Entry) -> "Iterator[Page]":
        """Yield those of some pages that are there; of all, where none is named."""
        for entry in entries or ENTRIES:
            if entry.attribute in self.__dict__:
                yield self.page(entry)

    @cached_property
    def door(self) -> "DoorPage":
        """The page Door."""
        from faceaccess.gui.door.page import DoorPage

        space = self._workspace
        return self._put(
            DoorPage(
                space.access,
                space.people,
                space.doors,
                space.models,
                space.journal,
                space.policies,
                self.bridge,
                self.notices,
            )
        )

    @cached_property
    def enrolment(self) -> "EnrolmentPage":
        """The page Enrol."""
        from faceaccess.gui.enrolment.page import EnrolmentPage

        space = self._workspace
        return self._put(
            EnrolmentPage(space.access, space.people, space.reception, space.doors, self.bridge, self.notices)
        )

    @cached_property
    def people(self) -> "PeoplePage":
        """The page People."""
        from faceaccess.gui.people.page import PeoplePage

        space = self._workspace
        return self._put(
            PeoplePage(space.access, space.people, space.reception, space.doors, space.policies, self.notices)
        )

    @cached_property
    def visitors(self) -> "VisitorsPage":
        """The page Visitors."""
        from faceaccess.gui.visitors.page import VisitorsPage

        space = self._workspace
        return self._put(
            VisitorsPage(
                space.access, space.people, space.reception, space.journal, space.policies, self.notices
            )
        )

    @cached_property
    def gallery(self) -> "GalleryPage":
        """The page Gallery."""
        from faceaccess.gui.gallery.page import GalleryPage

        space = self._workspace
        return self._put(
            GalleryPage(
                space.access, space.people, space.reception, space.journal, space.policies, self.notices
            )
        )

    @cached_property
    def log(self) -> "LogPage":
        """The page Log."""
        from faceaccess.gui.log.page import LogPage

        space = self._workspace
        return self._put(
            LogPage(
                space.access,
                space.people,
                space.models,
                space.office,
                space.journal,
                space.keeping.actions,
                self.notices,
            )
        )

    @cached_property
    def attendance(self) -> "AttendancePage":
        """The page Attendance."""
        from faceaccess.gui.attendance.page import AttendancePage

        space = self._workspace
        return self._put(
            AttendancePage(
                space.access, space.people, space.office, space.journal, space.policies, self.notices
            )
        )

    @cached_property
    def today(self) -> "TodayPage":
        """The page Today."""
        from faceaccess.gui.today.page import TodayPage

        space = self._workspace
        return self._put(
            TodayPage(space.access, space.people, space.office, space.journal, self.bridge, self.notices)
        )

    @cached_property
    def insights(self) -> "InsightsPage":
        """The page Insights."""
        from faceaccess.gui.insights.page import InsightsPage

        space = self._workspace
        return self._put(
            InsightsPage(
                space.access,
                space.people,
                space.reception,
                space.models,
                space.office,
                space.journal,
                space.doors,
                self.bridge,
                self.notices,
            )
        )

    @cached_property
    def settings_page(self) -> "SettingsPage":
        """The page Settings."""
        from faceaccess.gui.settings.page import SettingsPage

        space = self._workspace
        return self._put(
            SettingsPage(
                space.access,
                space.people,
                space.reception,
                space.doors,
                space.models,
                space.adapting,
                space.journal,
                space.policies,
                space.machine,
                space.data_dir,
                self.bridge,
                self.notices,
            )
        )

    @cached_property
    def safety(self) -> "SafetyPage":
        """The page Safety."""
        from faceaccess.gui.safety.page import SafetyPage

        space = self._workspace
        return self._put(
            SafetyPage(
                space.access,
                space.people,
                space.reception,
                space.keeping,
                space.policies,
                space.doors,
                self.bridge,
                self.notices,
            )
        )

    def _put(self, page: _Made) -> _Made:
        """Give a page its place, and remember it before anything that is connected can ask for it."""
        self.__dict__[page.entry.attribute] = page
        number = ENTRIES.index(page.entry)
        empty, is_shown = self._places[number], self.stack.currentIndex() == number
        self.stack.insertWidget(number, page)
        self.stack.removeWidget(empty)
        empty.deleteLater()
        if is_shown:
            self.stack.setCurrentWidget(page)
        self.join(page)
        return page
