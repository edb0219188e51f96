"""Importing people on fakes: what is planned, what is done, and what done again changes nothing."""

import os
import subprocess
import sys
from contextlib import closing
from datetime import date
from pathlib import Path

import pytest

from faceaccess.codes import (
    EnrolmentOutcome,
    IfDouble,
    IfNamed,
    ImportField,
    ImportProblem,
    ImportStep,
    JournalKind,
    PhotoProblem,
    Role,
)
from faceaccess.errors import ConsentError, EnrolmentError, StoreError
from faceaccess.people.arrivals.admission import Admission, AdmissionTerms
from faceaccess.people.arrivals.columns import chosen
from faceaccess.people.arrivals.folder import rows_of_folder
from faceaccess.people.arrivals.photo_files import PhotoFolders
from faceaccess.people.arrivals.report import report_rows, write_report
from faceaccess.people.arrivals.table import rows_of_table
from faceaccess.people.arrivals.table_file import SourceTable, TableRow
from faceaccess.people.directory import Directory
from faceaccess.people.enrolment.photo_review import Reviewer
from faceaccess.recognition.pipeline import Recogniser
from faceaccess.store.access.operators import Operators
from faceaccess.store.access.types import Actor
from faceaccess.store.people.types import NewConsent
from tests.fakes import ON_CPU, FakeDetector, FakeEmbedder
from tests.people.test_enrolment import ACTOR, Desk, photo

COLUMNS = ("Name", "Number", "Department", "Email", "Photo", "Consent")


class ImportDesk(Desk):
    """A desk that imports with fake models."""

    def __init__(self, folder: Path, **options: float) -> None:
        super().__init__(folder / "data", **options)
        self.table_folder, self.photos = folder / "table", folder / "photos"
        self.table_folder.mkdir(exist_ok=True)
        self.photos.mkdir(exist_ok=True)
        directory = Directory(self.database, self.people, self.journal, self.refill)
        self.reviewed: list[Path] = []
        self.imports = Admission(
            self.database,
            enrolment=lambda: self.enrolment,
            people=self.people,
            templates=self.templates,
            directory=directory,
            consents=self.consents,
            new_reviewer=self._reviewer,
        )

    def _reviewer(self) -> Reviewer:
        reviewer = Reviewer(Recogniser(FakeDetector(), FakeEmbedder(), self.gallery, ON_CPU), None)
        look = reviewer.review_file

        def counted(path: Path):  # noqa: ANN202
            self.reviewed.append(path)
            return look(path)

        reviewer.review_file = counted
        return reviewer

    def close(self) -> None:
        self.database.close()

    def photo(self, name: str, value: int) -> str:
        photo((self.photos / name).parent, Path(name).name, value)
        return name

    def plan(self, *rows: tuple[str, ...]):  # noqa: ANN201
        table = SourceTable(
            COLUMNS,
            tuple(TableRow(n, (*row, *[""] * (len(COLUMNS) - len(row)))) for n, row in enumerate(rows, 2)),
        )
        folders = PhotoFolders(self.table_folder, self.photos)
        return self.imports.plan(ACTOR, rows_of_table(table, chosen(table, {}), folders))

    def run(self, *rows: tuple[str, ...], wish: AdmissionTerms | None = None, **options: object):  # noqa: ANN201
        return self.imports.run(ACTOR, self.plan(*rows), wish or AdmissionTerms(), **options)


@pytest.fixture
def desk(tmp_path: Path):  # noqa: ANN201
    opened = ImportDesk(tmp_path)
    yield opened
    opened.database.close()


