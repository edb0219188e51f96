"""Where a build takes things from and puts them."""

from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
INSTALLER = ROOT / "installer"
LOCK = INSTALLER / "requirements.lock"
BUILD = ROOT / "build" / "installer"
"""What can be deleted at any time: an environment, graphs, icons, the bundle's list of files."""

GRAPHS, ICONS, NOTICES, BUNDLE_LIST = (
    BUILD / "graphs",
    BUILD / "icons",
    BUILD / "licences",
    BUILD / "bundle.json",
)
DIST = ROOT / "dist"
APP = DIST / "faceaccess"
"""The built program, a folder."""
