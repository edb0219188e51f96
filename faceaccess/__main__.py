"""Starts the program: the window, or the command that is given."""

from faceaccess.cli.app import main

if __name__ == "__main__":
    main()
