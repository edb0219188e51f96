"""The use cases of attendance, wired together."""

from faceaccess.attendance.corrections import Corrections
from faceaccess.attendance.doubts import Doubts
from faceaccess.attendance.exports import Exports
from faceaccess.attendance.missing import MissingPunches
from faceaccess.attendance.overview import Overview
from faceaccess.attendance.planning import Planning
from faceaccess.attendance.reading import Timesheets
from faceaccess.attendance.reports import Reports
from faceaccess.store.file.database import Database
from faceaccess.store.journal.journal import Journal
from faceaccess.store.journal.punches import Punches
from faceaccess.store.people.people import People
from faceaccess.store.policy.policies import Policies


class Office:
    """The office's use cases, by noun; reads and changes nothing by itself.

    Attributes:
        corrections: voids entries and makes manual ones.
        planning: schedules, absences, zones.
        timesheets: reads hours; closes months.
        doubts: asks about what is seldom meant.
        missing: fills gaps.
        reports: builds tables.
        exports: writes them into files.
        overview: counts and lists what happened.
    """

    def __init__(self, database: Database, people: People, journal: Journal, policies: Policies) -> None:
        self.corrections = Corrections(database, people, journal)
        self.planning = Planning(database, people, journal, policies)
        self.timesheets = Timesheets(database, people, journal, policies)
        self.doubts = Doubts(self.timesheets, people)
        self.missing = MissingPunches(database, journal, self.corrections)
        self.reports = Reports(self.timesheets, Punches(database), people, journal)
        self.exports = Exports(
            database, reports=self.reports, timesheets=self.timesheets, journal=journal, policies=policies
        )
        self.overview = Overview(database, reports=self.reports, timesheets=self.timesheets)
