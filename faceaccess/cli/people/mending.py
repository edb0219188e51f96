"""Commands of `faceaccess people` that can be undone: delete, restore, merge, split, undo."""

from datetime import date
from typing import TYPE_CHECKING, Annotated

import typer

from faceaccess.cli.common import (
    Commands,
    DataDir,
    Json,
    confirm,
    counted,
    print_json,
    say,
    say_if_none,
    workspace,
)
from faceaccess.cli.people.people import Who, find_person
from faceaccess.settings import RetentionSettings

if TYPE_CHECKING:
    from collections.abc import Sequence

    from faceaccess.people.gallery.mending import RecentlyDeleted
    from faceaccess.store.people.types import StoredPhoto

Numbers = Annotated[
    list[int] | None,
    typer.Option("--photo", help="A photo's number, as `people photos` lists them; may be repeated."),
]
_TIME = "%Y-%m-%d %H:%M"


def add_to(app: Commands) -> None:
    """Add the commands to those of `faceaccess people`."""
    for command in (delete, restore, deleted, merge, split, undo, photos):
        app.command()(command)


def delete(
    ctx: typer.Context,
    person: Who,
    photo: Numbers = None,
    yes: Annotated[bool, typer.Option("--yes", "-y", help="Don't ask.")] = False,
    data_dir: DataDir = None,
) -> None:
    """Delete a person, or some of the photos, so that it can be restored for some days."""
    with workspace(ctx, data_dir) as space:
        enrolled = find_person(space.people, person)
        days = space.policies.read(RetentionSettings).deleted_days
        photos = counted(len(photo or ()), "photo")
        what = f"{enrolled.name} with all photos" if photo is None else f"{photos} of {enrolled.name}"
        if not yes:
            question = f"Delete {what}? It can be restored for {counted(days, 'day')}."
            confirm(question)
        if photo is None:
            space.reception.mending.hide(space.access.actor, enrolled.person_id)
        else:
            _require_own(space.reception.mending.photos.of(enrolled.person_id), photo)
            space.reception.mending.hide_photos(space.access.actor, photo)
        say(f"Deleted: {what}. It can be restored for {counted(days, 'day')}.")


def restore(ctx: typer.Context, person: Who, photo: Numbers = None, data_dir: DataDir = None) -> None:
    """Bring back a person who was deleted, or photos of one who wasn't."""
    with workspace(ctx, data_dir) as space:
        enrolled = find_person(space.people, person, hidden=photo is None)
        if photo is None:
            space.reception.mending.restore(space.access.actor, enrolled.person_id)
            say(f"{enrolled.name} is back.")
        else:
            own = [
                hidden_photo
                for hidden_photo in space.reception.mending.photos.hidden()
                if hidden_photo.person_id == enrolled.person_id
            ]
            _require_own(own, photo)
            space.reception.mending.restore_photos(space.access.actor, photo)
            say(f"Back: {counted(len(photo), 'photo')} of {enrolled.name}.")


def deleted(ctx: typer.Context, json: Json = False, data_dir: DataDir = None) -> None:
    """List deleted people and photos that can still be restored."""
    with workspace(ctx, data_dir, read_only=True) as space:
        recent = space.reception.mending.deleted()
        names = {photo.person_id: space.people.get(photo.person_id).name for photo in recent.photos}
        days = space.policies.read(RetentionSettings).deleted_days
    if json:
        _print_plain(recent)
        return
    for person in recent.people:
        say(f"{person.name}  {person.staff_number or ''}  {person.hidden_at:{_TIME}}")
    for photo in recent.photos:
        say(f"{names[photo.person_id]}, photo {photo.photo_id}  {photo.hidden_at:{_TIME}}")
    say(f"{len(recent.people) + len(recent.photos)} deleted; each is erased after {counted(days, 'day')}")


def _print_plain(recent: "RecentlyDeleted") -> None:
    for person in recent.people:
        print_json({"person_id": person.person_id, "name": person.name, "deleted_at": person.hidden_at})
    for photo in recent.photos:
        print_json({"person_id": photo.person_id, "photo": photo.photo_id, "deleted_at": photo.hidden_at})


