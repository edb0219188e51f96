"""Encrypted records: whole and in order, or not read at all."""

import pytest

from faceaccess.errors import StoreError
from faceaccess.store import sealed_stream
from faceaccess.store.sealed_stream import SealedWriter, read_records

MAGIC = b"FATEST\1"
HEAD = len(MAGIC) + 16 + 7
SECRET = "a passphrase"


@pytest.fixture(autouse=True)
def quick_keys(monkeypatch):
    """Deriving a key is slow on purpose; what is tested here is what comes after."""
    monkeypatch.setattr(
        sealed_stream, "derive_key", lambda words, salt: (words.encode() + salt).ljust(32)[:32]
    )


def written(path, *records):
    with SealedWriter(path, MAGIC, SECRET) as writer:
        for record in records:
            writer.write(record)
        writer.finish()
    return path


def frames(data):
    """The records of a file as they lie in it."""
    at, found = HEAD, []
    while at < len(data):
        length = int.from_bytes(data[at : at + 4], "big")
        found.append(data[at : at + 4 + length])
        at += 4 + length
    return found


def read(path, secret=SECRET):
    return list(read_records(path, MAGIC, secret))


@pytest.mark.parametrize("records", [(b"one",), (b"", b"two", b"x" * 100_000), (b"same", b"same")])
def test_what_was_written_is_read(tmp_path, records):
    path = written(tmp_path / "a.bin", *records)
    assert read(path) == list(records)
    assert b"two" not in path.read_bytes()
    assert list(tmp_path.iterdir()) == [path]


def test_nothing_half_done_is_left(tmp_path):
    with SealedWriter(tmp_path / "a.bin", MAGIC, SECRET) as writer:
        writer.write(b"one")
    assert list(tmp_path.iterdir()) == []


def test_another_passphrase_and_an_empty_one(tmp_path):
    path = written(tmp_path / "a.bin", b"one")
    with pytest.raises(StoreError, match="this passphrase"):
        read(path, "another one")
    with pytest.raises(StoreError, match="at least 12 characters"):
        SealedWriter(tmp_path / "b.bin", MAGIC, "  ")


def test_every_flipped_byte_is_noticed(tmp_path):
    path = written(tmp_path / "a.bin", b"one", b"two")
    data = path.read_bytes()
    for at in range(len(data)):
        changed = bytearray(data)
        changed[at] ^= 0x41
        path.write_bytes(changed)
        with pytest.raises(StoreError):
            read(path)


def test_cut_off_anywhere_is_noticed(tmp_path):
    path = written(tmp_path / "a.bin", b"one", b"two", b"three")
    data = path.read_bytes()
    for length in range(len(data)):
        path.write_bytes(data[:length])
        with pytest.raises(StoreError):
            read(path)


def test_records_out_of_order_repeated_or_left_out_are_noticed(tmp_path):
    path = written(tmp_path / "a.bin", b"one", b"two", b"three")
    data = path.read_bytes()
    head, (one, two, three) = data[:HEAD], frames(data)
    for wrong in ([two, one, three], [one, three], [one, one, two, three], [one, two, three, three], [three]):
        path.write_bytes(head + b"".join(wrong))
        with pytest.raises(StoreError):
            read(path)


def test_a_length_is_not_believed(tmp_path):
    path = written(tmp_path / "a.bin", b"one")
    head = path.read_bytes()[:HEAD]
    for length in (0, 15, 2**31, 2**32 - 1):
        path.write_bytes(head + length.to_bytes(4, "big") + b"x" * 100)
        with pytest.raises(StoreError, match="damaged"):
            read(path)


def test_something_else_and_something_newer(tmp_path):
    path = tmp_path / "a.bin"
    path.write_bytes(b"PK\3\4" + bytes(100))
    with pytest.raises(StoreError, match="no file of this kind"):
        read(path)
    path.write_bytes(b"FATEST\2" + bytes(100))
    with pytest.raises(StoreError, match="newer"):
        read(path)


def test_a_record_that_is_too_large_is_refused(tmp_path, monkeypatch):
    monkeypatch.setattr(sealed_stream, "GREATEST_RECORD", 10)
    with pytest.raises(StoreError, match="11 bytes"):
        written(tmp_path / "a.bin", b"x" * 11)
