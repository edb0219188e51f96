"""The first and last step of a restore, and of a first start: prepared files are moved into place.

Interrupted, it is finished at the next start.
"""

import os
import shutil
from datetime import datetime
from pathlib import Path

from faceaccess.store.keys.keys import KEY_FILE, sync_folder

NEW_FOLDER = "restoring"
"""Holds the restored database and key; once the key file is in it, the restore will be finished."""

ASIDE_PREFIX = "replaced-"
DATABASE_FILE = "faceaccess.db"


def remains(folder: Path) -> list[str]:
    """Return the names of the remains of a missing database: key, log, copies, former data."""
    patterns = (KEY_FILE, "faceaccess.sealed", f"{DATABASE_FILE}-*", "faceaccess.schema*", f"{ASIDE_PREFIX}*")
    return sorted(path.name for pattern in patterns for path in folder.glob(pattern))


def begin(folder: Path) -> Path:
    """Return an empty folder inside a data folder to prepare database and key in, the key last.

    The caller holds the folder's lock.
    """
    new = folder / NEW_FOLDER
    shutil.rmtree(new, ignore_errors=True)
    new.mkdir(mode=0o700)
    return new


def is_unfinished(folder: Path) -> bool:
    """Tell whether a restore was prepared whole and not finished."""
    return (folder / NEW_FOLDER / KEY_FILE).exists()


def finish(folder: Path) -> Path | None:
    """Move the former files aside and the restored ones into place; return where the former are.

    The caller holds the folder's lock.
    """
    new = folder / NEW_FOLDER
    former = [path for path in folder.glob("faceaccess.*") if _is_data(path)]
    aside = None
    if (new / DATABASE_FILE).exists() and former:
        aside = folder / f"{ASIDE_PREFIX}{datetime.now():%Y%m%d-%H%M%S-%f}"
        aside.mkdir(mode=0o700)
        for path in former:
            os.replace(path, aside / path.name)
        sync_folder(aside)
    # The database first: as long as the key file is in the other folder, the restore is unfinished.
    for name in (DATABASE_FILE, KEY_FILE):
        if (new / name).exists():
            os.replace(new / name, folder / name)
            sync_folder(folder)
    for left in new.iterdir():
        left.unlink()
    new.rmdir()
    return aside


def _is_data(path: Path) -> bool:
    """Tell whether a file is part of a database: itself, its log, its key."""
    name = path.name
    return path.is_file() and (name.startswith(DATABASE_FILE) or name in (KEY_FILE, "faceaccess.sealed"))
