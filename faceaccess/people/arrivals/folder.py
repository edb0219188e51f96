"""A folder with one sub-folder of photos per person, as rows; what gives nobody a photo is a row, too."""

import os
from collections.abc import Iterator, Sequence
from pathlib import Path

from faceaccess.codes import ImportProblem
from faceaccess.errors import EnrolmentError, Text
from faceaccess.people.arrivals.arrival import ArrivalPhoto, ArrivalRow
from faceaccess.people.arrivals.photo_files import PhotoFolders
from faceaccess.people.arrivals.table import checked_texts
from faceaccess.people.arrivals.table_file import TABLE_SUFFIXES
from faceaccess.vision.sources.images import PHOTO_SUFFIXES, photo_files

_PACKED_SUFFIXES = frozenset({".zip", ".rar", ".7z", ".tar", ".gz", ".tgz", ".bz2", ".xz"})

# What systems leave in folders by themselves.
_OF_SYSTEMS = frozenset({"thumbs.db", "desktop.ini", "__macosx", "icon\r", "@eadir", "$recycle.bin"})


def rows_of_folder(folder: Path) -> list[ArrivalRow]:
    """Return a row for each part of a folder: sub-folders named like people, and what lies beside them.

    Raises:
        EnrolmentError: there is no such folder, it can't be read, or there are no sub-folders in it.
    """
    if not folder.is_dir():
        raise EnrolmentError("There is no folder {folder}.", "Check the path.", folder=folder)
    try:
        parts = sorted(seen_in(folder))
    except OSError as exc:
        raise EnrolmentError(
            "{folder} can't be read: {reason}.", "Check who may read it.", folder=folder, reason=exc.strerror
        ) from exc
    if not any(part.is_dir() for part in parts):
        raise EnrolmentError(
            "{folder} has no sub-folders with photos.",
            "Make one folder per person, named like the person.",
            folder=folder,
        )
    folders = PhotoFolders(folder)
    return [
        _row_of_person(number, part, folder, folders) if part.is_dir() else _row_beside(number, part)
        for number, part in enumerate(parts, 1)
    ]


def row_of_photos(
    name: str, paths: Sequence[Path], staff_number: str | None = None, department: str = ""
) -> ArrivalRow:
    """Return the row of one person whose photo files, or folders of them, are named."""
    photos: list[ArrivalPhoto] = []
    for path in paths:
        if path.is_dir():
            folders = PhotoFolders(path)
            photos += [_photo(file, path, folders) for file in sorted(seen_in(path))]
        else:
            photos.append(ArrivalPhoto(_shown(path.name), path))
    return checked_texts(ArrivalRow(1, name, staff_number, department, photos=tuple(photos)))


def is_of_many(path: Path) -> bool:
    """Tell whether it is a table, or a folder with photos in its sub-folders."""
    try:
        if not path.is_dir():
            return path.suffix.lower() in TABLE_SUFFIXES
        inside = [part for part in seen_in(path) if part.is_dir()]
        return bool(inside) and (not photo_files(path) or any(photo_files(part) for part in inside))
    except OSError:
        return False


def is_photo(path: Path) -> bool:
    """Tell whether it is a file that is named as photos are."""
    return path.suffix.lower() in PHOTO_SUFFIXES


def seen_in(folder: Path) -> Iterator[Path]:
    """Yield what somebody put into a folder, not what systems hide there."""
    for path in folder.iterdir():
        if not path.name.startswith(".") and path.name.casefold() not in _OF_SYSTEMS:
            yield path


def _row_beside(number: int, file: Path) -> ArrivalRow:
    problem = ImportProblem.LOOSE_FILE
    if file.suffix.lower() in PHOTO_SUFFIXES:
        problem = ImportProblem.LOOSE_PHOTO
    elif file.suffix.lower() in _PACKED_SUFFIXES:
        problem = ImportProblem.PACKED
    return ArrivalRow(number, _shown(file.name), problem=problem)


def _row_of_person(number: int, part: Path, folder: Path, folders: PhotoFolders) -> ArrivalRow:
    name = _shown(part.name.replace("_", " "))
    if "\N{REPLACEMENT CHARACTER}" in name:
        return ArrivalRow(
            number, name, problem=ImportProblem.BAD_TEXT, detail=Text("The folder's name can't be read.")
        )
    try:
        photos = tuple(_photo(file, folder, folders) for file in sorted(seen_in(part)))
    except OSError as exc:
        return ArrivalRow(
            number, name, problem=ImportProblem.FOLDER_UNREADABLE, detail=str(exc.strerror or "")
        )
    row = ArrivalRow(number, name, photos=photos)
    if photos and all(photo.problem is ImportProblem.FOLDER_INSIDE for photo in photos):
        inside = ", ".join(photo.name for photo in photos)
        return ArrivalRow(number, name, problem=ImportProblem.ONLY_FOLDERS, detail=inside)
    return checked_texts(row)


def _photo(file: Path, folder: Path, folders: PhotoFolders) -> ArrivalPhoto:
    name, suffix = _shown(str(file.relative_to(folder))), file.suffix.lower()
    if file.is_dir():
        return ArrivalPhoto(name + os.sep, None, ImportProblem.FOLDER_INSIDE)
    if suffix in PHOTO_SUFFIXES:
        photo = folders.find(str(file.relative_to(folder)))
        return ArrivalPhoto(name, photo.path, photo.problem)
    return ArrivalPhoto(
        name, None, ImportProblem.PACKED if suffix in _PACKED_SUFFIXES else ImportProblem.PHOTO_FORMAT
    )


def _shown(name: str) -> str:
    """Return a file's name as it can be shown: what its bytes say that is no text becomes a sign."""
    return " ".join(name.encode("utf-8", "surrogateescape").decode("utf-8", "replace").split())
