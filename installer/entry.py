"""Where the installed program starts: the command line, and with no command the window."""

import multiprocessing
import os
import sys


def _forget_own_libraries() -> None:
    """Take this folder off the search path of libraries: what the program starts brings its own.

    Source: PyInstaller's manual, "LD_LIBRARY_PATH / LIBPATH considerations".
    """
    for variable in ("LD_LIBRARY_PATH", "DYLD_LIBRARY_PATH"):
        before = os.environ.pop(f"{variable}_ORIG", None)
        if before is not None:
            os.environ[variable] = before
        elif hasattr(sys, "_MEIPASS"):
            os.environ.pop(variable, None)
    # A process of our own, such as a camera's, sets the path for itself again: it would take it as inherited.
    os.environ["PYINSTALLER_RESET_ENVIRONMENT"] = "1"


if __name__ == "__main__":
    # Cameras, and whatever is read apart, run in processes of their own, which begin here too.
    multiprocessing.freeze_support()
    _forget_own_libraries()
    from faceaccess.__main__ import main

    main()
