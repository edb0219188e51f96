"""Tables that hang, never end, or unpack to a hundred times their size: refused in bounded memory."""

import os
import subprocess
import sys
import zipfile
from collections.abc import Iterator
from pathlib import Path

import pytest
import xlsxwriter

from faceaccess.errors import EnrolmentError
from faceaccess.people.arrivals import table_file
from faceaccess.people.arrivals.table_file import read_table

pytestmark = pytest.mark.slow

MOST_MB = 500
SHEET = "xl/worksheets/sheet1.xml"
NAMESPACE = 'xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"'

MEASURED = """
import re, resource, sys
from pathlib import Path

if __name__ == "__main__":
    from faceaccess.errors import EnrolmentError
    from faceaccess.people.arrivals.table_file import read_table
    try:
        print(len(read_table(Path(sys.argv[1])).rows))
    except EnrolmentError as exc:
        print(exc.message)
    print(re.search(r"VmHWM:\\s+(\\d+)", Path("/proc/self/status").read_text())[1])
    print(resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss)
"""


def measured(path: Path) -> tuple[str, int]:
    """Return what came of reading a table, and the peak of memory in MB, of the program or its child."""
    done = subprocess.run(
        [sys.executable, "-c", MEASURED, str(path)], capture_output=True, text=True, timeout=180, check=True
    )
    words, *peaks = done.stdout.splitlines()
    return words, max(int(peak) // 1024 for peak in peaks)


def workbook_with(path: Path, part: str, pieces: Iterator[bytes]) -> Path:
    """Write a workbook one part of which is something else."""
    with xlsxwriter.Workbook(path) as book:
        book.add_worksheet().write_row(0, 0, ["Name", "Photo"])
    with zipfile.ZipFile(path) as archive:
        parts = {name: archive.read(name) for name in archive.namelist() if name != part}
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in parts.items():
            archive.writestr(name, data)
        with archive.open(part, "w") as file:
            for piece in pieces:
                file.write(piece)
    return path


def cells() -> Iterator[bytes]:
    yield f"<worksheet {NAMESPACE}><sheetData><row r='1'>".encode()
    for _ in range(120):
        yield b"<c/>" * 2**18
    yield b"</row></sheetData></worksheet>"


def styles() -> Iterator[bytes]:
    yield f"<styleSheet {NAMESPACE}><fonts>".encode()
    for _ in range(120):
        yield b"<font/>" * (2**20 // 7)
    yield b"</fonts></styleSheet>"


@pytest.mark.skipif(sys.platform != "linux", reason="bounded by Linux")
@pytest.mark.parametrize(("part", "pieces"), [(SHEET, cells), ("xl/styles.xml", styles)])
def test_a_small_workbook_takes_no_more_memory_than_there_is_for_it(tmp_path, part, pieces):
    """A workbook of 271 kB took 3.4 GB: an element of four bytes becomes some hundred."""
    path = workbook_with(tmp_path / "bomb.xlsx", part, pieces())
    assert path.stat().st_size < 2**20
    words, peak_mb = measured(path)
    assert "too large" in words
    assert peak_mb < MOST_MB


@pytest.mark.skipif(sys.platform != "linux", reason="measured as Linux says it")
@pytest.mark.parametrize(
    "words",
    ["Name,Photo\n" + "ab," * 4_000_000, "Name,Photo\n" + "ab,cd\n" * 2_000_000, "é," + "ab," * 4_000_000],
    ids=["endless line", "many rows", "wide header in no Unicode"],
)
def test_a_csv_table_takes_no_more_memory_than_there_is_for_it(tmp_path, words):
    (tmp_path / "t.csv").write_text(words, encoding="latin-1")
    _, peak_mb = measured(tmp_path / "t.csv")
    assert peak_mb < MOST_MB


@pytest.mark.skipif(os.name != "posix", reason="pipes and devices are POSIX's")
@pytest.mark.parametrize("suffix", [".csv", ".xlsx"])
@pytest.mark.parametrize("kind", ["fifo", "device", "folder", "huge"])
def test_what_is_no_file_of_a_table_is_refused_at_once(tmp_path, kind, suffix):
    """A pipe called staff.csv hung the import."""
    path = tmp_path / f"staff{suffix}"
    if kind == "fifo":
        os.mkfifo(path)
    elif kind == "device":
        path.symlink_to("/dev/zero")
    elif kind == "folder":
        path.mkdir()
    else:
        with path.open("wb") as file:
            file.truncate(table_file.GREATEST_XLSX_BYTES + 1)
    with pytest.raises(EnrolmentError, match=f"staff{suffix} can't be read"):
        read_table(path)


def test_more_cells_than_a_table_of_people_has_are_refused(tmp_path, monkeypatch):
    monkeypatch.setattr(table_file, "MOST_CELLS", 10)
    (tmp_path / "t.csv").write_text("a,b,c\n" + "1,2,3\n" * 4)
    with pytest.raises(EnrolmentError, match="more than 3 rows of 3 columns"):
        read_table(tmp_path / "t.csv")


def test_a_workbook_that_takes_too_long_is_given_up(tmp_path, monkeypatch):
    monkeypatch.setattr(table_file, "READING_S", 0)
    path = workbook_with(tmp_path / "t.xlsx", "xl/other.xml", iter([b"<a/>"]))
    with pytest.raises(EnrolmentError, match="too large"):
        read_table(path)
