"""The ways from page to page: what each page asks of the window and of the others."""

from collections.abc import Callable
from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject

from faceaccess.gui.page import Page
from faceaccess.gui.window import entries
from faceaccess.gui.window.entries import ENTRIES, Entry
from faceaccess.store.journal.types import Event, EventFilter
from faceaccess.store.people.types import Person

if TYPE_CHECKING:
    from faceaccess.gui.main_window import MainWindow
    from faceaccess.vision.types import ImageArray


class Ways(QObject):
    """Connects each page when it is made; a page that is only led to is made when somebody goes there."""

    def __init__(self, window: "MainWindow") -> None:
        super().__init__(window)
        self._window = window

    def join(self, page: Page) -> None:
        """Connect a page that was just made with what it asks for."""
        joins: dict[Entry, Callable[[], None]] = {
            entries.DOOR: self._join_door,
            entries.ENROLMENT: self._join_enrolment,
            entries.PEOPLE: self._join_people,
            entries.VISITORS: self._join_visitors,
            entries.GALLERY: self._join_gallery,
            entries.LOG: self._join_log,
            entries.TODAY: self._join_today,
            entries.INSIGHTS: self._join_insights,
            entries.SETTINGS: self._join_settings,
            entries.SAFETY: self._join_safety,
        }
        if page.entry in joins:
            joins[page.entry]()

    def _join_door(self) -> None:
        door = self._window.door
        door.enrol_wanted.connect(self._show_enrolment)
        door.event_opened.connect(self._show_event)
        door.match_changed.connect(self._window.read_facts)

    def _join_enrolment(self) -> None:
        enrolment = self._window.enrolment
        enrolment.person_enrolled.connect(self._window.take_people)
        enrolment.people_wanted.connect(self._show_person)
        enrolment.visitor_enrolled.connect(self._release_visitor)

    def _join_people(self) -> None:
        people = self._window.people
        people.enrol_wanted.connect(self._show_enrolment)
        people.photos_wanted.connect(self._add_photos_to)
        people.entries_wanted.connect(self._show_filter)
        people.hours_wanted.connect(self._show_hours)
        people.people_changed.connect(self._window.take_people)

    def _join_visitors(self) -> None:
        visitors = self._window.visitors
        visitors.enrol_wanted.connect(self._enrol_visitor)
        visitors.settings_wanted.connect(self._show_settings)
        self._window.bridge.event_logged.connect(visitors.note_event)

    def _join_gallery(self) -> None:
        gallery = self._window.gallery
        gallery.counted.connect(partial(self._window.rail.count, ENTRIES.index(entries.GALLERY)))
        gallery.people_changed.connect(self._window.take_people)
        gallery.photos_wanted.connect(self._add_photos_to)

    def _join_log(self) -> None:
        self._window.bridge.event_logged.connect(self._window.log.add_newer)
        self._window.log.enrol_wanted.connect(self._enrol_entry)

    def _join_today(self) -> None:
        self._window.today.log_wanted.connect(self._show_filter)

    def _join_insights(self) -> None:
        insights = self._window.insights
        insights.event_opened.connect(self._show_event)
        insights.person_wanted.connect(self._show_person)
        insights.match_changed.connect(self._window.read_facts)

    def _join_settings(self) -> None:
        settings, others = self._window.settings_page, self._window.others
        settings.machine_changed.connect(self._window.use_machine_settings)
        settings.kiosk.open_wanted.connect(others.open_kiosk)
        settings.kiosk.desk_wanted.connect(others.open_desk)
        settings.door_changed.connect(self._window.bridge.restart)
        settings.facts_changed.connect(self._window.read_facts)
        settings.updates.about_wanted.connect(self._window.show_about)

    def _join_safety(self) -> None:
        safety = self._window.safety
        safety.closed.connect(self._window.gate.load)
        safety.restore_wanted.connect(self._window.restore_backup)
        safety.transfer.people_changed.connect(self._window.take_people)

    def _show_enrolment(self) -> None:
        self._window.show_page(self._window.enrolment)

    def _show_settings(self) -> None:
        self._window.show_page(self._window.settings_page)

    def _show_hours(self, person_id: str) -> None:
        self._window.attendance.show_person(person_id)
        self._window.rail.button(ENTRIES.index(entries.ATTENDANCE)).click()

    def _show_person(self, person_id: str) -> None:
        self._window.show_page(self._window.people)
        self._window.people.show_person(person_id)

    def _show_event(self, event: Event) -> None:
        self._window.show_page(self._window.log)
        self._window.log.show_event(event)

    def _show_filter(self, event_filter: EventFilter) -> None:
        self._window.show_page(self._window.log)
        self._window.log.show_filter(event_filter)

    def _add_photos_to(self, person: Person) -> None:
        self._show_enrolment()
        self._window.enrolment.add_photos_to(person)

    def _enrol_visitor(self, pictures: "list[ImageArray]", seqs: tuple[int, ...]) -> None:
        self._show_enrolment()
        self._window.enrolment.start_with(pictures, seqs)

    def _enrol_entry(self, event: Event) -> None:
        self._window.visitors.enrol_entry(event)

    def _release_visitor(self, seqs: tuple[int, ...], person_id: str) -> None:
        self._window.visitors.take_enrolled(seqs, person_id)
