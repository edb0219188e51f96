"""`python -m installer`: builds what IT hands out, proves and signs it. Each command says what it wrote."""

import argparse
import getpass
import subprocess
import sys
from datetime import UTC, datetime
from pathlib import Path

from faceaccess import __version__
from faceaccess.errors import FaceAccessError
from installer.places import DIST, INSTALLER, LOCK, ROOT


def main(arguments: list[str] | None = None) -> None:
    """Run a command; ends with 1 and a message where it can't be done."""
    options = _parser().parse_args(arguments)
    try:
        options.run(options)
    except FaceAccessError as exc:
        sys.exit(f"{exc.message} {exc.hint}".strip())


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m installer", description=__doc__)
    commands = parser.add_subparsers(required=True, metavar="COMMAND")

    def command(name: str, run: object, what: str) -> argparse.ArgumentParser:
        added = commands.add_parser(name, help=what, description=what)
        added.set_defaults(run=run)
        return added

    command("app", _app, "build the program as one folder, for the system that this runs on")
    for name, run, what in (
        ("deb", _deb, "build a Debian package"),
        ("tarball", _tarball, "build a .tar.gz with a script that installs it, for other Linuxes"),
        ("windows", _windows, "build the installer for Windows, on Windows, by Inno Setup"),
        ("macos", _macos, "build the disk image for macOS, on macOS"),
        (
            "prove",
            _prove,
            "build package and archive; install, use, upgrade and remove them in a fresh Debian",
        ),
    ):
        command(name, run, what).add_argument(
            "--again", action="store_true", help="don't build first: take what is there"
        )
    command("sizes", _sizes, "list what takes the most room in the built folder")
    measured = command("measure", _measure, "start the built program as somebody would: seconds and memory")
    measured.add_argument("--times", type=int, default=5, help="how often; the median is printed (5)")
    command("lock", _lock, "resolve the packages anew into requirements.lock (needs uv)")
    key = command("key", _key, "make a pair of keys: one signs, the other is told to the program")
    key.add_argument("file", type=Path, help="the private key's file, which must not be there yet")
    key.add_argument("--open", action="store_true", help="without a passphrase")
    sign = command("sign", _sign, "write checksums, and a signature beside each file of dist/")
    news = command("news", _news, "write the signed news of this version, which the program can look at")
    for signing in (sign, news):
        signing.add_argument("key", type=Path, help="the private key's file")
    news.add_argument("--out", type=Path, default=DIST / "news.json", help="where to (dist/news.json)")
    return parser


def _app(_options: argparse.Namespace) -> None:
    from installer.build import build_app

    print(build_app())


def _built(options: argparse.Namespace) -> None:
    if not options.again:
        _app(options)


def _deb(options: argparse.Namespace) -> None:
    from installer.linux.packages import build_deb

    _built(options)
    print(build_deb())


def _tarball(options: argparse.Namespace) -> None:
    from installer.linux.packages import build_tarball

    _built(options)
    print(build_tarball())


def _windows(options: argparse.Namespace) -> None:
    _built(options)
    script = INSTALLER / "windows" / "faceaccess.iss"
    subprocess.run(["iscc", f"/DVersion={__version__}", str(script)], check=True)


def _macos(options: argparse.Namespace) -> None:
    _built(options)
    subprocess.run(["sh", str(INSTALLER / "macos" / "dmg.sh"), __version__], check=True)


def _prove(options: argparse.Namespace) -> None:
    from installer.linux.proof import prove

    if not options.again:
        _deb(options)
        options.again = True
        _tarball(options)
    sys.exit(prove(DIST / "proof"))


def _sizes(_options: argparse.Namespace) -> None:
    from installer.sizes import print_sizes

    print_sizes()


def _measure(options: argparse.Namespace) -> None:
    from installer.measure import measure

    sys.exit(measure(options.times))


def _lock(_options: argparse.Namespace) -> None:
    from installer.lock import write_lock

    write_lock()
    print(LOCK)


def _key(options: argparse.Namespace) -> None:
    from installer.signing import make_key_pair

    passphrase = None if options.open else getpass.getpass("Passphrase of the private key: ")
    print(f"Public key: {make_key_pair(options.file, passphrase)}")


def _sign(options: argparse.Namespace) -> None:
    from installer.signing import CHECKSUMS, load_private_key, sign_file, write_checksums

    files = [
        path for kind in ("deb", "tar.gz", "exe", "dmg") for path in DIST.glob(f"*{__version__}*.{kind}")
    ]
    if not files:
        sys.exit(f"There is nothing of version {__version__} in {DIST}: build it first.")
    key = load_private_key(options.key, _passphrase(options.key))
    write_checksums(files, DIST)
    for path in [*files, DIST / CHECKSUMS]:
        print(sign_file(path, key))


def _news(options: argparse.Namespace) -> None:
    from installer.signing import load_private_key
    from installer.update_manifest import changes_of, write_manifest

    changes = changes_of((ROOT / "CHANGELOG.md").read_text(encoding="utf-8"), __version__)
    key = load_private_key(options.key, _passphrase(options.key))
    today = datetime.now(UTC).date()
    write_manifest(options.out, key, version=__version__, released_on=today, changes=changes)
    print(options.out)


def _passphrase(key: Path) -> str | None:
    """Return the passphrase of a private key that has one."""
    is_closed = key.is_file() and b"ENCRYPTED" in key.read_bytes()
    return getpass.getpass("Passphrase of the private key: ") if is_closed else None


if __name__ == "__main__":
    main()
