"""The pages as the rail lists them, known before any is made: what a page needs is loaded with it."""

from dataclasses import dataclass

from PySide6.QtCore import QCoreApplication

from faceaccess.codes import Right
from faceaccess.gui.wording.noop import QT_TRANSLATE_NOOP


@dataclass(frozen=True)
class Entry:
    """A page's entry in the rail.

    Attributes:
        attribute: of the window that is the page.
        name: the page's name, marked for translation in the context "pages".
        icon: name of an icon.
        right: operators without it aren't offered the page.
        topic: the topic of the manual shown by F1.
        keys: that show it; "" takes Ctrl and the next digit.
    """

    attribute: str
    name: str
    icon: str
    right: Right
    topic: str
    keys: str = ""

    @property
    def label(self) -> str:
        """The page's name in the language in use."""
        return QCoreApplication.translate("pages", self.name)


DOOR = Entry("door", QT_TRANSLATE_NOOP("pages", "Door"), "door", Right.RUN_DOOR, "door")
ENROLMENT = Entry("enrolment", QT_TRANSLATE_NOOP("pages", "Enrol"), "enrol", Right.ENROL, "reception")
PEOPLE = Entry("people", QT_TRANSLATE_NOOP("pages", "People"), "people", Right.READ, "reception")
VISITORS = Entry("visitors", QT_TRANSLATE_NOOP("pages", "Visitors"), "unknown", Right.ENROL, "gallery")
GALLERY = Entry("gallery", QT_TRANSLATE_NOOP("pages", "Gallery"), "gallery", Right.CHANGE_PEOPLE, "gallery")
LOG = Entry("log", QT_TRANSLATE_NOOP("pages", "Log"), "log", Right.READ, "office")
ATTENDANCE = Entry(
    "attendance", QT_TRANSLATE_NOOP("pages", "Attendance"), "attendance", Right.EXPORT, "office"
)
TODAY = Entry("today", QT_TRANSLATE_NOOP("pages", "Today"), "today", Right.READ, "office")
INSIGHTS = Entry(
    "insights", QT_TRANSLATE_NOOP("pages", "Insights"), "insights", Right.SET_POLICY, "insights", "Ctrl+I"
)
SETTINGS = Entry(
    "settings_page", QT_TRANSLATE_NOOP("pages", "Settings"), "settings", Right.SET_POLICY, "door"
)
SAFETY = Entry("safety", QT_TRANSLATE_NOOP("pages", "Safety"), "shield", Right.EXPORT, "safety")

ENTRIES = (
    DOOR, ENROLMENT, PEOPLE, VISITORS, GALLERY, LOG, ATTENDANCE, TODAY, INSIGHTS, SETTINGS, SAFETY,
)  # fmt: skip
