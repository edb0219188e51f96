"""`faceaccess import`."""

from pathlib import Path

import pytest

from tests.cli.conftest import Folder, Run, json_lines


def _table(folder: Path) -> Path:
    (folder / "a.jpg").write_bytes(b"no picture")
    table = folder / "staff.csv"
    table.write_text("Who;Nr;Mail;Foto\nAda Byron;7;ada@example.org;a.jpg\nBen;8;;none.jpg\n")
    return table


def test_a_table_is_previewed_and_nothing_written(run: Run, folder: Folder, tmp_path: Path) -> None:
    options = ("--map", "name=who", "--map", "staff_number=2")
    shown = run("import", str(_table(tmp_path)), *options, "--preview")
    assert shown.exit_code == 1
    assert "new      row 2: Ada Byron" in shown.stdout
    assert "refuse   row 3: Ben  photo missing (none.jpg)" in shown.stdout
    assert "new 1, refuse 1" in shown.stdout
    first, second = json_lines(run("import", str(_table(tmp_path)), *options, "--preview", "--json"))
    assert (first["step"], first["photos"], second["problem"]) == ("new", 1, "photo_missing")
    assert folder.read(lambda people, _: people.list()) == []


def test_refused_rows_stand_in_the_report(run: Run, folder: Folder, tmp_path: Path) -> None:
    report = tmp_path / "report.csv"
    done = run("import", str(_table(tmp_path)), "--map", "name=1", "--report", str(report))
    assert done.exit_code == 1
    assert "refused     row 2: Ada Byron: 0 photos  no good photo" in done.stdout
    lines = report.read_text("utf-8-sig").splitlines()
    assert lines[1] == "2,Ada Byron,7,refused,no good photo,,0,,a.jpg: unknown format"


def test_what_was_typed_wrong_is_said(run: Run, tmp_path: Path) -> None:
    table = str(_table(tmp_path))
    assert run("import", table, "--map", "who").exit_code == 2
    assert run("import", table, "--if-double", "maybe").exit_code == 2
    assert "No column is known for: name" in run("import", table, "--preview").stderr
    assert "not a table" in run("import", str(tmp_path / "a.jpg"), "--preview").stderr


def test_a_preview_says_that_no_photo_was_looked_at(run: Run, tmp_path: Path) -> None:
    """Fault: "new" read like a promise, though photos and doubles are looked at when it is done only."""
    table = _table(tmp_path)
    options = ("--map", "name=who", "--preview")
    assert "No photo was looked at yet" in run("import", str(table), *options).stdout
    assert "looked at" not in run("import", str(table), *options, "--json").stdout
    table.write_text("Who;Foto\nBen;none.jpg\n")
    assert "looked at" not in run("import", str(table), *options).stdout


def test_a_folder_of_photos_that_is_not_there_is_refused(run: Run, tmp_path: Path) -> None:
    """Fault: a mistyped --photos was passed over, and each photo was said to be missing."""
    refused = run("import", str(_table(tmp_path)), "--photos", str(tmp_path / "none"), "--preview")
    assert refused.exit_code == 2
    assert "does not exist" in refused.stderr


def test_the_headings_stand_beside_a_column_that_is_lacking(run: Run, tmp_path: Path) -> None:
    """Fault: the hint didn't say how the table had been parted, nor which headings it has."""
    refused = run("import", str(_table(tmp_path)), "--preview").stderr
    assert "Headings found: Who, Nr, Mail, Foto. Columns were taken to be parted by a semicolon." in refused


@pytest.mark.slow
def test_a_folder_is_the_same_for_enrol_and_import(run: Run, folder: Folder, tmp_path: Path) -> None:
    """Fault: they had engines, reports and exit codes of their own."""
    staff = tmp_path / "staff"
    (staff / "Ada").mkdir(parents=True)
    (staff / "Ada" / "a.jpg").write_bytes(b"no picture")
    (staff / "Empty").mkdir()
    (staff / "loose.jpg").write_bytes(b"x")
    enrolled, imported = (run(word, str(staff)) for word in ("enrol", "import"))
    assert enrolled.exit_code == imported.exit_code == 1
    assert enrolled.stdout == imported.stdout
    assert "refused     row 2: Empty: 0 photos  no photo" in enrolled.stdout
    assert "loose photo: Put the photo into a folder" in enrolled.stdout
    assert json_lines(run("enrol", str(staff), "--json")) == json_lines(run("import", str(staff), "--json"))


def test_how_a_table_is_read_can_be_said(run: Run, folder: Folder, tmp_path: Path) -> None:
    (tmp_path / "a.jpg").write_bytes(b"x")
    table = tmp_path / "staff.csv"
    table.write_bytes("Name;Photo;Consent;Pay\nKręcki;a.jpg;3/4/2026;1\n".encode("cp1250"))
    unclear = run("import", str(table), "--preview")
    assert unclear.exit_code == 1
    assert "date not clear (3/4/2026)" in unclear.stdout
    assert "--dates dmy" in unclear.stdout
    assert "Another encoding: --encoding NAME." in unclear.stderr
    assert "Columns that aren't read: Pay." in unclear.stderr
    assert "to which text" not in unclear.stderr
    told = run("import", str(table), "--preview", "--dates", "dmy", "--encoding", "windows-1250")
    assert told.exit_code == 0
    assert "new      row 2: Kręcki" in told.stdout
    assert "but not to which text: --consent VERSION" in told.stderr


def test_one_field_has_one_column_unless_it_is_a_name_or_photos(run: Run, tmp_path: Path) -> None:
    """Fault: the second --map won without a word."""
    table = tmp_path / "staff.csv"
    table.write_text("a,b,c\nHans,Blix,x.jpg\n")
    twice = run("import", str(table), "--map", "email=a", "--map", "email=b", "--preview")
    assert twice.exit_code == 2
    joined = run("import", str(table), "--map", "name=a", "--map", "name=b", "--map", "photo=c", "--preview")
    assert "row 2: Hans Blix" in joined.stdout
