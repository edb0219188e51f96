"""Folders of photos: whose they are, what is left out and why, and what the same folder again does."""

import os
import zipfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from faceaccess.codes import EnrolmentOutcome, IfDouble, IfNamed, ImportProblem, PhotoProblem
from faceaccess.errors import EnrolmentError
from faceaccess.people.arrivals.admission import AdmissionTerms
from faceaccess.people.arrivals.folder import is_of_many, row_of_photos, rows_of_folder
from faceaccess.people.arrivals.report import report_rows, write_report
from faceaccess.people.arrivals.result import AdmissionResult
from tests.people.arrivals.test_admission import ImportDesk
from tests.people.test_enrolment import ACTOR, photo


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[ImportDesk]:
    opened = ImportDesk(tmp_path)
    yield opened
    opened.close()


def staff(folder: Path, **people: int) -> Path:
    for name, value in people.items():
        photo(folder / name, "1.png", value)
    return folder


def admit(desk: ImportDesk, folder: Path, **terms: object) -> list[AdmissionResult]:
    plan = desk.imports.plan(ACTOR, rows_of_folder(folder))
    return desk.imports.run(ACTOR, plan, AdmissionTerms(**terms))


def outcomes(results: list[AdmissionResult]) -> list[tuple[str, EnrolmentOutcome]]:
    return [(result.planned.name, result.outcome) for result in results]


def test_a_folder_names_people_and_the_same_again_changes_nothing(desk: ImportDesk, tmp_path: Path) -> None:
    folder = staff(tmp_path / "staff", Ada_Byron=90, Bob=120)
    assert outcomes(admit(desk, folder)) == [
        ("Ada Byron", EnrolmentOutcome.ENROLLED),
        ("Bob", EnrolmentOutcome.ENROLLED),
    ]
    count = len(desk.journal.rows.newest())
    assert {outcome for _, outcome in outcomes(admit(desk, folder))} == {EnrolmentOutcome.UNCHANGED}
    assert len(desk.journal.rows.newest()) == count


def test_everything_left_out_is_named_with_its_reason(desk: ImportDesk, tmp_path: Path) -> None:
    """Fault: folders without photos, loose photos, archives and unknown formats were lost without a word."""
    folder = staff(tmp_path / "staff", Ada=90)
    photo(folder, "Loose.png", 40)
    (folder / "list.txt").write_text("Ada")
    (folder / ".hidden").write_text("x")
    (folder / "Thumbs.db").write_text("x")
    (folder / "Ada" / "raw.CR2").write_bytes(b"II*\0")
    (folder / "Ada" / ".DS_Store").write_bytes(b"x")
    photo(folder / "Ada" / "old", "2.png", 50)
    (folder / "Empty").mkdir()
    photo(folder / "Sales" / "Ben", "1.png", 120)
    (folder / "Zoe").mkdir()
    with zipfile.ZipFile(folder / "Zoe" / "photos.zip", "w") as archive:
        archive.writestr("a.jpg", b"x")
    results = admit(desk, folder)
    rows = {row.name: row for row in report_rows(results)}
    reasons = {name: row.reason for name, row in rows.items()}
    assert reasons == {
        "Ada": "",
        "Loose.png": "loose photo",
        "list.txt": "loose file",
        "Empty": "no photo",
        "Sales": "only folders",
        "Zoe": "packed",
    }
    assert rows["Ada"].refused == f"Ada{os.sep}old{os.sep}: folder inside; Ada{os.sep}raw.CR2: photo format"
    assert "Ben" in str(rows["Sales"].detail)
    assert not any(result.is_whole for result in results)
    write_report(results, tmp_path / "report.csv")
    assert all(name in (tmp_path / "report.csv").read_text("utf-8-sig") for name in reasons)
    assert desk.names() == ["Ada"]


def test_a_folder_with_a_refused_photo_changes_nothing_when_it_comes_again(
    desk: ImportDesk, tmp_path: Path
) -> None:
    """Fault: the second import refused the person, since one photo of the folder wasn't known."""
    folder = staff(tmp_path / "staff", Ada=90)
    (folder / "Ada" / "bad.jpg").write_bytes(b"\xff\xd8\xff\xe0 cut")
    photo(folder / "Ada", "dark.png", 3)
    (first,) = admit(desk, folder)
    assert first.outcome is EnrolmentOutcome.ENROLLED
    count = len(desk.journal.rows.newest())
    (again,) = admit(desk, folder)
    assert (again.outcome, again.taken) == (EnrolmentOutcome.UNCHANGED, 0)
    assert not again.is_whole
    assert len(desk.journal.rows.newest()) == count


