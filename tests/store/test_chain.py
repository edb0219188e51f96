"""The proof: whatever is changed by somebody without the signing key is found."""

import random
import shutil
import time
from contextlib import suppress
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from faceaccess.codes import ChainFault, JournalKind
from faceaccess.errors import StoreError
from faceaccess.store import clock
from faceaccess.store.file.connection import connect
from faceaccess.store.file.database import Database
from faceaccess.store.journal import heads
from faceaccess.store.journal.chain import GENESIS, Ed25519Signer, Head, chain_hash, is_signed
from faceaccess.store.journal.journal import Journal
from faceaccess.store.keys.keys import KeyFile, Secrets, write_key_file
from tests.store.builders import OPERATOR, make_entry


def fill(journal: Journal, count: int = 6) -> None:
    for number in range(count):
        journal.append(make_entry(second=number), b"jpeg" if number == 3 else None)


def tamper(database: Database, *statements: str) -> None:
    """Change the database by another program, as somebody who has its key, and leave the schema as it was."""
    db = connect(database.path, database.secrets.database_key, read_only=False)
    triggers = db.execute("SELECT name, sql FROM sqlite_master WHERE type = 'trigger'").fetchall()
    db.execute("BEGIN")
    for name, _ in triggers:
        db.execute(f"DROP TRIGGER {name}")
    db.execute("PRAGMA defer_foreign_keys = ON")
    for statement in statements:
        db.execute(statement)
    for _, sql in triggers:
        db.execute(sql)
    db.execute("COMMIT")
    db.conn.close()


def rewrite(database: Database, word: str, by: str) -> None:
    """Change a word everywhere and recompute every hash: all that can be done without the signing key."""
    previous, statements = GENESIS, []
    with database.reader() as db:
        rows = db.execute("SELECT seq, canonical FROM journal ORDER BY seq").fetchall()
    for seq, canonical in rows:
        canonical = canonical.replace(word, by)
        row_hash = chain_hash(previous, canonical)
        statements.append(
            f"UPDATE journal SET canonical = '{canonical}', previous_hash = x'{previous.hex()}',"
            f" hash = x'{row_hash.hex()}' WHERE seq = {seq}"
        )
        previous = row_hash
    tamper(database, *statements)


def faults(journal: Journal, *kept: Head) -> list[ChainFault]:
    return [fault.kind for fault in journal.verify(kept).faults]


def test_each_row_signs_the_new_end(journal: Journal) -> None:
    assert journal.head() is None
    assert journal.verify().is_good
    for count in (1, 2):
        fill(journal, 1)
        head = journal.head()
        assert (head.seq, is_signed(head)) == (count, True)
        assert head == journal.verify().head


def test_a_chain_rewritten_to_its_end_is_not_signed(database: Database, journal: Journal) -> None:
    fill(journal)
    rewrite(database, "unknown", "denied")
    assert faults(journal) == [ChainFault.HEAD]


def test_who_signs_a_rewritten_chain_with_another_key_is_found(database: Database, journal: Journal) -> None:
    fill(journal)
    rewrite(database, "unknown", "denied")
    forger = Ed25519Signer(Secrets.make().signing_key or b"")
    with database.transaction() as db:
        seq, row_hash = db.execute("SELECT seq, hash FROM journal ORDER BY seq DESC").fetchone()
        db.execute("UPDATE journal_head SET hash = ?, signature = ?", [row_hash, forger.sign(seq, row_hash)])
    assert faults(journal) == [ChainFault.SIGNATURE]
    assert journal.verify(public_key=forger.public_key).is_good


@pytest.mark.parametrize(
    "sql",
    [
        "DELETE FROM journal WHERE seq > 4",
        "DELETE FROM journal",
        "DELETE FROM journal_head",
        "UPDATE journal_head SET seq = 5",
        "UPDATE journal_head SET signature = zeroblob(64)",
    ],
)
def test_a_cut_tail_or_an_end_without_its_signature_is_found(
    database: Database, journal: Journal, sql: str
) -> None:
    fill(journal)
    tamper(database, "DELETE FROM crops", sql)
    assert not journal.verify().is_good


