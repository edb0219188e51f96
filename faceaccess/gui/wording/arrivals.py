"""The wording of an import: its columns, what would be done, what was done, and why not."""

from collections.abc import Sequence

from PySide6.QtCore import QCoreApplication

from faceaccess.codes import (
    DateOrder,
    EnrolmentOutcome,
    ImportField,
    ImportProblem,
    ImportStep,
    PhotoProblem,
)
from faceaccess.errors import Text
from faceaccess.gui.models.import_model import ImportLine
from faceaccess.gui.wording import failures
from faceaccess.gui.wording import photos as photo_text
from faceaccess.gui.wording.noop import QT_TRANSLATE_NOOP
from faceaccess.people.arrivals.arrival import Arrival, ArrivalRow
from faceaccess.people.arrivals.report import report_rows
from faceaccess.people.arrivals.result import AdmissionResult

_FIELDS = {
    ImportField.NAME: QT_TRANSLATE_NOOP("import", "Name"),
    ImportField.STAFF_NUMBER: QT_TRANSLATE_NOOP("import", "Staff number"),
    ImportField.DEPARTMENT: QT_TRANSLATE_NOOP("import", "Department"),
    ImportField.EMAIL: QT_TRANSLATE_NOOP("import", "E-mail"),
    ImportField.PHOTO: QT_TRANSLATE_NOOP("import", "Photos"),
    ImportField.CONSENT_DATE: QT_TRANSLATE_NOOP("import", "Agreed on"),
}

_ORDERS = {
    DateOrder.DMY: QT_TRANSLATE_NOOP("import", "day, month, year"),
    DateOrder.MDY: QT_TRANSLATE_NOOP("import", "month, day, year"),
    DateOrder.YMD: QT_TRANSLATE_NOOP("import", "year, month, day"),
}

_STEPS = {
    ImportStep.NEW: QT_TRANSLATE_NOOP("import", "New"),
    ImportStep.ADD: QT_TRANSLATE_NOOP("import", "Add to {0}"),
    ImportStep.COMPARE: QT_TRANSLATE_NOOP("import", "Compare photos"),
    ImportStep.REFUSE: QT_TRANSLATE_NOOP("import", "Refused"),
}

_OUTCOMES = {
    EnrolmentOutcome.ENROLLED: QT_TRANSLATE_NOOP("import", "Enrolled"),
    EnrolmentOutcome.ADDED: QT_TRANSLATE_NOOP("import", "Added to"),
    EnrolmentOutcome.UNCHANGED: QT_TRANSLATE_NOOP("import", "Unchanged"),
    EnrolmentOutcome.REFUSED: QT_TRANSLATE_NOOP("import", "Refused"),
    EnrolmentOutcome.NOT_REACHED: QT_TRANSLATE_NOOP("import", "Not reached"),
}

_PROBLEMS = {
    ImportProblem.NO_NAME: QT_TRANSLATE_NOOP("import", "There is no name"),
    ImportProblem.NAME_INCOMPLETE: QT_TRANSLATE_NOOP("import", "First or last name is missing"),
    ImportProblem.CELL_ERROR: QT_TRANSLATE_NOOP("import", "A formula of the table failed"),
    ImportProblem.BAD_NUMBER: QT_TRANSLATE_NOOP(
        "import", "The spreadsheet program changed the staff number: type it anew, as text"
    ),
    ImportProblem.BAD_TEXT: QT_TRANSLATE_NOOP("import", "A text can't be kept"),
    ImportProblem.BAD_EMAIL: QT_TRANSLATE_NOOP("import", "No e-mail address"),
    ImportProblem.BAD_DATE: QT_TRANSLATE_NOOP("import", "No day, or one to come"),
    ImportProblem.DATE_NOT_CLEAR: QT_TRANSLATE_NOOP(
        "import", "Day and month can't be told apart: say it at Days"
    ),
    ImportProblem.CELL_TOO_LONG: QT_TRANSLATE_NOOP("import", "A cell is too long"),
    ImportProblem.NO_PHOTO: QT_TRANSLATE_NOOP("import", "There is no photo"),
    ImportProblem.PHOTO_MISSING: QT_TRANSLATE_NOOP("import", "There is no such photo"),
    ImportProblem.PHOTO_UNREADABLE: QT_TRANSLATE_NOOP("import", "The photo can't be opened"),
    ImportProblem.PHOTO_OUTSIDE: QT_TRANSLATE_NOOP("import", "The photo isn't in the folders chosen"),
    ImportProblem.PHOTO_NOT_CLEAR: QT_TRANSLATE_NOOP("import", "Several photos have this name"),
    ImportProblem.PHOTO_FORMAT: QT_TRANSLATE_NOOP("import", "Not a photo of a kind that is read"),
    ImportProblem.PACKED: QT_TRANSLATE_NOOP("import", "Packed: unpack it into the person's folder"),
    ImportProblem.FOLDER_INSIDE: QT_TRANSLATE_NOOP("import", "A folder in the person's folder isn't read"),
    ImportProblem.ONLY_FOLDERS: QT_TRANSLATE_NOOP("import", "A folder of folders: import it by itself"),
    ImportProblem.LOOSE_PHOTO: QT_TRANSLATE_NOOP(
        "import", "The photo lies in no person's folder: make one, named like the person"
    ),
    ImportProblem.LOOSE_FILE: QT_TRANSLATE_NOOP("import", "Neither a folder nor a photo"),
    ImportProblem.FOLDER_UNREADABLE: QT_TRANSLATE_NOOP("import", "The folder can't be opened"),
    ImportProblem.TOO_MANY_PHOTOS: QT_TRANSLATE_NOOP("import", "More photos than are looked at"),
    ImportProblem.NUMBER_TWICE: QT_TRANSLATE_NOOP("import", "The staff number stands in another row"),
    ImportProblem.NUMBER_TAKEN: QT_TRANSLATE_NOOP("import", "The staff number is somebody else's"),
    ImportProblem.NUMBER_OF_DELETED: QT_TRANSLATE_NOOP(
        "import", "The staff number belongs to somebody deleted"
    ),
    ImportProblem.NAME_ENROLLED: QT_TRANSLATE_NOOP(
        "import", "The name is enrolled: say whether it is the same person"
    ),
    ImportProblem.SEVERAL_OF_NAME: QT_TRANSLATE_NOOP(
        "import", "Several people have this name: give a staff number"
    ),
    ImportProblem.DOUBLE: QT_TRANSLATE_NOOP("import", "May be enrolled under another name"),
    ImportProblem.NO_GOOD_PHOTO: QT_TRANSLATE_NOOP("import", "No photo can be used"),
    ImportProblem.NO_CONSENT: QT_TRANSLATE_NOOP("import", "There is no consent"),
    ImportProblem.NOT_STORED: QT_TRANSLATE_NOOP("import", "Could not be stored"),
}


