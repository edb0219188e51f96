"""The photos that rows name: looked for, never opened, and only inside the folders chosen."""

import os
import unicodedata
from pathlib import Path

from faceaccess.codes import ImportProblem
from faceaccess.people.arrivals.arrival import ArrivalPhoto

_MOST_FILES = 500_000


class PhotoFolders:
    """The folders where photos may lie: nothing outside them is touched, whatever a table says."""

    def __init__(self, table_folder: Path, photos_folder: Path | None = None) -> None:
        """Take the folders.

        Args:
            table_folder: of the table: what a path in it starts from.
            photos_folder: where photos lie besides; file names are looked for in its sub-folders, too.
        """
        folders = [table_folder] if photos_folder is None else [photos_folder, table_folder]
        self._folders = [Path(os.path.realpath(folder)) for folder in folders]
        self._searched = self._folders[0] if photos_folder is not None else None
        self._by_name: dict[str, list[Path]] | None = None
        self._listed: dict[Path, dict[str, list[Path]]] = {}

    def find(self, name: str) -> ArrivalPhoto:
        """Return the photo that is meant by a path or a file name; it is looked for, not opened.

        Names are the same whatever their case and the composition of their letters.
        """
        if "\0" in name:
            return ArrivalPhoto(name, None, ImportProblem.PHOTO_MISSING)
        # Tables come from Windows, too.
        path_named = Path(name if os.sep == "\\" else name.replace("\\", "/"))
        is_outside = False
        for folder in self._folders:
            try:
                paths = self._spelt(folder, path_named)
                if len(paths) > 1:
                    return ArrivalPhoto(name, None, ImportProblem.PHOTO_NOT_CLEAR)
                path = Path(os.path.realpath(paths[0] if paths else folder / path_named))
                is_inside = any(path.is_relative_to(root) for root in self._folders)
                if is_inside and path.exists() and not path.is_dir():
                    # A pipe or a device is there, and nothing to be read.
                    is_readable = path.is_file() and os.access(path, os.R_OK)
                    problem = None if is_readable else ImportProblem.PHOTO_UNREADABLE
                    return ArrivalPhoto(name, path if is_readable else None, problem)
            except (OSError, ValueError):
                continue
            is_outside = is_outside or not is_inside
        if is_outside:
            return ArrivalPhoto(name, None, ImportProblem.PHOTO_OUTSIDE)
        return self._by_file_name(name, path_named)

    def _spelt(self, folder: Path, path_named: Path) -> list[Path]:
        """Return the files that a path means, spelt as on the disk; that path alone where it is there."""
        if path_named.is_absolute() or ".." in path_named.parts or (folder / path_named).exists():
            return [folder / path_named]
        paths = [folder]
        for part in path_named.parts:
            paths = [entry for parent in paths for entry in self._entries(parent).get(_plain(part), ())]
        return paths

    def _entries(self, folder: Path) -> dict[str, list[Path]]:
        """Return what a folder holds, by plain names; listed once."""
        if folder not in self._listed:
            by_name: dict[str, list[Path]] = {}
            for entry in folder.iterdir() if folder.is_dir() else ():
                by_name.setdefault(_plain(entry.name), []).append(entry)
            self._listed[folder] = by_name
        return self._listed[folder]

    def _by_file_name(self, name: str, path_named: Path) -> ArrivalPhoto:
        if self._searched is None or len(path_named.parts) != 1:
            return ArrivalPhoto(name, None, ImportProblem.PHOTO_MISSING)
        if self._by_name is None:
            self._by_name = _files_by_name(self._searched)
        paths = self._by_name.get(_plain(path_named.name), [])
        if len(paths) != 1:
            problem = ImportProblem.PHOTO_NOT_CLEAR if paths else ImportProblem.PHOTO_MISSING
            return ArrivalPhoto(name, None, problem)
        return ArrivalPhoto(name, paths[0])


def _plain(name: str) -> str:
    """Return a file's name without case and composition: macOS and archives part letters from accents."""
    return unicodedata.normalize("NFC", unicodedata.normalize("NFC", name).casefold())


def _files_by_name(folder: Path) -> dict[str, list[Path]]:
    """Return the files of a folder tree by their plain names; links are not followed."""
    by_name: dict[str, list[Path]] = {}
    count = 0
    for parent, _, names in os.walk(folder):
        for name in names:
            path = Path(parent, name)
            if not path.is_symlink():
                by_name.setdefault(_plain(name), []).append(path)
                count += 1
        if count > _MOST_FILES:
            break
    return by_name
