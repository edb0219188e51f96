"""A working day of a person: its plan, the entries it is made of, and the actions on them."""

from functools import partial

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QPushButton, QScrollArea, QVBoxLayout, QWidget

from faceaccess.attendance.planning import Absence
from faceaccess.attendance.reading import DayEntry, DayRecord
from faceaccess.attendance.report_cells import day_marks, hours
from faceaccess.attendance.stays import Gap
from faceaccess.attendance.timesheets import Day
from faceaccess.codes import DayMark, DayPart, Direction
from faceaccess.gui import icons
from faceaccess.gui.layout import column
from faceaccess.gui.plain import Label
from faceaccess.gui.wording import attendance as attendance_text
from faceaccess.gui.wording import codes

_MARKS_OF_GAPS = frozenset({DayMark.MISSING_IN, DayMark.MISSING_OUT})


class DayDetail(QScrollArea):
    """Shows a `DayRecord` and announces what the operator wants done with it."""

    resolve_wanted = Signal(object)
    add_wanted = Signal()
    correct_wanted = Signal(object)
    void_wanted = Signal(object)
    absence_removal_wanted = Signal(object)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.record: DayRecord | None = None
        self.heading, self.facts, self.marks = Label(self), Label(self), Label(self)
        self.heading.setProperty("role", "heading")
        self.facts.setProperty("role", "muted")
        self.marks.setProperty("role", "caution")
        self._inside = QWidget(self)
        self._inside.setObjectName("scrolled")
        column = QVBoxLayout(self._inside)
        column.setContentsMargins(14, 12, 14, 12)
        column.setSpacing(8)
        for label in (self.heading, self.facts, self.marks):
            label.setWordWrap(True)
            column.addWidget(label)
        self._rows = QVBoxLayout()
        self._rows.setSpacing(8)
        column.addLayout(self._rows)
        self.add_button = QPushButton(self.tr("Enter by hand…"), self)
        icons.set_icon(self.add_button, "plus", 16)
        column.addWidget(self.add_button, 0, Qt.AlignmentFlag.AlignLeft)
        column.addStretch()
        self.setWidget(self._inside)
        self.setWidgetResizable(True)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setAccessibleName(self.tr("The day in full"))
        self.add_button.clicked.connect(self.add_wanted)
        self.show_message("")

    def show_message(self, text: str) -> None:
        """Show a message in place of a day."""
        self.record = None
        self._clear()
        self.heading.hide()
        self.marks.hide()
        self.add_button.hide()
        self.facts.setText(text)

    def show_record(self, record: DayRecord) -> None:
        """Show a day."""
        self.record = record
        self._clear()
        self.heading.setText(f"{record.person.name}\n{attendance_text.cell(record.day.plan.day)}")
        self.facts.setText(_facts(record.day))
        marks = [mark for mark in day_marks(record.day) if mark not in _MARKS_OF_GAPS]
        self.marks.setText(", ".join(attendance_text.code(mark) for mark in marks))
        self.marks.setVisible(bool(marks))
        self.heading.show()
        self.add_button.show()
        for absence in record.day.plan.absences:
            self._rows.addWidget(self._absence_row(absence))
        for entry in record.entries:
            self._rows.addWidget(self._entry_row(entry, record.day))
        for gap in record.day.gaps:
            self._rows.addWidget(self._gap_row(gap))

    def _clear(self) -> None:
        while (item := self._rows.takeAt(0)) is not None:
            if (row := item.widget()) is not None:
                row.hide()
                row.deleteLater()

    def _entry_row(self, entry: DayEntry, day: Day) -> QWidget:
        punch, box = entry.punch, QWidget(self._inside)
        at = punch.at.astimezone(day.plan.zone)
        heading = f"{attendance_text.cell(at, day.plan.day)} {attendance_text.code(punch.direction)}"
        title, facts = Label(heading, box), Label(_entry_facts(entry), box)
        title.setProperty("role", "strong")
        facts.setProperty("role", "muted")
        facts.setWordWrap(True)
        stack = column(title, facts, parent=box, spacing=2)
        if punch.voided_by is not None:
            font = title.font()
            font.setStrikeOut(True)
            title.setFont(font)
            return box
        buttons = QHBoxLayout()
        buttons.setSpacing(4)
        for label, signal in (
            (self.tr("Correct…"), self.correct_wanted),
            (self.tr("Take back…"), self.void_wanted),
        ):
            button = QPushButton(label, box)
            button.setProperty("role", "quiet")
            button.setAccessibleName(f"{label} {heading}")
            button.clicked.connect(partial(signal.emit, punch))
            buttons.addWidget(button)
        buttons.addStretch()
        stack.addLayout(buttons)
        return box

    def _absence_row(self, absence: Absence) -> QWidget:
        box = QWidget(self._inside)
        heading = attendance_text.label(absence.kind)
        if absence.part is not DayPart.WHOLE:
            heading += f", {attendance_text.code(absence.part)}"
        title = Label(heading, box)
        title.setProperty("role", "strong")
        button = QPushButton(self.tr("Take back…"), box)
        button.setProperty("role", "quiet")
        button.setAccessibleName(self.tr("Take back the absence"))
        button.clicked.connect(partial(self.absence_removal_wanted.emit, absence))
        row = QHBoxLayout(box)
        row.setContentsMargins(0, 0, 0, 0)
        row.addWidget(title, 1)
        row.addWidget(button)
        return box

    def _gap_row(self, gap: Gap) -> QWidget:
        box = QWidget(self._inside)
        mark = DayMark.MISSING_IN if gap.direction is Direction.IN else DayMark.MISSING_OUT
        label = Label(attendance_text.label(mark), box)
        label.setProperty("role", "caution")
        button = QPushButton(self.tr("Resolve…"), box)
        button.setProperty("role", "primary")
        button.clicked.connect(partial(self.resolve_wanted.emit, gap))
        row = QHBoxLayout(box)
        row.setContentsMargins(0, 4, 0, 4)
        row.addWidget(label, 1)
        row.addWidget(button)
        return box


def _facts(day: Day) -> str:
    """Return the plan and the hours worked, one line each."""
    plan, own, lines = day.plan, hours(day), []
    if plan.schedule is not None:
        spans = [
            f"{shift.start.astimezone(plan.zone):%H:%M}–{shift.end.astimezone(plan.zone):%H:%M}"
            for shift in plan.times
            if shift.start is not None and shift.end is not None
        ]
        lines.append(f"{plan.schedule.name} {', '.join(spans)}".strip())
    for name, seconds in (
        ("worked", own.worked_s), ("credited", own.credited_s), ("late_by", own.late_s),
        ("early_by", own.early_s), ("overtime", own.overtime_s), ("undertime", own.undertime_s),
    ):  # fmt: skip
        if seconds or name == "worked":
            lines.append(f"{attendance_text.column(name)} {attendance_text.duration(seconds)}")
    return "\n".join(lines)


def _entry_facts(entry: DayEntry) -> str:
    punch = entry.punch
    lines = [" · ".join(part for part in (codes.method(punch.method), punch.door, f"#{punch.seq}") if part)]
    if entry.why:
        lines.append(f"“{entry.why}”")
    if punch.voided_by is not None:
        lines.append(
            f"{codes.voided()} (#{punch.voided_by})" + (f": “{entry.voided_why}”" if entry.voided_why else "")
        )
    return "\n".join(lines)