def test_rows_are_planned_before_anything_is_written(desk: ImportDesk) -> None:
    a, b = desk.photo("a.png", 40), desk.photo("sub/b.png", 90)
    known = desk.people.create(name="Bea", staff_number="E7")
    desk.people.create(name="Zoe", staff_number="E8")
    plan = desk.plan(
        ("Ada", "1", "Office", "ada@example.org", a),
        ("Ada", "1", "", "", "b.png"),
        ("bea", "e7", "", "bea@example.org", b),
        ("Cleo", "E8", "", "", a),
        ("Dan", "1", "", "", a),
        ("", "9", "", "", a),
        ("Eve", "10", "", "eve", a),
        ("Fay", "11", "", "", ""),
        ("Gus", "12", "", "", "none.png"),
        ("Hal", "13", "", "", "../data/people.db"),
        ("Ida\x07", "14", "", "", a),
        ("Jon", "15", "", "", f"{a};none.png", "31.12.2999"),
        ("Kim", "16", "", "", f"{a};none.png", "4.3.2026"),
    )
    seen = [(one.step, one.problem, [row.number for row in one.rows]) for one in plan]
    assert seen == [
        (ImportStep.NEW, None, [2, 3]),
        (ImportStep.ADD, None, [4]),
        (ImportStep.REFUSE, ImportProblem.NUMBER_TAKEN, [5]),
        (ImportStep.REFUSE, ImportProblem.NUMBER_TWICE, [6]),
        (ImportStep.REFUSE, ImportProblem.NO_NAME, [7]),
        (ImportStep.REFUSE, ImportProblem.BAD_EMAIL, [8]),
        (ImportStep.REFUSE, ImportProblem.NO_PHOTO, [9]),
        (ImportStep.REFUSE, ImportProblem.PHOTO_MISSING, [10]),
        (ImportStep.REFUSE, ImportProblem.PHOTO_OUTSIDE, [11]),
        (ImportStep.REFUSE, ImportProblem.BAD_TEXT, [12]),
        (ImportStep.REFUSE, ImportProblem.BAD_DATE, [13]),
        (ImportStep.NEW, None, [14]),
    ]
    assert plan[1].person.person_id == known.person_id
    assert plan[1].fills_in(known) == {"email": "bea@example.org"}
    assert plan[2].detail == "Zoe"
    assert plan[11].consent_on == date(2026, 3, 4)
    assert desk.names() == ["Bea", "Zoe"]
    assert desk.journal.rows.newest() == []
    assert desk.reviewed == []


def test_photos_are_found_by_path_and_by_name_inside_the_folders_only(
    desk: ImportDesk, tmp_path: Path
) -> None:
    desk.photo("one/a.png", 40)
    desk.photo("two/same.png", 40)
    desk.photo("three/same.png", 40)
    secret = photo(tmp_path / "elsewhere", "s.png")
    (desk.photos / "link.png").symlink_to(secret)
    find = PhotoFolders(desk.table_folder, desk.photos).find
    assert find("A.PNG").path == desk.photos / "one" / "a.png"
    assert find("one\\a.png").path == desk.photos / "one" / "a.png"
    assert find(str(desk.photos / "one" / "a.png")).path is not None
    assert find("same.png").problem is ImportProblem.PHOTO_NOT_CLEAR
    assert find("two/none.png").problem is ImportProblem.PHOTO_MISSING
    for given in (str(secret), "../elsewhere/s.png", "link.png", "/etc/hostname"):
        assert find(given).problem is ImportProblem.PHOTO_OUTSIDE
        assert find(given).path is None
    assert find("x" * 5_000).problem is ImportProblem.PHOTO_MISSING
    assert find("a\0b").problem is ImportProblem.PHOTO_MISSING


def test_each_person_is_stored_and_a_bad_one_stops_nobody(desk: ImportDesk, tmp_path: Path) -> None:
    (desk.photos / "bad.png").write_bytes(b"no picture")
    results = desk.run(
        ("Ada", "1", "Office", "ada@example.org", f"{desk.photo('a.png', 40)};{desk.photo('b.png', 41)}"),
        ("Bea", "2", "", "", "bad.png"),
        ("Cleo", "1", "", "", "a.png"),
        ("=Dan", "3", "", "", desk.photo("d.png", 90)),
    )
    assert [(result.outcome, result.problem, result.taken) for result in results] == [
        (EnrolmentOutcome.ENROLLED, None, 2),
        (EnrolmentOutcome.REFUSED, ImportProblem.NO_GOOD_PHOTO, 0),
        (EnrolmentOutcome.REFUSED, ImportProblem.NUMBER_TWICE, 0),
        (EnrolmentOutcome.ENROLLED, None, 1),
    ]
    assert desk.names() == ["=Dan", "Ada"]
    ada = desk.people.by_name("Ada")[0]
    assert (ada.staff_number, ada.department, ada.email) == ("1", "Office", "ada@example.org")
    write_report(results, tmp_path / "report.csv")
    lines = (tmp_path / "report.csv").read_text("utf-8-sig").splitlines()
    assert lines[2].startswith("3,Bea,2,refused,no good photo,,0,,bad.png: unknown format")
    assert lines[4].startswith("5,'=Dan,3,enrolled")