@pytest.mark.logs_warnings
@pytest.mark.parametrize("sql", ["DELETE FROM journal WHERE seq > 4", "DELETE FROM journal_head"])
def test_the_log_goes_on_and_says_for_ever_that_it_was_found_changed(
    database: Database, journal: Journal, sql: str
) -> None:
    fill(journal)
    tamper(database, "DELETE FROM crops", sql)
    fill(journal, 2)
    rows = journal.rows.newest([JournalKind.CHAIN_BROKEN])
    assert len(rows) == 1
    assert faults(journal) == [ChainFault.FOUND_CHANGED]


def test_an_end_kept_elsewhere_shows_an_older_database_in_its_place(tmp_path: Path) -> None:
    """A copy of the folder taken before is good in itself: only the kept end says that rows are missing."""
    folder, copy, kept = tmp_path / "data", tmp_path / "copy", tmp_path / heads.HEADS_FILE
    with Database.open(folder) as database:
        fill(Journal(database), 3)
    shutil.copytree(folder, copy)
    with Database.open(folder) as database:
        journal = Journal(database)
        fill(journal, 3)
        heads.add(kept, journal.head())
        fill(journal, 1)
        assert faults(journal, *heads.read(kept)) == []
    with Database.open(copy) as database:
        journal = Journal(database)
        assert faults(journal) == []
        assert faults(journal, *heads.read(kept)) == [ChainFault.KEPT_HEAD]
        fill(journal, 8)
        assert faults(journal, *heads.read(kept)) == [ChainFault.KEPT_HEAD]


def test_a_kept_end_that_nobody_signed_is_found(journal: Journal) -> None:
    fill(journal)
    head = journal.head()
    forged = Head(head.seq, head.hash, b"\0" * 64, head.public_key)
    assert faults(journal, forged) == [ChainFault.SIGNATURE]


@pytest.mark.parametrize("text", ["x", "{}", '{"seq": 1}', "[1]", '{"seq": 1, "hash": "zz"}'])
def test_a_file_that_holds_no_ends_says_so(tmp_path: Path, text: str) -> None:
    (tmp_path / "ends").write_text(text)
    with pytest.raises(StoreError, match="not a file of ends"):
        heads.read(tmp_path / "ends")
    with pytest.raises(StoreError, match="does not exist"):
        heads.read(tmp_path / "none")


@pytest.mark.slow
def test_every_one_of_many_random_changes_is_found(tmp_path: Path) -> None:
    """Any byte of any column, a row removed, doubled or exchanged: by somebody without the signing key."""
    with Database.open(tmp_path) as database:
        fill(Journal(database), 12)
    original = (tmp_path / "faceaccess.db").read_bytes()
    dice = random.Random(5)
    for number in range(200):
        (tmp_path / "faceaccess.db").write_bytes(original)
        with Database.open(tmp_path) as database:
            journal = Journal(database)
            before = _content(database)
            tamper(database, *_change(dice))
            assert _content(database) != before, number
            assert not journal.verify().is_good, number


def _content(database: Database) -> list[tuple[object, ...]]:
    with database.reader() as db:
        return [
            *db.execute("SELECT seq, canonical, previous_hash, hash FROM journal ORDER BY seq").fetchall(),
            *db.execute("SELECT * FROM journal_head").fetchall(),
        ]


def _change(dice: random.Random) -> list[str]:
    first, second = dice.sample(range(1, 13), 2)
    column = dice.choice(["previous_hash", "hash"])
    start = dice.randrange(80, 200)
    return dice.choice(
        [
            [f"UPDATE journal SET {column} = x'{dice.randbytes(32).hex()}' WHERE seq = {first}"],
            [
                f"UPDATE journal SET canonical = replace(canonical, '\"frame\":0', '\"frame\":{start}')"
                f" WHERE seq = {first}"
            ],
            ["DELETE FROM crops", f"DELETE FROM journal WHERE seq = {first}"],
            ["DELETE FROM crops", f"DELETE FROM journal WHERE seq >= {first}"],
            [
                "DELETE FROM crops",
                f"UPDATE journal SET seq = -1 WHERE seq = {first}",
                f"UPDATE journal SET seq = {first} WHERE seq = {second}",
                f"UPDATE journal SET seq = {second} WHERE seq = -1",
            ],
            [
                "INSERT INTO journal (seq, canonical, previous_hash, hash)"
                f" SELECT 13, canonical, hash, hash FROM journal WHERE seq = {first}"
            ],
            [f"UPDATE journal_head SET seq = {first}, hash = x'{dice.randbytes(32).hex()}'"],
        ]
    )


