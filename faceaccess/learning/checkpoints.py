"""How far a training is, on disk: one file, replaced whole, so that a kill leaves the last good one."""

import os
import pickle
from pathlib import Path
from typing import Any

import torch

from faceaccess.errors import ModelError

NAME = "checkpoint.pt"


def write_checkpoint(folder: Path, state: dict[str, Any]) -> None:
    """Replace a folder's checkpoint by another.

    Args:
        folder: of the training; made when missing.
        state: tensors, numbers, strings, lists and dicts of these.

    Raises:
        ModelError: the disk is full or can't be written; the former checkpoint is still there.
    """
    partial = folder / f"{NAME}.part"
    try:
        folder.mkdir(parents=True, exist_ok=True)
        with partial.open("wb") as file:
            torch.save(state, file)
            file.flush()
            os.fsync(file.fileno())
        os.replace(partial, folder / NAME)
    except (OSError, RuntimeError) as exc:
        # torch's writer reports a full disk as a RuntimeError.
        partial.unlink(missing_ok=True)
        raise ModelError(
            "The checkpoint can't be written to {folder}: {reason}.",
            "Free some space and give the same command again: it goes on from the last checkpoint.",
            folder=folder,
            reason=str(exc),
        ) from exc


def read_checkpoint(folder: Path) -> dict[str, Any] | None:
    """Return a folder's checkpoint, None where there is none.

    Raises:
        ModelError: it is damaged, or no checkpoint.
    """
    path = folder / NAME
    if not path.is_file():
        return None
    try:
        state: dict[str, Any] = torch.load(path, map_location="cpu", weights_only=True)
    except (OSError, RuntimeError, pickle.UnpicklingError, EOFError, ValueError) as exc:
        raise ModelError(
            "{path} is damaged.", "Delete it to begin anew, or choose another folder.", path=path
        ) from exc
    return state


def forget_checkpoint(folder: Path) -> None:
    """Remove a folder's checkpoint: the training is over."""
    (folder / NAME).unlink(missing_ok=True)
