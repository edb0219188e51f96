"""`python -m installer`: builds what IT hands out, and proves it. Each command says what it wrote."""

import argparse
import sys

from installer.places import DIST


def main(arguments: list[str] | None = None) -> None:
    """Run a command."""
    parser = argparse.ArgumentParser(prog="python -m installer", description=__doc__)
    commands = parser.add_subparsers(dest="command", required=True, metavar="COMMAND")
    commands.add_parser("lock", help="resolve the packages anew into requirements.lock (needs uv)")
    commands.add_parser("app", help="build the program as one folder, for the system that this runs on")
    for name, what in (("deb", "a Debian package"), ("tarball", "a .tar.gz with an install script")):
        pack = commands.add_parser(name, help=f"build {what}")
        pack.add_argument("--again", action="store_true", help="pack the folder that is there")
    proof = commands.add_parser("prove", help="install the .deb in a fresh Debian without Python or network")
    proof.add_argument("--again", action="store_true", help="prove the package that is there")
    commands.add_parser("sizes", help="list what takes the most in the built folder")
    options = parser.parse_args(arguments)
    _COMMANDS[options.command](options)


def _lock(_options: argparse.Namespace) -> None:
    from installer.lock import write_lock
    from installer.places import LOCK

    write_lock()
    print(LOCK)


def _app(_options: argparse.Namespace) -> None:
    from installer.build import build_app

    print(build_app())


def _pack(options: argparse.Namespace) -> None:
    from installer.linux import packages

    if not options.again:
        _app(options)
    print(packages.build_deb() if options.command == "deb" else packages.build_tarball())


def _prove(options: argparse.Namespace) -> None:
    from installer.linux import packages, proof

    if not options.again:
        _app(options)
        packages.build_deb()
        packages.build_tarball()
    sys.exit(proof.prove(DIST / "proof"))


def _sizes(_options: argparse.Namespace) -> None:
    from installer.sizes import print_sizes

    print_sizes()


_COMMANDS = {"lock": _lock, "app": _app, "deb": _pack, "tarball": _pack, "prove": _prove, "sizes": _sizes}

if __name__ == "__main__":
    main()