def test_a_clock_that_is_set_is_logged_before_what_comes_next(
    journal: Journal, monkeypatch: pytest.MonkeyPatch
) -> None:
    now = clock.utc_now()
    steady_s = time.monotonic()
    for passed_s, set_by_s in ((0, 0), (60, 0), (60, 1), (120, 3600), (180, 3600), (240, 0)):
        monkeypatch.setattr(clock, "utc_now", lambda at=passed_s + set_by_s: now + timedelta(seconds=at))
        monkeypatch.setattr(clock, "steady_s", lambda at=passed_s: steady_s + at)
        journal.record(OPERATOR, JournalKind.EXPORTED)
    changes = [row.details["by_s"] for row in journal.rows.newest([JournalKind.CLOCK_CHANGED])]
    assert changes == [-3600, pytest.approx(3599)]
    assert [row.kind for row in journal.rows.newest(limit=3)][1] is JournalKind.CLOCK_CHANGED


def test_a_clock_set_back_while_the_program_was_off_is_logged(
    database: Database, journal: Journal, monkeypatch: pytest.MonkeyPatch
) -> None:
    journal.record(OPERATOR, JournalKind.EXPORTED)
    earlier = clock.utc_now() - timedelta(hours=2)
    monkeypatch.setattr(clock, "utc_now", lambda: earlier)
    Journal(database).record(OPERATOR, JournalKind.EXPORTED)
    (row,) = journal.rows.newest([JournalKind.CLOCK_CHANGED])
    assert row.details["by_s"] == pytest.approx(-7200, abs=5)


@pytest.mark.logs_warnings
def test_a_signing_key_that_was_taken_away_is_not_replaced_in_silence(tmp_path: Path) -> None:
    """An older program's folder has none and is signed as it is; this one was signed before."""
    with Database.open(tmp_path) as database:
        fill(Journal(database), 3)
        secrets = database.secrets
    write_key_file(tmp_path, KeyFile.of(replace(secrets, signing_key=None)))
    with Database.open(tmp_path) as database:
        journal = Journal(database)
        assert faults(journal) == [ChainFault.SIGNATURE]
        fill(journal, 1)
        assert faults(journal) == [ChainFault.FOUND_CHANGED]


@pytest.mark.logs_warnings
def test_an_older_signed_end_put_back_is_said_by_the_program_that_runs(
    database: Database, journal: Journal
) -> None:
    """Rows were cut off, and an end that was signed before them put back: it is as well signed."""
    fill(journal, 2)
    head = journal.head()
    fill(journal, 3)
    tamper(
        database,
        "DELETE FROM crops",
        "DELETE FROM journal WHERE seq > 2",
        f"UPDATE journal_head SET seq = 2, hash = x'{head.hash.hex()}'",
        f"UPDATE journal_head SET signature = x'{head.signature.hex()}'",
    )
    assert faults(journal) == []
    fill(journal, 1)
    assert faults(journal) == [ChainFault.FOUND_CHANGED]


@pytest.mark.logs_warnings
def test_a_line_of_ends_half_written_is_left_out_and_the_next_is_whole(
    journal: Journal, tmp_path: Path
) -> None:
    """After a power cut no end was kept any more, and nothing of the log was checked."""
    path = tmp_path / heads.HEADS_FILE
    fill(journal, 1)
    heads.add(path, journal.head())
    with path.open("a") as file:
        file.write('{"at": "2026-03-04T12:00:00.000+00:00", "seq": 4')
    fill(journal, 1)
    heads.add(path, journal.head())
    assert [head.seq for head in heads.read(path)] == [1, 2]
    assert heads.newest(path) == journal.head()


def test_rows_that_were_rolled_back_are_not_missed(database: Database, journal: Journal) -> None:
    """What a failed transaction had signed was remembered, and the next row called the log changed."""
    fill(journal, 1)

    def fail(*, is_nested: bool) -> None:
        with database.transaction():
            if is_nested:
                with suppress(KeyError), database.transaction():
                    fill(journal, 2)
                    raise KeyError
                return
            fill(journal, 2)
            raise KeyError

    with pytest.raises(KeyError):
        fail(is_nested=False)
    fail(is_nested=True)
    fill(journal, 1)
    assert journal.rows.newest([JournalKind.CHAIN_BROKEN]) == []
    assert faults(journal) == []
