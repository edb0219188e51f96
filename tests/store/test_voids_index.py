"""Whether an entry was taken back is found along its index, however many others were.

SQLite takes the index of an expression only for a value without a column's affinity: without the plus before
the number, each entry read all corrections there were. A month with 600 took seventeen seconds.
"""

import re
from pathlib import Path

import pytest

from faceaccess.store.file.database import Database
from faceaccess.store.journal import decided_entries, punches, rows

PACKAGE = Path(rows.__file__).parents[2]
QUERIES = {
    "events": (rows.EVENT_SELECT, 0),
    "punches": (punches._SELECT.format(outcome="+j.outcome"), 2),
    "decided": (decided_entries._ENTRIES, 2),
    "by hand": (decided_entries._BY_HAND, 1),
}


@pytest.mark.parametrize("name", QUERIES)
def test_corrections_are_found_along_their_index(tmp_path: Path, name: str) -> None:
    query, count = QUERIES[name]
    with Database.open(tmp_path / "data") as database, database.reader() as db:
        plan = " ".join(row[3] for row in db.execute(f"EXPLAIN QUERY PLAN {query}", [""] * count).fetchall())
    assert "SEARCH v USING INDEX journal_voids" in plan


def test_no_query_compares_it_with_a_bare_column() -> None:
    bare = [
        f"{path.relative_to(PACKAGE)}: {found}"
        for path in sorted(PACKAGE.rglob("*.py"))
        for found in re.findall(r"'\$\.details\.entry'\) = [^+?].*", path.read_text(encoding="utf-8"))
    ]
    assert bare == []
