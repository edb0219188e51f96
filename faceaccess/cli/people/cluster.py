"""`faceaccess cluster`: a folder of photos, grouped by person."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from faceaccess.cli.common import Json, counted, failing_clearly, print_json, say
from faceaccess.cli.recogniser import Device, load_recogniser, show_progress

if TYPE_CHECKING:
    from faceaccess.people.gallery.photo_groups import FolderFaces, PhotoGroups

_NAMED = 20


def cluster(
    folder: Annotated[Path, typer.Argument(help="A folder with photos, in folders of their own or not.")],
    out: Annotated[
        Path | None,
        typer.Option(
            "--out", help="Where to write; by default a folder where you are, named after the photos'."
        ),
    ] = None,
    distance: Annotated[
        float | None,
        typer.Option("--distance", help="Greatest distance between neighbours of a group.", min=0, max=4),
    ] = None,
    json: Json = False,
    device: Device = "auto",
) -> None:
    """Group all faces of a folder of photos by person, without names; writes a table and contact sheets."""
    from faceaccess.people.gallery import photo_groups
    from faceaccess.recognition.calibration import cluster_distance

    with failing_clearly():
        place = out or Path(f"{folder.resolve().name or 'photos'}-groups")
        photo_groups.check_place(place, folder)
        recogniser = load_recogniser(device)
        folder_faces = photo_groups.find_faces(folder, recogniser, progress=show_progress("photos"))
        limit = cluster_distance(recogniser.embedder.model_id, None) if distance is None else distance
        grouped = photo_groups.group_faces(folder_faces, limit)
        files = photo_groups.write_groups(folder_faces, grouped, place)
    if json:
        print_json(_figures(folder_faces, grouped, files))
    else:
        _print(folder_faces, grouped, files)


def _figures(folder_faces: "FolderFaces", grouped: "PhotoGroups", files: list[Path]) -> dict[str, object]:
    return {
        "photos": folder_faces.photos,
        "faces": len(folder_faces.faces),
        "unclear_faces": folder_faces.unclear,
        "groups": len(grouped.groups),
        "in_groups": sum(map(len, grouped.groups)),
        "seen_once": len(grouped.alone),
        "unreadable": [{"file": str(path), "why": why} for path, why in folder_faces.unreadable],
        "written": [str(path) for path in files],
    }


def _print(folder_faces: "FolderFaces", grouped: "PhotoGroups", files: list[Path]) -> None:
    for path, why in folder_faces.unreadable[:_NAMED]:
        say(f"{path}: {why}", err=True)
    if len(folder_faces.unreadable) > _NAMED:
        say(f"and {len(folder_faces.unreadable) - _NAMED} more can't be read; see --json", err=True)
    in_groups = sum(map(len, grouped.groups))
    say(
        f"{counted(folder_faces.photos, 'photo')}, {counted(len(folder_faces.faces), 'face')} "
        f"({folder_faces.unclear} more not clear enough): {in_groups} in "
        f"{counted(len(grouped.groups), 'group')}, {len(grouped.alone)} seen once"
    )
    for path in files:
        say(str(path))
