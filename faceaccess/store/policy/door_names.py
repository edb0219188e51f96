"""Doors are known by their names: without case, and through renaming."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace

from faceaccess.settings import CameraSettings
from faceaccess.store.access.types import AccessRules


def is_same(name: str, other: str) -> bool:
    """Tell whether two names belong to one door."""
    return name.casefold() == other.casefold()


def spelled(doors: Iterable[str], name: str) -> str | None:
    """Return how a door's name is spelled among these; None when it isn't there."""
    return next((door for door in doors if is_same(door, name)), None)


def with_one_spelling(cameras: Sequence[CameraSettings]) -> tuple[CameraSettings, ...]:
    """Return cameras that spell the same door in the same way: as the first of them does."""
    names: dict[str, str] = {}
    for camera in cameras:
        names.setdefault(camera.door.casefold(), camera.door)
    return tuple(replace(camera, door=names[camera.door.casefold()]) for camera in cameras)


def renamed(before: Sequence[CameraSettings], after: Sequence[CameraSettings]) -> Mapping[str, str]:
    """Return the new names of doors by their old ones.

    A door was renamed when no camera has its name any longer, one that had it has another, and
    that one is new too: a camera that was moved to a door there was already renames nothing.
    """
    now = {camera.camera_id: camera.door for camera in after}
    old = {camera.door.casefold() for camera in before}
    names: dict[str, str] = {}
    for camera in before:
        name = now.get(camera.camera_id)
        if name is None or name == camera.door or spelled(now.values(), camera.door) not in (None, name):
            continue
        if is_same(name, camera.door) or name.casefold() not in old:
            names.setdefault(camera.door, name)
    return names


def with_doors_renamed(rules: AccessRules, names: Mapping[str, str]) -> AccessRules:
    """Return rules in which groups name renamed doors by their new names."""
    by_old = {old.casefold(): new for old, new in names.items()}
    groups = tuple(
        replace(group, doors=tuple(by_old.get(door.casefold(), door) for door in group.doors))
        for group in rules.groups
    )
    return replace(rules, groups=groups)
