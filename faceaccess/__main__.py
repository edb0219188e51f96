"""Starts the program: the window, or the command that is given."""


def main() -> None:
    """Run the command line."""
    # Not above: a process that only reads a camera imports this module anew, and took half a second and
    # the memory for a command line that it never has.
    from faceaccess.cli.app import main as run

    run()


if __name__ == "__main__":
    main()
