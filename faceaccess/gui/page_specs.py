"""The pages' names, icons and the right that each needs, by type."""

from dataclasses import dataclass

from PySide6.QtCore import QCoreApplication

from faceaccess.codes import Right
from faceaccess.gui.noop import QT_TRANSLATE_NOOP
from faceaccess.gui.pages.attendance import AttendancePage
from faceaccess.gui.pages.checkin import CheckInPage
from faceaccess.gui.pages.enrolment import EnrolmentPage
from faceaccess.gui.pages.gallery import GalleryPage
from faceaccess.gui.pages.insights import InsightsPage
from faceaccess.gui.pages.log import LogPage
from faceaccess.gui.pages.people import PeoplePage
from faceaccess.gui.pages.protection import ProtectionPage
from faceaccess.gui.pages.settings import SettingsPage
from faceaccess.gui.pages.visitors import VisitorsPage

Page = (
    CheckInPage
    | EnrolmentPage
    | PeoplePage
    | VisitorsPage
    | GalleryPage
    | LogPage
    | AttendancePage
    | InsightsPage
    | SettingsPage
    | ProtectionPage
)


@dataclass(frozen=True)
class PageSpec:
    """How a page stands in the rail.

    Attributes:
        icon: name of an icon.
        right: who lacks it isn't offered the page.
        topic: of the manual, shown by F1.
    """

    name: str
    icon: str
    right: Right
    topic: str

    @property
    def label(self) -> str:
        """What the page is called."""
        return QCoreApplication.translate("pages", self.name)


_SPECS: dict[type[Page], PageSpec] = {
    CheckInPage: PageSpec(QT_TRANSLATE_NOOP("pages", "Door"), "door", Right.RUN_DOOR, "door"),
    EnrolmentPage: PageSpec(QT_TRANSLATE_NOOP("pages", "Enrol"), "enrol", Right.ENROL, "reception"),
    PeoplePage: PageSpec(QT_TRANSLATE_NOOP("pages", "People"), "people", Right.READ, "reception"),
    VisitorsPage: PageSpec(QT_TRANSLATE_NOOP("pages", "Visitors"), "unknown", Right.ENROL, "gallery"),
    GalleryPage: PageSpec(QT_TRANSLATE_NOOP("pages", "Gallery"), "gallery", Right.CHANGE_PEOPLE, "gallery"),
    LogPage: PageSpec(QT_TRANSLATE_NOOP("pages", "Log"), "log", Right.READ, "office"),
    AttendancePage: PageSpec(QT_TRANSLATE_NOOP("pages", "Attendance"), "attendance", Right.EXPORT, "office"),
    InsightsPage: PageSpec(QT_TRANSLATE_NOOP("pages", "Today"), "today", Right.READ, "office"),
    SettingsPage: PageSpec(QT_TRANSLATE_NOOP("pages", "Settings"), "settings", Right.SET_POLICY, "door"),
    ProtectionPage: PageSpec(QT_TRANSLATE_NOOP("pages", "Safety"), "shield", Right.EXPORT, "safety"),
}


def spec(page: Page) -> PageSpec:
    """Return how a page stands in the rail."""
    return _SPECS[type(page)]
