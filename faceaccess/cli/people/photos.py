"""`faceaccess identify` and `faceaccess verify`: the people in photos, and comparing two photos."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from faceaccess.cli.common import (
    FAILED,
    DataDir,
    Json,
    counted,
    print_json,
    require_paths,
    say,
    workspace,
)

if TYPE_CHECKING:
    from faceaccess.people.enrolment.photo_review import PhotoReview
    from faceaccess.workspace import Workspace


def identify(
    ctx: typer.Context,
    photos: Annotated[list[Path], typer.Argument(help="Photos of one face each.", metavar="PHOTO...")],
    json: Json = False,
    data_dir: DataDir = None,
) -> None:
    """Name the person in each photo, or say unknown. Nothing is logged."""
    is_complete = True
    with workspace(ctx, data_dir, read_only=True) as space:
        require_paths(photos)
        for path in photos:
            row = _identify(space, path)
            is_complete &= row["outcome"] is not None
            if json:
                print_json(row)
            else:
                distance = (
                    ""
                    if row["distance"] is None
                    else f"  distance {row['distance']:.3f} of {row['threshold']:.3f}"
                )
                say(f"{path}: {row['outcome'] or row['problem']}  {row['person'] or '-'}{distance}")
    if not is_complete:
        raise typer.Exit(FAILED)


def _identify(space: "Workspace", path: Path) -> dict[str, object]:
    import numpy as np

    from faceaccess.codes import PhotoProblem
    from faceaccess.errors import SettingsError
    from faceaccess.recognition.decision import decide

    policy = space.models.thresholds.in_force
    if policy is None:
        raise SettingsError("No threshold has been set for this model.", "Set one in the window.")
    review = space.reception.enrolment.review_file(path)
    unreadable = (
        PhotoProblem.UNREADABLE,
        PhotoProblem.TOO_LARGE,
        PhotoProblem.NO_FACE,
        PhotoProblem.SEVERAL_FACES,
    )
    is_clear = review.problem not in unreadable and not review.has_rival
    if not is_clear or review.crop is None or review.quality is None:
        return _row(path, None, None, problem=_what_is_wrong(review))
    recogniser = space.models.recogniser
    embedding = recogniser.embedder.embed_probes(np.stack([review.crop]))
    decision = decide(recogniser.gallery.search(embedding)[0], review.quality, policy)
    names = {person_id: _name(space, person_id) for person_id in (decision.person_id, decision.runner_up_id)}
    row = _row(path, decision.outcome.name, names[decision.person_id])
    _tell_of_bystanders(path, review)
    row |= {
        "bystanders": review.bystanders,
        "reason": decision.reason,
        "distance": decision.distance,
        "runner_up": names[decision.runner_up_id],
        "runner_up_distance": decision.runner_up_distance,
        "threshold": decision.threshold,
        "model_id": policy.model_id,
    }
    return row


def _tell_of_bystanders(path: Path, review: "PhotoReview") -> None:
    """Say that one face of several was judged."""
    if review.bystanders:
        say(f"{path}: the main one of {counted(review.bystanders + 1, 'face')} was taken.", err=True)


def _what_is_wrong(review: "PhotoReview") -> str:
    """Return the reason why a photo can't be judged. Which of several faces is meant can't be told."""
    from faceaccess.codes import PhotoProblem

    return str(PhotoProblem.SEVERAL_FACES if review.has_rival else review.problem)


def _name(space: "Workspace", person_id: str | None) -> str | None:
    return None if person_id is None else space.people.get(person_id).name


def _row(path: Path, outcome: object, person: str | None, problem: object = None) -> dict[str, object]:
    return {
        "photo": str(path),
        "outcome": outcome,
        "person": person,
        "problem": problem,
        "distance": None,
        "threshold": None,
    }


def verify(
    ctx: typer.Context,
    first: Annotated[Path, typer.Argument(help="A photo.", metavar="A")],
    second: Annotated[Path, typer.Argument(help="Another photo.", metavar="B")],
    threshold: Annotated[
        float | None, typer.Option("--threshold", help="Greatest distance of one person; else the door's.")
    ] = None,
    json: Json = False,
    data_dir: DataDir = None,
) -> None:
    """Say whether two photos show one person. Exits with 0 when they do, with 4 when not."""
    import numpy as np

    with workspace(ctx, data_dir, read_only=None) as space:
        from faceaccess.errors import SettingsError

        require_paths((first, second))
        reviews = [_reviewed(space, path) for path in (first, second)]
        embedder = space.models.recogniser.embedder
        embedding, other = embedder.embed_probes(
            np.stack([review.crop for review in reviews if review.crop is not None])
        )
        distance = float(np.sum((embedding - other) ** 2))
        policy = space.models.thresholds.in_force
        if threshold is None and policy is None:
            raise SettingsError("No threshold has been set for this model.", "Give one with --threshold.")
        limit = threshold if threshold is not None else policy.threshold if policy else 0.0
        is_same = distance <= limit
        if json:
            print_json(
                {"is_same": is_same, "distance": distance, "threshold": limit, "model_id": embedder.model_id}
            )
        else:
            say(
                f"{'same person' if is_same else 'not the same person'}: "
                f"distance {distance:.3f}, threshold {limit:.3f}"
            )
    raise typer.Exit(0 if is_same else 4)


def _reviewed(space: "Workspace", path: Path) -> "PhotoReview":
    from faceaccess.errors import EnrolmentError

    review = space.reception.enrolment.review_file(path)
    # Of several faces, which one is meant can't be told.
    if review.crop is None or review.has_rival:
        raise EnrolmentError(
            f"{path}: {_what_is_wrong(review).replace('_', ' ')}. {review.detail}".strip(),
            "Use a photo of one face, or cut it out.",
        )
    _tell_of_bystanders(path, review)
    return review