def test_an_enrolled_name_must_be_said_to_be_the_same_or_another(desk: ImportDesk, tmp_path: Path) -> None:
    admit(desk, staff(tmp_path / "one", Ada=90))
    other = staff(tmp_path / "two", Ada=130)
    (refused,) = admit(desk, other)
    assert (refused.outcome, refused.problem) == (EnrolmentOutcome.REFUSED, ImportProblem.NAME_ENROLLED)
    (added,) = admit(desk, other, if_named=IfNamed.ADD)
    assert (added.outcome, added.taken) == (EnrolmentOutcome.ADDED, 1)
    assert desk.names() == ["Ada"]
    (new,) = admit(desk, staff(tmp_path / "three", Ada=160), if_named=IfNamed.NEW)
    assert new.outcome is EnrolmentOutcome.ENROLLED
    assert desk.names() == ["Ada", "Ada"]


def test_one_bad_person_never_stops_the_rest(desk: ImportDesk, tmp_path: Path) -> None:
    folder = staff(tmp_path / "staff", Ada=90, Cid=120)
    (folder / "Bob").mkdir()
    (folder / "Bob" / "1.jpg").write_bytes(b"")
    results = admit(desk, folder)
    assert [outcome for _, outcome in outcomes(results)] == [
        EnrolmentOutcome.ENROLLED,
        EnrolmentOutcome.REFUSED,
        EnrolmentOutcome.ENROLLED,
    ]
    assert results[1].photos[0].problem is PhotoProblem.UNREADABLE


def test_a_folder_without_people_says_what_is_expected(tmp_path: Path) -> None:
    with pytest.raises(EnrolmentError, match="sub-folders"):
        rows_of_folder(tmp_path)
    with pytest.raises(EnrolmentError, match="no folder"):
        rows_of_folder(tmp_path / "missing")


def test_photos_that_are_refused_are_not_called_unchanged(desk: ImportDesk, tmp_path: Path) -> None:
    admit(desk, staff(tmp_path / "staff", Ada=90))
    (tmp_path / "bad.jpg").write_bytes(b"no picture")
    plan = desk.imports.plan(ACTOR, [row_of_photos("Ada", [tmp_path / "bad.jpg"])])
    (result,) = desk.imports.run(ACTOR, plan, AdmissionTerms(if_named=IfNamed.ADD))
    assert (result.outcome, result.problem) == (EnrolmentOutcome.REFUSED, ImportProblem.NO_GOOD_PHOTO)
    assert result.photos[0].problem is PhotoProblem.UNKNOWN_FORMAT


def test_the_same_face_under_another_name_is_refused_unless_told(tmp_path: Path) -> None:
    """Fault: on the command line it was enrolled with a word in an open folder."""
    desk = ImportDesk(tmp_path, usual_limit=0.1)
    folder = staff(tmp_path / "staff", Ada=90, Bea=90)
    _, double = admit(desk, folder)
    assert (double.outcome, double.problem) == (EnrolmentOutcome.REFUSED, ImportProblem.DOUBLE)
    _, kept = admit(desk, folder, if_double=IfDouble.KEEP)
    assert kept.outcome is EnrolmentOutcome.ENROLLED
    desk.close()


def test_photos_of_folders_outside_are_not_followed(desk: ImportDesk, tmp_path: Path) -> None:
    folder = staff(tmp_path / "staff", Ada=90)
    (folder / "Ben").symlink_to(photo(tmp_path / "elsewhere", "1.png").parent)
    plan = desk.imports.plan(ACTOR, rows_of_folder(folder))
    assert [one.problem for one in plan] == [None, ImportProblem.PHOTO_OUTSIDE]


@pytest.mark.parametrize(
    ("files", "many"),
    [
        (["a.png"], False),
        (["Ada/a.png"], True),
        (["Ada/a.png", "loose.png"], True),
        (["a.png", "notes/list.txt"], False),
        (["staff.csv"], False),
    ],
)
def test_a_folder_of_many_is_told_from_one_persons(tmp_path: Path, files: list[str], many: bool) -> None:
    for name in files:
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_bytes(b"x")
    assert is_of_many(tmp_path) is many


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="pipes are POSIX's")
def test_a_pipe_among_the_photos_is_said_and_never_opened(tmp_path: Path) -> None:
    """It was waited for without end, and nobody after it was enrolled."""
    (tmp_path / "Ann").mkdir()
    os.mkfifo(tmp_path / "Ann" / "x.jpg")
    (row,) = rows_of_folder(tmp_path)
    assert [(photo.path, photo.problem) for photo in row.photos] == [(None, ImportProblem.PHOTO_UNREADABLE)]
