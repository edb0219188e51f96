"""Starts the program: the window, or the command that is given."""

from faceaccess.cli.app import app

if __name__ == "__main__":
    app(prog_name="faceaccess")
