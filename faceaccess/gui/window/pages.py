"""The pages of the window, each with the nouns it works with."""

from typing import TYPE_CHECKING

from faceaccess.gui.attendance.page import AttendancePage
from faceaccess.gui.door.desk_questions import DeskQuestions
from faceaccess.gui.door.page import DoorPage
from faceaccess.gui.enrolment.page import EnrolmentPage
from faceaccess.gui.gallery.page import GalleryPage
from faceaccess.gui.insights.page import InsightsPage
from faceaccess.gui.live_bridge import LiveBridge
from faceaccess.gui.log.page import LogPage
from faceaccess.gui.notices import Notices
from faceaccess.gui.page import Page
from faceaccess.gui.people.page import PeoplePage
from faceaccess.gui.safety.page import SafetyPage
from faceaccess.gui.settings.page import SettingsPage
from faceaccess.gui.today.page import TodayPage
from faceaccess.gui.visitors.page import VisitorsPage

if TYPE_CHECKING:
    from faceaccess.workspace import Workspace


class Pages:
    """All pages, and the desk's questions that stand over them, made at once.

    None reads anything before it is shown.
    """

    def __init__(self, workspace: "Workspace", bridge: LiveBridge, notices: Notices) -> None:
        self.questions = DeskQuestions(
            workspace.access, workspace.people, workspace.doors, bridge, notices, notices
        )
        self.questions.setObjectName("notice")
        self.door = DoorPage(
            workspace.access,
            workspace.people,
            workspace.doors,
            workspace.models,
            workspace.journal,
            workspace.policies,
            bridge,
            notices,
        )
        self.enrolment = EnrolmentPage(
            workspace.access,
            workspace.people,
            workspace.reception,
            workspace.doors,
            bridge,
            notices,
        )
        self.people = PeoplePage(
            workspace.access,
            workspace.people,
            workspace.reception,
            workspace.doors,
            workspace.policies,
            notices,
        )
        self.visitors = VisitorsPage(
            workspace.access,
            workspace.people,
            workspace.reception,
            workspace.journal,
            workspace.policies,
            notices,
        )
        self.gallery = GalleryPage(
            workspace.access,
            workspace.people,
            workspace.reception,
            workspace.journal,
            workspace.policies,
            notices,
        )
        self.log = LogPage(
            workspace.access,
            workspace.people,
            workspace.models,
            workspace.office,
            workspace.journal,
            workspace.keeping.actions,
            notices,
        )
        self.attendance = AttendancePage(
            workspace.access,
            workspace.people,
            workspace.office,
            workspace.journal,
            workspace.policies,
            notices,
        )
        self.today = TodayPage(
            workspace.access, workspace.people, workspace.office, workspace.journal, bridge, notices
        )
        self.insights = InsightsPage(
            workspace.access,
            workspace.people,
            workspace.reception,
            workspace.models,
            workspace.office,
            workspace.journal,
            workspace.doors,
            bridge,
            notices,
        )
        self.settings = SettingsPage(
            workspace.access,
            workspace.people,
            workspace.reception,
            workspace.doors,
            workspace.models,
            workspace.adapting,
            workspace.journal,
            workspace.policies,
            workspace.machine,
            workspace.data_dir,
            bridge,
            notices,
        )
        self.safety = SafetyPage(
            workspace.access,
            workspace.people,
            workspace.reception,
            workspace.keeping,
            workspace.policies,
            notices,
        )

    def in_order(self) -> tuple[Page, ...]:
        """Return the pages as the rail lists them."""
        return (
            self.door,
            self.enrolment,
            self.people,
            self.visitors,
            self.gallery,
            self.log,
            self.attendance,
            self.today,
            self.insights,
            self.settings,
            self.safety,
        )
