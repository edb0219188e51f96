"""Reads a SQLCipher database as a thief with the key would: every page, of the write-ahead log too.

Page layout: https://www.zetetic.net/sqlcipher/design/ - 4096 bytes, of which the last 80 are the
vector (16) and the authentication code (64); page 1 begins with the salt (16) in the clear. WAL:
https://www.sqlite.org/fileformat2.html#walformat - 32 bytes, then frames of 24 bytes and a page.
"""

from pathlib import Path

from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes

PAGE, RESERVED, SALT = 4096, 80, 16
WAL_HEAD, FRAME_HEAD = 32, 24


def plain_bytes(folder: Path, key: bytes) -> bytes:
    """Return all that the files of a data folder hold, database pages and log frames decrypted."""
    found = []
    for path in sorted(folder.rglob("*")):
        if not path.is_file():
            continue
        data = path.read_bytes()
        found.append(data)
        if path.name.endswith("-wal"):
            step = FRAME_HEAD + PAGE
            for at in range(WAL_HEAD, len(data) - step + 1, step):
                number = int.from_bytes(data[at : at + 4], "big")
                found.append(_page(data[at + FRAME_HEAD : at + step], key, is_first=number == 1))
        elif ".db" in path.name and not path.name.endswith("-shm"):
            for at in range(0, len(data) - PAGE + 1, PAGE):
                found.append(_page(data[at : at + PAGE], key, is_first=at == 0))
    return b"\0".join(found)


def _page(page: bytes, key: bytes, *, is_first: bool) -> bytes:
    start = SALT if is_first else 0
    vector = page[PAGE - RESERVED : PAGE - RESERVED + 16]
    reader = Cipher(algorithms.AES256(key), modes.CBC(vector)).decryptor()
    return reader.update(page[start : PAGE - RESERVED]) + reader.finalize()
