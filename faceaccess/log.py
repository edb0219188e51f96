"""Logging set-up: a rotating file in the data folder, warnings on standard error.

Nothing personal is logged at any level: ids only, never names, pictures or embeddings.
"""

import logging
import logging.handlers
import os
import re
import sys
import threading
from enum import StrEnum
from pathlib import Path
from typing import Any

from faceaccess import paths
from faceaccess.plain_text import visible

LOG_FILE = "faceaccess.log"
_MAX_BYTES = 1_000_000
_KEPT_FILES = 5
_HANDLER_PREFIX = "faceaccess-"

_ADDRESS = re.compile(r"0x[0-9a-f]+")
_MOST_SAID = 200
_LIBRARIES = ("py.warnings", "PIL")
"""Whose warnings nobody takes: Python would write them to standard error as a last resort."""

logger = logging.getLogger(__name__)


class Step(StrEnum):
    """What a start reaches, as the log file words it: `faceaccess benchmark start` reads when."""

    PAINTED = "the window is painted"
    LOADED = "the model is loaded"
    OPENING = "the door is to open"
    DECIDED = "a first face is decided on"


class _LogFile(logging.handlers.RotatingFileHandler):
    """The log file; a full disk loses lines of it, and causes no traceback."""

    def handleError(self, record: logging.LogRecord) -> None:  # noqa: N802 - logging's name
        if not isinstance(sys.exc_info()[1], OSError):
            super().handleError(record)


class _Formatter(logging.Formatter):
    """Writes each record on a line of its own, with any traceback below it."""

    def formatMessage(self, record: logging.LogRecord) -> str:  # noqa: N802 - logging's name
        record.message = visible(record.message)
        return super().formatMessage(record)

    def formatException(self, ei: Any) -> str:  # noqa: N802, ANN401 - logging's name and annotation
        return visible(super().formatException(ei), keep="\n")


def set_up(data_dir: Path | None, *, level: int = logging.INFO) -> None:
    """Send the program's log to a rotating file and its warnings to standard error.

    Calling it again replaces the earlier set-up. A folder that can't be written costs the
    file, not the program.

    Args:
        data_dir: the data folder, whose `logs` gets the file; None for standard error only.
        level: the least level that reaches the file.
    """
    root = logging.getLogger("faceaccess")
    for handler in [h for h in root.handlers if (h.get_name() or "").startswith(_HANDLER_PREFIX)]:
        root.removeHandler(handler)
        handler.close()
    root.setLevel(level)
    stderr = logging.StreamHandler(sys.stderr)
    stderr.setLevel(logging.WARNING)
    stderr.setFormatter(_Formatter("%(levelname)s: %(message)s"))
    stderr.addFilter(lambda record: record.name.partition(".")[0] == root.name)
    _add(root, stderr, "stderr")
    if data_dir is None:
        return
    folder = paths.log_dir(data_dir)
    try:
        _add(root, _file_handler(folder), "file")
    except OSError as exc:
        logger.warning("The log file can't be written in %s: %s", folder, exc.strerror)


def keep_libraries_apart() -> None:
    """Send output that libraries write by themselves to the log, not to the terminal or window.

    FFmpeg and image decoders write to the process's standard error from C, and Python's warnings end
    there too: what they mean, the program says itself. To be called once, before anything is read.
    """
    terminal = os.fdopen(
        os.dup(2), "w", buffering=1, encoding=getattr(sys.stderr, "encoding", None), errors="backslashreplace"
    )
    reading, writing = os.pipe()
    os.dup2(writing, 2)
    os.close(writing)
    sys.stderr = terminal
    threading.Thread(target=_log_lines, args=(reading,), name="library output", daemon=True).start()
    logging.captureWarnings(True)
    for name in _LIBRARIES:
        logging.getLogger(name).parent = logging.getLogger("faceaccess")


def _log_lines(reading: int) -> None:
    """Log each line once: a decoder repeats itself for every picture."""
    said: set[str] = set()
    with os.fdopen(reading, errors="replace") as lines:
        for line in lines:
            message = _ADDRESS.sub("0x", line.strip())
            if message and message not in said and len(said) < _MOST_SAID:
                said.add(message)
                logger.info("A library says: %s", message)


def _file_handler(folder: Path) -> logging.Handler:
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    handler = _LogFile(folder / LOG_FILE, maxBytes=_MAX_BYTES, backupCount=_KEPT_FILES, encoding="utf-8")
    handler.setFormatter(
        _Formatter("%(asctime)s %(process)d %(threadName)s %(levelname)s %(name)s: %(message)s")
    )
    return handler


def _add(root: logging.Logger, handler: logging.Handler, name: str) -> None:
    handler.set_name(_HANDLER_PREFIX + name)
    root.addHandler(handler)
