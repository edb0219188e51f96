"""Bringing an open database up to date: its schema, signatures and seals."""

from collections.abc import Iterable, Sequence
from contextlib import AbstractContextManager
from dataclasses import replace
from pathlib import Path

from sqlite_utils import Database as SqliteDatabase

from faceaccess.store.file import schema
from faceaccess.store.file.connection import empty_log, immediate
from faceaccess.store.file.migrations import migrate, newest, refuse_unreadable, schema_version
from faceaccess.store.journal import seals
from faceaccess.store.journal.appending import Appender
from faceaccess.store.journal.chain import sign_end, signed_head, signer_of
from faceaccess.store.keys.keys import Secrets, keep_secrets


def update_schema(writer: SqliteDatabase, path: Path, appender: Appender, *, is_signed: bool) -> None:
    """Mend another program's changes to the schema, and migrate.

    Args:
        writer: the connection; nobody else writes.
        path: of the database.
        appender: of its journal.
        is_signed: whether the folder has a signing key, so that the journal can say what was mended.

    Raises:
        StoreError: the schema is one that this program can't use; nothing was changed.
    """
    schema.refuse_wrong_version(writer, path)
    refuse_unreadable(writer, path)
    if is_signed:
        with _transaction(writer, appender):
            mend_schema(writer, appender)
    if seals.schema_sealed(writer) is not None and schema_version(writer) < newest():
        # Said before the new schema gives every record another digest.
        changed = seals.unlike_sealed(writer, seals.all_subjects(writer))
        _seal(writer, appender, changed, changed)
    migrate(writer, path)
    _put_start_back(writer, appender, is_signed=is_signed)
    # A program that was killed may have left deleted content in the log.
    empty_log(writer)


def mend_schema(writer: SqliteDatabase, appender: Appender) -> None:
    """Undo and report another program's changes to the schema: its triggers would run as ours."""
    if names := schema.mend(writer):
        appender.say_changed(writer, names)


def seal_anew(writer: SqliteDatabase, appender: Appender) -> None:
    """Seal every record where none is sealed in the schema of now."""
    if seals.schema_sealed(writer) != newest():
        _seal(writer, appender, seals.unshipped_subjects(writer))


def begin_signing(folder: Path, writer: SqliteDatabase, secrets: Secrets) -> Secrets:
    """Give a folder of an older program a signing key, and sign the journal as it is now.

    The key is kept last: only once it is there, an end without a signature is a fault. Where the journal was
    signed before, somebody took its key away: it stays unlike what this key signs, which the next row says.
    """
    secrets = replace(secrets, signing_key=Secrets.make().signing_key)
    with immediate(writer):
        if signed_head(writer, b"") is None:
            sign_end(writer, signer_of(secrets))
    keep_secrets(folder, secrets)
    return secrets


def _put_start_back(writer: SqliteDatabase, appender: Appender, *, is_signed: bool) -> None:
    """Report and restore the missing row without which any row of the journal could be deleted."""
    table = writer.table("journal_start")
    if not table.exists() or table.count:
        return
    with _transaction(writer, appender):
        writer.execute(
            "INSERT INTO journal_start SELECT 1, coalesce(min(seq), 1) - 1, coalesce("
            "(SELECT previous_hash FROM journal ORDER BY seq LIMIT 1), zeroblob(32)) FROM journal"
        )
        if is_signed:
            appender.say_changed(writer, ["journal_start"])


def _seal(
    writer: SqliteDatabase, appender: Appender, subjects: Iterable[str], changed: Sequence[str] = ()
) -> None:
    """Seal subjects in a transaction of its own, while nobody else has the database."""
    if waiting := list(subjects):
        with _transaction(writer, appender), appender.appending(writer):
            seals.seal(writer, waiting, changed)


def _transaction(writer: SqliteDatabase, appender: Appender) -> AbstractContextManager[None]:
    return appender.remembering(writer, immediate(writer))
