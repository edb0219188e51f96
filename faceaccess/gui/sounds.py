"""Short sounds for who is let in or not, and for a question, with whatever player the system has."""

import shutil
import sys
from enum import StrEnum

from PySide6.QtCore import QProcess
from PySide6.QtWidgets import QApplication

from faceaccess import paths


class Sound(StrEnum):
    """What a sound says, and the name of its file."""

    ACCEPTED = "accepted"
    REFUSED = "refused"
    QUESTION = "question"


_PLAYERS = {
    "darwin": (("afplay",),),
    "linux": (("pw-play",), ("paplay",), ("aplay", "-q")),
}
"""Qt plays sounds by a part of it that is not installed with this program."""


def player() -> tuple[str, ...] | None:
    """Return the command that plays a file; () where the system does it itself, None where nothing does."""
    if sys.platform == "win32":
        return ()
    for command in _PLAYERS.get(sys.platform, ()):
        program = shutil.which(command[0])
        if program is not None:
            return (program, *command[1:])
    return None


def play(sound: Sound) -> None:
    """Sound once; never waits."""
    path = str(paths.resource("sounds") / f"{sound}.wav")
    command = player()
    if sys.platform == "win32":
        import winsound

        winsound.PlaySound(path, winsound.SND_FILENAME | winsound.SND_ASYNC)
    elif command:
        QProcess.startDetached(command[0], [*command[1:], path])
    else:
        QApplication.beep()
