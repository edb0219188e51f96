"""Starts the program: the window, or the command that is given."""

import sys
from pathlib import Path

from faceaccess import log, memory, paths


def main() -> None:
    """Do what the process was started for."""
    arguments = sys.argv[1:]
    # Most starts are these, and reading the commands takes half a second and 20 MB.
    if not arguments or (len(arguments) == 2 and arguments[0] == "--data-dir"):
        memory.share_arenas()
        log.keep_libraries_apart()
        paths.keep_private()
        from faceaccess.gui.app import main as open_window

        sys.exit(open_window(Path(arguments[1]) if arguments else None))
    from faceaccess.cli.app import main as run_command

    run_command()


if __name__ == "__main__":
    main()
