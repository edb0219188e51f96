"""`faceaccess import`."""

from pathlib import Path

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
    assert "no table" in run("import", str(tmp_path / "a.jpg"), "--preview").stderr


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