def field(which: ImportField) -> str:
    """Return what a column says."""
    return _tr(_FIELDS[which])


def date_order(which: DateOrder) -> str:
    """Return in which order days are written."""
    return _tr(_ORDERS[which])


def step(which: ImportStep) -> str:
    """Return what would be done; {0} is to be replaced by a name."""
    return _tr(_STEPS[which])


def outcome(which: EnrolmentOutcome) -> str:
    """Return what was done."""
    return _tr(_OUTCOMES[which])


def problem(which: ImportProblem | PhotoProblem) -> str:
    """Return what is wrong with a row or a photo."""
    if isinstance(which, ImportProblem):
        return _tr(_PROBLEMS[which])
    return photo_text.photo_problem(which).label


def planned_lines(people: Sequence[Arrival]) -> list[ImportLine]:
    """Return what would be done with each row, in the order of the table."""
    lines = [_planned_line(arrival, row) for arrival in people for row in arrival.rows]
    return sorted(lines, key=lambda line: line.number)


def result_lines(results: Sequence[AdmissionResult]) -> list[ImportLine]:
    """Return what became of each row, in the order of the table."""
    rows = {row.number: row for row in report_rows(results)}
    lines = []
    for result in results:
        for row in result.planned.rows:
            reported = rows[row.number]
            photos = [photo for photo in result.photos if photo.row == row.number]
            why = [] if result.problem is None else [_with(problem(result.problem), result.detail)]
            why += [
                f"{photo.name}: {problem(photo.problem)}"
                for photo in photos
                if photo.problem and photo.name != result.detail
            ]
            is_refused = result.outcome in (EnrolmentOutcome.REFUSED, EnrolmentOutcome.NOT_REACHED)
            lines.append(_line(row, outcome(result.outcome), str(reported.taken), why, is_refused))
    return sorted(lines, key=lambda line: line.number)


def _planned_line(arrival: Arrival, row: ArrivalRow) -> ImportLine:
    why = [] if arrival.problem is None else [_with(problem(arrival.problem), arrival.detail)]
    why += [
        f"{photo.name}: {problem(photo.problem)}"
        for photo in row.photos
        if photo.problem and photo.name != arrival.detail
    ]
    if arrival.step is ImportStep.ADD and arrival.person is not None:
        blanks = arrival.fills_in(arrival.person)
        why += [f"{field(ImportField(name))}: {text}" for name, text in blanks.items()]
    text = step(arrival.step).format(arrival.person.name if arrival.person else "")
    usable = sum(photo.source is not None for photo in row.photos)
    return _line(row, text, str(usable), why, arrival.step is ImportStep.REFUSE)


def _line(row: ArrivalRow, status: str, photos: str, why: Sequence[str], is_refused: bool) -> ImportLine:
    cells = (str(row.number), status, row.name, row.staff_number or "", row.department, row.email, photos)
    return ImportLine(row.number, (*cells, "; ".join(why)), is_refused)


def _with(text: str, detail: Text | str) -> str:
    return f"{text}: {failures.translated(detail)}" if detail else text


def _tr(text: str) -> str:
    return QCoreApplication.translate("import", text)
