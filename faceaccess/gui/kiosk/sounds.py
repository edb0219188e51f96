"""Short sounds for a person who is let in and one who isn't, with whatever player the system has."""

import shutil
import sys

from PySide6.QtCore import QProcess
from PySide6.QtWidgets import QApplication

from faceaccess import paths
from faceaccess.codes import Outcome

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


def play(outcome: Outcome) -> None:
    """Sound once for a person let in, twice and lower for one who isn't; never waits."""
    name = "accepted" if outcome is Outcome.ACCEPTED else "refused"
    path = str(paths.resource("sounds") / f"{name}.wav")
    command = player()
    if sys.platform == "win32":
        import winsound

        winsound.PlaySound(path, winsound.SND_FILENAME | winsound.SND_ASYNC)
    elif command:
        QProcess.startDetached(command[0], [*command[1:], path])
    else:
        QApplication.beep()