def merge(
    ctx: typer.Context,
    person: Who,
    into: Annotated[
        str, typer.Argument(help="The person whose name, groups, PIN and schedules are kept.", metavar="INTO")
    ],
    data_dir: DataDir = None,
) -> None:
    """Merge two records of one person: photos and entries of the first become the second's."""
    with workspace(ctx, data_dir) as space:
        first, other = find_person(space.people, person), find_person(space.people, into)
        space.reception.mending.merge(space.access.actor, first.person_id, other.person_id)
        say(f"{first.name} and {other.name} are one person, {other.name}. See: faceaccess people undo")


def split(
    ctx: typer.Context,
    person: Who,
    photo: Numbers = None,
    to: Annotated[str | None, typer.Option("--to", help="The person whose photos they are.")] = None,
    new: Annotated[str | None, typer.Option("--new", help="The name of a new person.")] = None,
    consent: Annotated[
        int | None,
        typer.Option("--consent", help="The new person has agreed to this text.", metavar="VERSION"),
    ] = None,
    data_dir: DataDir = None,
) -> None:
    """Move photos to the person they show, or to a new one."""
    from faceaccess.store.people.types import NewConsent

    if not photo or (to is None) == (new is None):
        raise typer.BadParameter("Say which photos, and either --to PERSON or --new NAME.")
    with workspace(ctx, data_dir) as space:
        enrolled = find_person(space.people, person)
        _require_own(space.reception.mending.photos.of(enrolled.person_id), photo)
        if to is not None:
            other = find_person(space.people, to)
            if other.person_id == enrolled.person_id:
                raise typer.BadParameter(f"The photos are {enrolled.name}'s already.")
            space.reception.mending.move_photos(space.access.actor, photo, other.person_id)
            said = f"Now of {other.name}: {counted(len(photo), 'photo')} of {enrolled.name}."
            say(f"{said} See: faceaccess people undo")
        else:
            new_consent = None if consent is None else NewConsent(consent, date.today())
            space.reception.mending.split(space.access.actor, photo, name=str(new), consent=new_consent)
            say(f"Now of {new}, who is new: {counted(len(photo), 'photo')} of {enrolled.name}.")


def undo(ctx: typer.Context, person: Who, data_dir: DataDir = None) -> None:
    """Undo the last change to a person: a new name, merging, splitting, deleting a photo, withdrawing."""
    from faceaccess.errors import EnrolmentError

    with workspace(ctx, data_dir) as space:
        enrolled = find_person(space.people, person)
        change = next(
            (
                change
                for change in space.reception.mending.history(enrolled.person_id)
                if change.can_be_undone
            ),
            None,
        )
        if change is None:
            raise EnrolmentError(f"There is nothing to undo of {enrolled.name}.")
        space.reception.mending.undo(space.access.actor, change.row.seq)
        say(f"Undone: {change.row.kind.replace('_', ' ')}, {change.row.at:{_TIME}} by {change.row.actor}.")


def photos(ctx: typer.Context, person: Who, json: Json = False, data_dir: DataDir = None) -> None:
    """List a person's photos by their numbers."""
    with workspace(ctx, data_dir, read_only=True) as space:
        whose = find_person(space.people, person)
        stored = space.reception.mending.photos.of(whose.person_id)
    say_if_none(stored, f"{whose.name} has no photos.", json=json)
    for photo in stored:
        if json:
            print_json({"photo": photo.photo_id, "quality": photo.quality, "created_at": photo.created_at})
        else:
            say(f"{photo.photo_id}  {photo.created_at:{_TIME}}  sharpness {photo.quality:.0f}")


def _require_own(own: "Sequence[StoredPhoto]", numbers: list[int]) -> None:
    """Check that photos are of the person who was named.

    Raises:
        EnrolmentError: one isn't.
    """
    from faceaccess.errors import EnrolmentError

    known = {photo.photo_id for photo in own}
    for number in numbers:
        if number not in known:
            raise EnrolmentError(f"The person has no such photo: {number}.", "See: faceaccess people photos")
