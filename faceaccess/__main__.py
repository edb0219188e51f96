"""Starts the program: a window, or the command that is given."""

import sys
from pathlib import Path

from faceaccess import log, memory, paths

_FOLDER = "--data-dir"
_KIOSK = {"kiosk", "--once"}
_BESIDE_KIOSK = {"--with-desk", "--with-office"}


def main() -> None:
    """Do what the process was started for."""
    # Most starts are of windows, and reading the commands takes half a second and 20 MB.
    arguments, folder = _without_folder(sys.argv[1:])
    is_kiosk = set(arguments) >= _KIOSK and set(arguments) <= _KIOSK | _BESIDE_KIOSK
    if not arguments or is_kiosk:
        memory.share_arenas()
        log.keep_libraries_apart()
        paths.keep_private()
        from faceaccess.gui import app

        if not is_kiosk:
            sys.exit(app.main(folder))
        sys.exit(
            app.kiosk(folder, with_desk="--with-desk" in arguments, with_office="--with-office" in arguments)
        )
    from faceaccess.cli.app import main as run_command

    run_command()


def _without_folder(arguments: list[str]) -> tuple[list[str], Path | None]:
    """Return the arguments without the first data folder among them, and that folder."""
    if _FOLDER not in arguments[:-1]:
        return arguments, None
    place = arguments.index(_FOLDER)
    return arguments[:place] + arguments[place + 2 :], Path(arguments[place + 1])


if __name__ == "__main__":
    main()
