"""`faceaccess consents`: consents, their texts, and those that are due."""

from datetime import date
from pathlib import Path
from typing import Annotated

import typer

from faceaccess.cli.common import Commands, DataDir, Json, print_json, say, say_if_none, workspace
from faceaccess.codes import Right

app = Commands(help="Consents to face recognition, and their texts.", no_args_is_help=True)

MOST_TEXT_BYTES = 2**20

Person = Annotated[str, typer.Argument(help="Name, staff number or id.", metavar="PERSON")]


@app.command()
def texts(ctx: typer.Context, json: Json = False, data_dir: DataDir = None) -> None:
    """List the texts that people agree to; the newest of a language is the current one."""
    with workspace(ctx, data_dir, read_only=True) as space:
        for text in space.reception.consents.texts():
            if json:
                print_json(vars(text))
                continue
            mark = "current" if text.is_current else ""
            say(f"{text.version:>3}  {text.language:<3} {text.created_at:%Y-%m-%d}  {mark}")


@app.command()
def show(
    ctx: typer.Context,
    version: Annotated[int, typer.Argument(help="Of the text.", metavar="VERSION")],
    data_dir: DataDir = None,
) -> None:
    """Print a text, to be read and signed."""
    with workspace(ctx, data_dir, read_only=True) as space:
        for line in space.reception.consent_records.texts.get(version).text.splitlines():
            say(line)


@app.command()
def write(
    ctx: typer.Context,
    language: Annotated[str, typer.Argument(help="Such as en or de.")],
    file: Annotated[Path, typer.Argument(help="The text, UTF-8.", metavar="FILE", exists=True)],
    learning: Annotated[
        bool, typer.Option("--learning", help="Add the sentence that lets the model be adapted from photos.")
    ] = False,
    data_dir: DataDir = None,
) -> None:
    """Store a text as the current one of its language; older ones stay."""
    from faceaccess.errors import ConsentError
    from faceaccess.foreign_files import read_text
    from faceaccess.people.consent import with_learning_line

    with workspace(ctx, data_dir, right=Right.SET_POLICY) as space:
        try:
            text = read_text(file, MOST_TEXT_BYTES)
        except (OSError, UnicodeDecodeError) as exc:
            raise ConsentError(f"{file} can't be read.", "Give a text file in UTF-8.") from exc
        if learning:
            text = with_learning_line(language, text)
        written = space.reception.consents.write_text(space.access.actor, language, text)
    say(f"version {written.version} is the current text in {written.language}")


@app.command()
def record(
    ctx: typer.Context,
    person: Person,
    version: Annotated[int, typer.Argument(help="Of the text that the person agreed to.")],
    on: Annotated[str, typer.Option("--on", help="The day, as 2026-03-01; else today.")] = "",
    expires: Annotated[
        str, typer.Option("--expires", help="The first day on which it no longer holds.")
    ] = "",
    review: Annotated[str, typer.Option("--review", help="When to look at it again.")] = "",
    data_dir: DataDir = None,
) -> None:
    """Record somebody's consent, given on paper for example."""
    from faceaccess.cli.attendance.dates import parse_any_day, parse_day
    from faceaccess.cli.people.people import find_person
    from faceaccess.store.people.types import NewConsent

    with workspace(ctx, data_dir, right=Right.ENROL) as space:
        enrolled = find_person(space.people, person)
        new = NewConsent(
            version,
            parse_day(on) if on else date.today(),
            expires_on=parse_any_day(expires) if expires else None,
            review_on=parse_any_day(review) if review else None,
        )
        consent = space.reception.consents.record(space.access.actor, enrolled.person_id, new)
    say(f"{enrolled.name}: text {consent.version} ({consent.language}), {consent.given_on}")


@app.command("list")
def list_(ctx: typer.Context, person: Person, json: Json = False, data_dir: DataDir = None) -> None:
    """List somebody's consents, newest first."""
    from faceaccess.cli.people.people import find_person

    with workspace(ctx, data_dir, read_only=True) as space:
        whose = find_person(space.people, person)
        consents = space.reception.consent_records.of(whose.person_id)
        say_if_none(consents, f"{whose.name} has no consent on record.", json=json)
        for consent in consents:
            if json:
                print_json(vars(consent))
                continue
            end = f"  until {consent.expires_on}" if consent.expires_on else ""
            end = f"  withdrawn {consent.withdrawn_at:%Y-%m-%d}" if consent.withdrawn_at else end
            signed = "  signed" if consent.has_signature else ""
            say(
                f"text {consent.version} ({consent.language})  {consent.given_on}{end}{signed}"
                f"  by {consent.recorded_by}"
            )


@app.command()
def due(ctx: typer.Context, json: Json = False, data_dir: DataDir = None) -> None:
    """List consents that are missing, expired, due for review, to an older text, or withdrawn."""
    with workspace(ctx, data_dir, read_only=True) as space:
        rows = space.reception.consents.due()
        say_if_none(rows, "No consent is due.", json=json)
        for row in rows:
            if json:
                print_json(vars(row))
                continue
            rest = "".join(f"  {part}" for part in (row.day, row.words) if part)
            say(f"{row.due.value.replace('_', ' '):<13} {row.name}{rest}")