def test_the_same_table_again_changes_nothing_and_looks_at_nothing(desk: ImportDesk) -> None:
    rows = [(f"Person {n}", str(n), "", "", desk.photo(f"{n}.png", 20 + 9 * n)) for n in range(4)]
    rows += [("No Number", "", "", "", desk.photo("n.png", 200))]
    desk.run(*rows)
    journal = len(desk.journal.rows.newest())
    desk.reviewed.clear()
    assert [result.outcome for result in desk.run(*rows)] == [EnrolmentOutcome.UNCHANGED] * 5
    assert desk.reviewed == []
    assert len(desk.journal.rows.newest()) == journal


def test_photos_left_out_are_left_out_again(desk: ImportDesk) -> None:
    names = ";".join(desk.photo(f"{n}.png", 20 + 9 * n) for n in range(14))
    (first,) = desk.run(("Ada", "1", "", "", names))
    (again,) = desk.run(("Ada", "1", "", "", names))
    assert first.taken == 10
    assert (again.outcome, again.taken) == (EnrolmentOutcome.UNCHANGED, 0)
    left_out = [photo for photo in again.photos if photo.problem is PhotoProblem.MORE_THAN_NEEDED]
    assert len(left_out) == 4


def test_a_full_disk_ends_an_import_and_what_was_done_is_told(
    desk: ImportDesk, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The report of the people before it was lost with the failure."""
    enrol, left = desk.enrolment.enrol, [1]

    def fail_at_the_second(*args: object, **values: object) -> object:
        if not left:
            raise StoreError("The disk is full.", "Make room.")
        left.pop()
        return enrol(*args, **values)

    monkeypatch.setattr(desk.enrolment, "enrol", fail_at_the_second)
    results = desk.run(*numbered(desk)[:4], threads=1)
    outcomes = [each.outcome for each in results]
    assert outcomes[:2] == [EnrolmentOutcome.ENROLLED, EnrolmentOutcome.REFUSED]
    assert set(outcomes[2:]) == {EnrolmentOutcome.NOT_REACHED}
    assert (results[1].problem, str(results[1].detail)) == (
        ImportProblem.NOT_STORED,
        "The disk is full. Make room.",
    )


def test_a_stopped_import_is_gone_on_with(desk: ImportDesk) -> None:
    rows = [(f"Person {n}", "", "", "", desk.photo(f"{n}.png", 20 + 9 * n)) for n in range(6)]
    seen: list[int] = []
    results = desk.run(
        *rows, progress=lambda done, _all: seen.append(done), is_cancelled=lambda: len(seen) >= 3
    )
    assert [result.outcome for result in results].count(EnrolmentOutcome.NOT_REACHED) == 3
    results = desk.run(*rows)
    assert [result.outcome for result in results] == [EnrolmentOutcome.UNCHANGED] * 3 + [
        EnrolmentOutcome.ENROLLED
    ] * 3
    assert desk.names() == [f"Person {n}" for n in range(6)]


_KILLED = """
import sys, time
from pathlib import Path
from tests.people.arrivals.test_admission import ImportDesk, numbered
desk = ImportDesk(Path(sys.argv[1]))
desk.run(*numbered(desk), progress=lambda done, all: (print(done, flush=True), time.sleep(0.02)), threads=1)
"""


def numbered(desk: "ImportDesk") -> list[tuple[str, ...]]:
    """Return rows of people of whom half have a staff number, three photos each."""
    return [
        (
            f"Person {n}",
            str(n) if n % 2 else "",
            "",
            "",
            ";".join(desk.photo(f"{n}-{m}.png", 20 + 5 * n + m) for m in range(3)),
        )
        for n in range(40)
    ]


@pytest.mark.slow
def test_a_kill_in_the_middle_loses_nothing_and_makes_no_doubles(tmp_path: Path) -> None:
    with subprocess.Popen(
        [sys.executable, "-c", _KILLED, str(tmp_path)],
        stdout=subprocess.PIPE,
        text=True,
        cwd=Path(__file__).parents[3],
    ) as child:
        said = [int(child.stdout.readline()) for _ in range(7)]
        child.kill()
        said += [int(line) for line in child.stdout.read().split()]
    with closing(ImportDesk(tmp_path)) as desk:
        assert desk.database.problems() == []
        before = {person.name: person.person_id for person in desk.people.list()}
        assert said[-1] <= len(before) < 40
        desk.refill()
        desk.run(*numbered(desk))
        after = {person.name: person for person in desk.people.list()}
        assert len(desk.people.list()) == len(after) == 40
        assert {name: after[name].person_id for name in before} == before
        assert {person.template_count for person in after.values()} == {3}


def test_more_of_somebody_enrolled_is_added_and_blanks_are_filled_in(desk: ImportDesk) -> None:
    desk.run(("Ada", "1", "Office", "", desk.photo("a.png", 40)))
    (result,) = desk.run(("ada", "1", "Elsewhere", "ada@example.org", f"a.png;{desk.photo('b.png', 90)}"))
    assert (result.outcome, result.taken) == (EnrolmentOutcome.ADDED, 1)
    (ada,) = desk.people.list()
    assert (ada.name, ada.department, ada.email) == ("Ada", "Office", "ada@example.org")
    assert ada.template_count == 2


def test_a_double_is_refused_with_the_name_unless_told(tmp_path: Path) -> None:
    desk = ImportDesk(tmp_path, usual_limit=0.1)
    rows = (
        ("Ada", "1", "", "", desk.photo("a.png", 40)),
        ("Someone Else", "2", "", "", desk.photo("b.png", 40)),
    )
    _, double = desk.run(*rows)
    assert (double.outcome, double.problem) == (EnrolmentOutcome.REFUSED, ImportProblem.DOUBLE)
    assert str(double.detail).startswith("Ada, distance 0.0")
    _, kept = desk.run(*rows, wish=AdmissionTerms(if_double=IfDouble.KEEP))
    assert (kept.outcome, str(kept.detail)[:3]) == (EnrolmentOutcome.ENROLLED, "Ada")
    desk.database.close()


@pytest.mark.parametrize(
    ("if_named", "outcome", "people"),
    [
        (IfNamed.REFUSE, EnrolmentOutcome.REFUSED, 1),
        (IfNamed.ADD, EnrolmentOutcome.ADDED, 1),
        (IfNamed.NEW, EnrolmentOutcome.ENROLLED, 2),
    ],
)
def test_a_name_without_a_number_is_not_guessed(
    desk: ImportDesk, if_named: IfNamed, outcome: EnrolmentOutcome, people: int
) -> None:
    desk.run(("Ada", "", "", "", desk.photo("a.png", 40)))
    (result,) = desk.run(("ADA", "", "", "", desk.photo("b.png", 90)), wish=AdmissionTerms(if_named=if_named))
    assert result.outcome is outcome
    assert len(desk.people.list()) == people


def test_who_needs_a_consent_gets_one_of_the_day_in_the_table(desk: ImportDesk) -> None:
    rows = [
        ("Ada", "1", "", "", desk.photo("a.png", 40), "2026-03-04"),
        ("Bea", "2", "", "", desk.photo("b.png", 90)),
    ]
    Operators(desk.database, desk.journal).close_folder(ACTOR, "Olga", "a long enough passphrase")
    actor = Actor("Olga", Role.ADMIN)
    table = SourceTable(COLUMNS, tuple(TableRow(n, (*row, "")[:6]) for n, row in enumerate(rows)))
    folders = PhotoFolders(desk.table_folder, desk.photos)
    plan = desk.imports.plan(actor, rows_of_table(table, chosen(table, {}), folders))
    with pytest.raises(ConsentError):
        desk.imports.run(actor, plan, AdmissionTerms())
    assert desk.names() == []
    wish = AdmissionTerms(consent=NewConsent(desk.consents.texts()[0].version, date(2026, 5, 6)))
    desk.imports.run(actor, plan, wish)
    given = {person.name: desk.records.newest(person.person_id).given_on for person in desk.people.list()}
    assert given == {"Ada": date(2026, 3, 4), "Bea": date(2026, 5, 6)}


def test_a_folder_of_folders_is_a_table_too(desk: ImportDesk) -> None:
    desk.photo("Ada_Byron/1.png", 40)
    desk.photo("Ada_Byron/2.png", 41)
    desk.photo("Ben/1.png", 90)
    plan = desk.imports.plan(ACTOR, rows_of_folder(desk.photos))
    results = desk.imports.run(ACTOR, plan, AdmissionTerms())
    assert [(row.name, row.taken) for row in report_rows(results)] == [("Ada Byron", 2), ("Ben", 1)]
    with pytest.raises(EnrolmentError, match="no sub-folders"):
        rows_of_folder(desk.table_folder)


def test_a_row_whose_photos_were_all_left_out_is_refused_though_another_of_its_name_is_enrolled(
    desk: ImportDesk,
) -> None:
    """The second of two folders of one name was said to be enrolled, with no photo."""
    desk.photo("Ada Byron/1.png", 40)
    (desk.photos / "ada_byron").mkdir()
    (desk.photos / "ada_byron/2.png").write_text("no photo")
    results = desk.imports.run(ACTOR, desk.imports.plan(ACTOR, rows_of_folder(desk.photos)), AdmissionTerms())
    first, second = report_rows(results)
    assert (first.outcome, first.taken) == (EnrolmentOutcome.ENROLLED, 1)
    assert (second.outcome, second.reason) == (EnrolmentOutcome.REFUSED, "no good photo")
    assert "2.png" in second.refused


def test_a_table_of_headings_only_is_said(desk: ImportDesk) -> None:
    with pytest.raises(EnrolmentError, match="nobody below the headings"):
        desk.plan()


def test_a_deleted_persons_number_is_not_given_away(desk: ImportDesk) -> None:
    person = desk.people.create(name="Ada", staff_number="1")
    desk.people.set_hidden(person.person_id, person.created_at)
    (one,) = desk.plan(("Ada", "1", "", "", desk.photo("a.png", 40)))
    assert (one.step, one.problem) == (ImportStep.REFUSE, ImportProblem.NUMBER_OF_DELETED)


def test_a_table_without_a_column_of_names_is_refused(desk: ImportDesk) -> None:
    with pytest.raises(EnrolmentError, match="name, photo"):
        rows_of_table(SourceTable(("x",), ()), {ImportField.EMAIL: (0,)}, PhotoFolders(desk.table_folder))


def test_a_photo_that_a_model_fails_on_stops_nobody(
    desk: ImportDesk, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def fail(self: Reviewer, path: Path) -> None:
        raise ValueError("a bug")

    rows = (("Ada", "1", "", "", desk.photo("a.png", 40)),)
    plan = desk.plan(*rows)
    monkeypatch.setattr(desk, "_reviewer", None)
    monkeypatch.setattr(Reviewer, "review_file", fail)
    desk.imports._new_reviewer = lambda: Reviewer(desk.enrolment.recogniser, None)
    (result,) = desk.imports.run(ACTOR, plan, AdmissionTerms())
    assert result.photos[0].problem is PhotoProblem.UNREADABLE
    assert "could not be looked at" in caplog.text
    caplog.clear()


def test_journal_has_no_words_of_the_table(desk: ImportDesk) -> None:
    desk.run(("Ada Byron", "1", "Office", "ada@example.org", desk.photo("a.png", 40)))
    (row,) = [row for row in desk.journal.rows.newest() if row.kind is JournalKind.PERSON_ENROLLED]
    assert "Ada" not in str(row.details)
    assert os.sep not in str(row.details)


def test_what_a_spreadsheet_made_of_a_table_is_refused_with_its_reason(desk: ImportDesk) -> None:
    """Fault: people called '#N/A' and numbers '2026-03-01' and 'True' were enrolled."""
    a = desk.photo("a.png", 40)
    plan = desk.plan(
        ("#N/A", "#REF!", "", "", a),
        ("Ada", "2026-03-01", "", "", a),
        ("Ben", "TRUE", "", "", a),
        ("Cleo", "1.23E+11", "", "", a),
        ("Dan", "4", "#N/A", "", a),
        ("Eve", "5", "", "", a, "3/4/2026"),
        ("Fay", "6", "", "", "#REF!"),
        ("2026-03-01", "7", "", "", a),
    )
    assert [(one.problem, str(one.detail)) for one in plan] == [
        (ImportProblem.CELL_ERROR, "#REF! in staff number"),
        (ImportProblem.BAD_NUMBER, "2026-03-01"),
        (ImportProblem.BAD_NUMBER, "TRUE"),
        (ImportProblem.BAD_NUMBER, "1.23E+11"),
        (ImportProblem.CELL_ERROR, "#N/A in department"),
        (ImportProblem.DATE_NOT_CLEAR, "3/4/2026"),
        (ImportProblem.CELL_ERROR, "#REF! in photo"),
        (ImportProblem.BAD_TEXT, "The name is a day, a time or a number."),
    ]


def test_no_model_is_loaded_where_everybody_is_refused(desk: ImportDesk, monkeypatch) -> None:
    """A name that can't be taken was refused after a second, in which the models were loaded for nothing."""
    monkeypatch.setattr(desk.imports, "_load_enrolment", lambda: pytest.fail("the models were loaded"))
    (result,) = desk.run(("", "7", "", "", desk.photo("a.jpg", 60)))
    assert (result.outcome, result.problem) == (EnrolmentOutcome.REFUSED, ImportProblem.NO_NAME)


def test_half_a_name_is_refused(desk: ImportDesk) -> None:
    table = SourceTable(
        ("First name", "Last name", "Photo"),
        (TableRow(2, ("Hans", "Blix", "a.png")), TableRow(3, ("Hans", "", "a.png"))),
    )
    rows = rows_of_table(table, chosen(table, {}), PhotoFolders(desk.table_folder, desk.photos))
    assert [(row.name, row.problem) for row in rows] == [
        ("Hans Blix", None),
        ("Hans", ImportProblem.NAME_INCOMPLETE),
    ]


def test_photo_names_are_the_same_however_their_letters_are_composed(desk: ImportDesk) -> None:
    """Fault: a photo whose name macOS had taken apart was said to be missing."""
    parted, whole = "Zoe\u0308.png", "Zo\u00eb.png"
    desk.photo(f"sub/{parted}", 40)
    find = PhotoFolders(desk.table_folder, desk.photos).find
    assert find(whole).path is not None
    assert find(f"SUB/{whole.upper()}").path is not None
    desk.photo(f"sub/{whole}", 90)
    find = PhotoFolders(desk.table_folder, desk.photos).find
    assert find(f"sub/{whole}").path == desk.photos / "sub" / whole
    assert find(f"sub/{whole.upper()}").problem is ImportProblem.PHOTO_NOT_CLEAR


def test_who_is_enrolled_without_a_number_is_asked_about_when_one_comes(desk: ImportDesk) -> None:
    """Fault: the name with a staff number was taken for somebody new."""
    desk.run(("Ada", "", "", "", desk.photo("a.png", 40)))
    (asked,) = desk.run(("Ada", "7", "", "", desk.photo("b.png", 90)))
    assert (asked.outcome, asked.problem) == (EnrolmentOutcome.REFUSED, ImportProblem.NAME_ENROLLED)
    (same,) = desk.run(("Ada", "7", "", "", "a.png"))
    assert same.outcome is EnrolmentOutcome.ADDED
    assert [person.staff_number for person in desk.people.list()] == ["7"]
    (other,) = desk.run(("Ada", "8", "", "", "b.png"))
    assert other.outcome is EnrolmentOutcome.ENROLLED
