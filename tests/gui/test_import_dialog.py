"""Importing in the window, on a real store with fake models."""

import time
from dataclasses import dataclass
from functools import partial
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QFileDialog

from faceaccess.codes import EnrolmentOutcome, ImportField, ImportProblem, ImportStep, PhotoProblem
from faceaccess.gui.enrolment import import_terms
from faceaccess.gui.enrolment.import_dialog import ImportDialog
from faceaccess.gui.models.import_model import Column, ImportLine, ImportModel
from faceaccess.gui.people.page import PeoplePage
from faceaccess.gui.wording import arrivals as import_text
from faceaccess.people.arrivals.admission import Admission
from faceaccess.workspace import Workspace
from tests.gui.site import add_operators
from tests.people.test_enrolment import photo


@dataclass(frozen=True)
class Files:
    """What is imported: tables, and photos of one grey each, which is a person's."""

    tables: Path
    photos: Path

    def photo(self, name: str, value: int) -> str:
        photo((self.photos / name).parent, Path(name).name, value)
        return name


@pytest.fixture
def files(tmp_path: Path) -> Files:
    files = Files(tmp_path / "table", tmp_path / "photos")
    for folder in (files.tables, files.photos):
        folder.mkdir()
    return files


def names(space: Workspace) -> list[str]:
    return [person.name for person in space.people.list()]


