"""`faceaccess people erase` and `faceaccess consents withdraw`: for good, with a certificate."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from faceaccess.cli.common import DataDir, Json, confirm, counted, print_json, say, workspace
from faceaccess.cli.people.people import Who, find_person
from faceaccess.codes import Right
from faceaccess.settings import RetentionSettings

if TYPE_CHECKING:
    from faceaccess.people.gallery.erasure import Certificate
    from faceaccess.store.people.types import Person
    from faceaccess.workspace import Workspace

Paper = Annotated[
    Path | None, typer.Option("--certificate", help="A PDF for the person: what was removed, and how.")
]
Yes = Annotated[bool, typer.Option("--yes", "-y", help="Don't ask.")]


def erase(
    ctx: typer.Context,
    person: Who,
    certificate: Paper = None,
    yes: Yes = False,
    json: Json = False,
    data_dir: DataDir = None,
) -> None:
    """Remove a person for good: photos, templates, pictures, notes, consents; entries keep a random id."""
    with workspace(ctx, data_dir, right=Right.DELETE_PEOPLE) as space, _paper(certificate) as paper:
        enrolled = find_person(space.people, person, hidden=None)
        if not yes:
            confirm(f"Erase {enrolled.name} for good? This can't be undone.")
        done = space.reception.eraser.erase(space.access.actor, enrolled.person_id)
        _tell(done, json)
        paper(done)


def withdraw(
    ctx: typer.Context,
    person: Who,
    reason: Annotated[
        str,
        typer.Option(
            "--reason", help="How the person asked for it; required of operators who may not erase."
        ),
    ] = "",
    certificate: Paper = None,
    yes: Yes = False,
    json: Json = False,
    data_dir: DataDir = None,
) -> None:
    """End somebody's consent and remove the face for good; name, hours and PIN stay.

    Those who may not delete people say why: the face is hidden at once, erased after the days that deleted
    photos are kept, and an admin is told. Until then `people undo` takes it back.
    """
    with workspace(ctx, data_dir, right=Right.CHANGE_PEOPLE) as space, _paper(certificate) as paper:
        enrolled = find_person(space.people, person)
        if not space.access.may(Right.DELETE_PEOPLE):
            _hold(space, enrolled, reason, has_paper=certificate is not None)
            return
        if not yes:
            question = f"Remove all photos, templates and pictures of {enrolled.name}? This can't be undone."
            confirm(question)
        done = space.reception.eraser.withdraw_consent(space.access.actor, enrolled.person_id, reason)
        _tell(done, json)
        paper(done)


def _hold(space: "Workspace", person: "Person", reason: str, *, has_paper: bool) -> None:
    """Withdraw a consent so that it can be undone, and say until when."""
    from faceaccess.errors import ConsentError

    if has_paper:
        raise ConsentError(
            "The certificate says that the face is erased, which only an admin can do at once.",
            "Leave it out. Nothing was changed.",
        )
    space.reception.withdrawals.withdraw(space.access.actor, person.person_id, reason)
    days = space.policies.read(RetentionSettings).deleted_days
    say(
        f"{person.name}: the consent is withdrawn and the face hidden; it is erased in "
        f"{counted(days, 'day')}. See: faceaccess people undo"
    )


@contextmanager
def _paper(path: Path | None) -> "Iterator[Callable[[Certificate], None]]":
    """Open a new file for a certificate before anything is removed, and give the function that writes it.

    Raises:
        StoreError: there is a file already, or none can be made: nothing was removed.
    """
    if path is None:
        yield lambda _: None
        return
    from faceaccess.errors import StoreError
    from faceaccess.gui.printing import write_certificate
    from faceaccess.store.file.faults import mapped_faults
    from faceaccess.store.file.files import written_whole

    if path.exists():
        raise StoreError(f"{path} exists already.", "Name another file. Nothing was removed.")
    with mapped_faults(path):
        path.touch(exist_ok=False)
    try:

        def write(certificate: "Certificate") -> None:
            with written_whole(path) as part:
                write_certificate(certificate, part)
            say(f"The certificate is in {path}.", err=True)

        yield write
    finally:
        if not path.stat().st_size:
            path.unlink()


def _tell(done: "Certificate", as_json: bool) -> None:
    """Print a list of what was removed, and where copies are."""
    if as_json:
        backups = [{"path": str(b.path), "removed_on": b.removed_on} for b in done.backups]
        print_json(
            {**vars(done), "removed": vars(done.removed), "proof": done.proof.hex(), "backups": backups}
        )
        return
    removed = done.removed
    say(
        f"{done.name}: {counted(removed.photos, 'photo')}, {counted(removed.templates, 'template')} and "
        f"{counted(removed.crops, 'picture')} of the log are removed"
        f"{' and overwritten' if done.is_overwritten else ''}."
    )
    for folder in done.unseen_folders:
        say(f"not looked at, it can't be reached: {folder}")
    for backup in done.backups:
        until = f"until about {backup.removed_on:%Y-%m-%d}" if backup.removed_on else "until it is deleted"
        say(f"still in {backup.path}, {until}")
