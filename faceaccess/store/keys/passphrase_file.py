"""Encrypted databases under a passphrase, carried as files: backups, and people for another installation."""

from pathlib import Path
from typing import Any

from sqlcipher3 import dbapi2 as sqlcipher

from faceaccess.errors import StoreError


def open_under_passphrase(path: Path, passphrase: str, mode: str = "rw") -> Any:  # noqa: ANN401 - sqlcipher3 has no annotations
    """Return a connection to a file that is there; slow on purpose at its first use.

    Args:
        path: of the file.
        passphrase: opens it, and nothing else does.
        mode: "rw", or "ro" to read only.

    Raises:
        StoreError: there is no passphrase.
    """
    if not passphrase:
        raise StoreError("The file needs a passphrase.", "Type the one that it was, or will be, made with.")
    connection: Any = sqlcipher.connect(
        f"{path.resolve().as_uri()}?mode={mode}", uri=True, isolation_level=None, check_same_thread=False
    )
    connection.execute("PRAGMA cipher_log_level = NONE").fetchall()
    quoted = passphrase.replace("'", "''")
    connection.execute(f"PRAGMA key = '{quoted}'").fetchall()
    connection.execute("PRAGMA temp_store = MEMORY")
    connection.execute("PRAGMA trusted_schema = OFF")
    return connection