@pytest.fixture(autouse=True)
def asked(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """What was asked before an import without a consent; the answer is yes."""
    questions: list[str] = []

    def confirms(_parent: object, question: str, words: str, **_: str) -> bool:
        questions.append(f"{question} {words}")
        return True

    monkeypatch.setattr(import_terms, "confirms", confirms)
    return questions


def _table(files: Files, people: int = 3) -> Path:
    path = files.tables / "staff.csv"
    rows = [f"Person {n};{n};{files.photo(f'{n}.png', 20 + 9 * n)}" for n in range(people)]
    path.write_text("\n".join(["Person;Nr;Wo", *rows, "Nobody;99;none.png"]))
    return path


def _wait(qtbot, dialog: ImportDialog) -> None:
    """Wait for the end of an import; `waitSignal` twice on a signal can crash PySide 6.11."""
    qtbot.waitUntil(lambda: dialog.job.isHidden())


def _shown(dialog: ImportDialog, column: Column) -> list[str]:
    model = dialog.rows.model
    return [model.index(row, column).data() for row in range(model.rowCount())]


def test_a_table_is_mapped_previewed_imported_and_reported(
    qtbot, empty: Workspace, files: Files, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    dialog = ImportDialog(empty.access, empty.reception, empty.doors, _table(files))
    qtbot.addWidget(dialog)
    dialog.show()
    # Nothing says yet which column has the photos.
    qtbot.waitUntil(lambda: "Choose the column for: Photos" in dialog.rows.message.text())
    assert dialog.mapping.boxes[ImportField.STAFF_NUMBER].currentText() == "Nr: 0"
    assert not dialog.import_button.isEnabled()
    box = dialog.mapping.boxes[ImportField.PHOTO]
    box.setCurrentIndex(box.findText("Wo: 0.png"))
    qtbot.waitUntil(lambda: "refused" in dialog.rows.message.text())
    dialog.source.choose_photos(files.photos)
    qtbot.waitUntil(lambda: "3 new" in dialog.rows.message.text())
    assert _shown(dialog, Column.STATUS) == ["New", "New", "New", "Refused"]
    assert "no such photo: none.png" in _shown(dialog, Column.WHY)[3]
    assert names(empty) == []
    assert dialog.import_button.text() == "Import 3 people"
    qtbot.mouseClick(dialog.import_button, Qt.MouseButton.LeftButton)
    _wait(qtbot, dialog)
    assert "3 enrolled · 1 refused" in dialog.rows.message.text()
    assert names(empty) == ["Person 0", "Person 1", "Person 2"]
    dialog.rows.refused_only.click()
    assert _shown(dialog, Column.NAME) == ["Nobody"]
    report = tmp_path / "report.csv"
    monkeypatch.setattr(QFileDialog, "getSaveFileName", lambda *_: (str(report), ""))
    dialog.report_button.click()
    qtbot.waitUntil(report.exists)
    assert len(report.read_text("utf-8-sig").splitlines()) == 5
    assert not dialog.import_button.isEnabled()


def test_a_stopped_import_says_so_and_stays_open(
    qtbot, empty: Workspace, files: Files, monkeypatch: pytest.MonkeyPatch
) -> None:
    for n in range(6):
        files.photo(f"Person_{n}/a.png", 20 + 9 * n)
    run = Admission.run

    def stopped(*args: object, **kwargs: object):  # noqa: ANN202
        qtbot_done = kwargs["is_cancelled"]
        while not qtbot_done():
            time.sleep(0.005)
        return run(*args, **kwargs)

    monkeypatch.setattr(Admission, "run", stopped)
    dialog = ImportDialog(empty.access, empty.reception, empty.doors, files.photos)
    qtbot.addWidget(dialog)
    dialog.show()
    qtbot.waitUntil(lambda: dialog.import_button.isEnabled())
    dialog.import_button.click()
    assert not dialog.source.isEnabled()
    dialog.reject()
    _wait(qtbot, dialog)
    assert dialog.isVisible()
    assert "6 not reached" in dialog.rows.message.text()
    dialog.reject()
    assert not dialog.isVisible()


def test_a_consent_is_needed_where_there_are_operators(qtbot, empty: Workspace, files: Files) -> None:
    add_operators(empty)
    files.photo("Ada/a.png", 40)
    dialog = ImportDialog(empty.access, empty.reception, empty.doors, files.photos)
    qtbot.addWidget(dialog)
    qtbot.waitUntil(lambda: "1 new" in dialog.rows.message.text() and dialog.terms.language.count() > 0)
    assert not dialog.import_button.isEnabled()
    dialog.terms.agreed.click()
    assert dialog.import_button.isEnabled()
    dialog.import_button.click()
    _wait(qtbot, dialog)
    (ada,) = empty.people.list()
    assert empty.reception.consents.newest(ada.person_id).version == dialog.terms.language.currentData()


def test_the_folder_of_photos_may_be_chosen_while_the_table_is_read(
    qtbot, empty: Workspace, files: Files
) -> None:
    path = files.tables / "staff.csv"
    path.write_text(f"Name,Photo\nAda,{files.photo('a.png', 40)}\n")
    dialog = ImportDialog(empty.access, empty.reception, empty.doors, path)
    qtbot.addWidget(dialog)
    dialog.source.choose_photos(files.photos)
    qtbot.waitUntil(lambda: dialog.rows.message.text() == "1 new · photos are looked at while importing")


def test_a_bad_table_is_said_in_the_dialog(qtbot, empty: Workspace, tmp_path: Path) -> None:
    (tmp_path / "bad.xlsx").write_bytes(b"PK")
    dialog = ImportDialog(empty.access, empty.reception, empty.doors, tmp_path / "bad.xlsx")
    qtbot.addWidget(dialog)
    qtbot.waitUntil(lambda: "damaged" in dialog.rows.message.text())
    assert not dialog.import_button.isEnabled()


def _lines(count: int) -> list[ImportLine]:
    return [ImportLine(n, tuple(f"{column} {n}" for column in Column), n % 3 == 0) for n in range(count)]


def test_the_model_keeps_qts_rules(qtbot, qtmodeltester) -> None:
    model = ImportModel()
    qtmodeltester.check(model)
    model.show_lines(_lines(7))
    model.show_refused_only(True)
    assert (model.rowCount(), model.refused) == (3, 3)
    qtmodeltester.check(model)


def test_ten_thousand_rows_are_shown_and_filtered_at_once(qtbot, empty: Workspace, tmp_path: Path) -> None:
    dialog = ImportDialog(empty.access, empty.reception, empty.doors)
    qtbot.addWidget(dialog)
    dialog.show()
    qtbot.waitExposed(dialog)
    lines = _lines(10_000)
    began = time.perf_counter()
    dialog.rows.show_lines(lines, "")
    dialog.rows.refused_only.click()
    dialog.rows.table.scrollToBottom()
    dialog.grab()
    assert time.perf_counter() - began < 1


def test_everything_that_can_be_said_has_words(qapp) -> None:
    for problem in (*ImportProblem, *PhotoProblem):
        assert import_text.problem(problem)
    assert all(import_text.step(step) for step in ImportStep)
    assert all(import_text.outcome(outcome) for outcome in EnrolmentOutcome)
    assert all(import_text.field(field) for field in ImportField)


def test_the_page_people_reads_again_after_an_import(
    qtbot, empty: Workspace, notices, monkeypatch: pytest.MonkeyPatch
) -> None:
    opened = []

    def run(dialog: ImportDialog) -> None:
        opened.append(dialog)
        dialog.imported.emit()

    monkeypatch.setattr(ImportDialog, "exec", run)
    page = PeoplePage(empty.access, empty.people, empty.reception, empty.doors, empty.policies, notices)
    qtbot.addWidget(page)
    changes: list[bool] = []
    page.people_changed.connect(partial(changes.append, True))
    page.import_button.click()
    assert (len(opened), len(changes)) == (1, 1)


def test_what_two_headings_may_mean_is_asked(qtbot, empty: Workspace, files: Files) -> None:
    path = files.tables / "staff.csv"
    path.write_text("First name,Last name,Staff no,Employee ID,Photo\nHans,Blix,1,2,none.jpg\n")
    dialog = ImportDialog(empty.access, empty.reception, empty.doors, path)
    qtbot.addWidget(dialog)
    qtbot.waitUntil(lambda: "Choose the column for: Staff number" in dialog.rows.message.text())
    assert dialog.mapping.boxes[ImportField.NAME].currentText() == "First name + Last name: Hans Blix"
    box = dialog.mapping.boxes[ImportField.STAFF_NUMBER]
    box.setCurrentIndex(box.findText("Employee ID: 2"))
    qtbot.waitUntil(lambda: _shown(dialog, Column.NAME) == ["Hans Blix"])
    assert _shown(dialog, Column.STAFF_NUMBER) == ["2"]


def test_letters_and_days_can_be_said_in_the_dialog(qtbot, empty: Workspace, files: Files) -> None:
    files.photo("a.png", 40)
    path = files.photos / "staff.csv"
    path.write_bytes("Name;Photo;Consent\nKręcki;a.png;3/4/2026\n".encode("cp1250"))
    dialog = ImportDialog(empty.access, empty.reception, empty.doors, path)
    qtbot.addWidget(dialog)
    dialog.show()
    qtbot.waitUntil(lambda: "would be “Kręcki”" in dialog.rows.message.text())
    assert "can't be told apart" in _shown(dialog, Column.WHY)[0]
    dialog.reading.orders.setCurrentIndex(1)
    qtbot.waitUntil(lambda: _shown(dialog, Column.STATUS) == ["New"])
    dialog.reading.encodings.setCurrentIndex(dialog.reading.encodings.findText("windows-1250"))
    qtbot.waitUntil(lambda: _shown(dialog, Column.NAME) == ["Kręcki"])
    assert "Letters" not in dialog.rows.message.text()


def test_an_import_without_a_consent_asks_once_and_says_what_it_means(
    qtbot, empty: Workspace, files: Files, asked: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Fault: in an open folder people were enrolled without a consent and without a word."""
    files.photo("Ada/a.png", 40)
    dialog = ImportDialog(empty.access, empty.reception, empty.doors, files.photos)
    qtbot.addWidget(dialog)
    qtbot.waitUntil(lambda: dialog.import_button.isEnabled())
    with monkeypatch.context() as patch:
        patch.setattr(import_terms, "confirms", lambda *_, **__: False)
        dialog.import_button.click()
    assert not dialog.job.isVisible()
    assert names(empty) == []
    dialog.import_button.click()
    _wait(qtbot, dialog)
    assert len(asked) == 1
    assert "nothing on record that they agreed" in asked[0]
    assert names(empty) == ["Ada"]


def test_names_that_are_enrolled_can_be_said_to_be_the_same(qtbot, empty: Workspace, files: Files) -> None:
    empty.people.create(name="Ada")
    files.photo("Ada/a.png", 40)
    dialog = ImportDialog(empty.access, empty.reception, empty.doors, files.photos)
    qtbot.addWidget(dialog)
    qtbot.waitUntil(lambda: dialog.import_button.isEnabled())
    dialog.terms.named.setCurrentIndex(1)
    dialog.import_button.click()
    _wait(qtbot, dialog)
    assert names(empty) == ["Ada"]
    assert empty.people.by_name("Ada")[0].template_count == 1
