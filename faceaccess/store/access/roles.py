"""Roles and rights: one table, and the one check that every use case goes through."""

from collections.abc import Callable, Mapping
from functools import wraps
from typing import Concatenate, ParamSpec, Protocol, TypeVar, cast

from faceaccess.codes import JournalKind, Right, Role
from faceaccess.errors import PermissionDenied, Text
from faceaccess.store.access.types import DOOR, SYSTEM, Actor
from faceaccess.store.file.database import Database
from faceaccess.store.journal.appending import append_now
from faceaccess.store.journal.proof import Readable
from faceaccess.store.people.names import fold

_EVERYTHING = frozenset(Right)

RIGHTS: Mapping[Role, frozenset[Right]] = {
    Role.OPEN: _EVERYTHING,
    Role.NOBODY: frozenset(),
    Role.SYSTEM: frozenset({Right.KEEP, Right.EXPORT}),
    Role.DOOR: frozenset({Right.RUN_DOOR, Right.VOID_GREETING}),
    Role.RECEPTIONIST: frozenset(
        {
            Right.READ,
            Right.RUN_DOOR,
            Right.VOID_GREETING,
            Right.ANSWER_DESK,
            Right.ENROL,
            Right.CHANGE_PEOPLE,
        }
    ),
    Role.AUDITOR: frozenset({Right.READ, Right.EXPORT}),
    Role.ADMIN: _EVERYTHING,
}

_WORDS: Mapping[Right, Text] = {
    Right.READ: Text("read what is recorded"),
    Right.RUN_DOOR: Text("open the door's cameras"),
    Right.VOID_GREETING: Text("void an entry"),
    Right.ANSWER_DESK: Text("say who somebody at the door is"),
    Right.ENROL: Text("enrol people"),
    Right.CHANGE_PEOPLE: Text("change people"),
    Right.DELETE_PEOPLE: Text("delete people"),
    Right.CORRECT: Text("correct the record"),
    Right.EXPORT: Text("export"),
    Right.SET_POLICY: Text("change settings of the door"),
    Right.MANAGE_OPERATORS: Text("manage operators"),
    Right.KEEP: Text("back up, restore or encrypt the data"),
}


class HasDatabase(Protocol):
    """Whatever acts on a data folder."""

    @property
    def database(self) -> Database:
        """The folder's database."""


_P = ParamSpec("_P")
_R = TypeVar("_R")
_S = TypeVar("_S", bound=HasDatabase)
_UseCase = Callable[Concatenate[_S, Actor, _P], _R]


def needs(right: Right) -> Callable[[_UseCase[_S, _P, _R]], _UseCase[_S, _P, _R]]:
    """Allow a use case only to actors with the right; its first parameter is the actor.

    A refusal is journalled and raised as `PermissionDenied`.
    """

    def decorate(use_case: _UseCase[_S, _P, _R]) -> _UseCase[_S, _P, _R]:
        @wraps(use_case)
        def checked(self: _S, actor: Actor, *args: _P.args, **kwargs: _P.kwargs) -> _R:
            require(self.database, actor, right)
            return use_case(self, actor, *args, **kwargs)

        checked.needed_right = right  # type: ignore[attr-defined]
        return cast(_UseCase[_S, _P, _R], checked)

    return decorate


def require(database: Database, actor: Actor, right: Right) -> None:
    """Check that somebody has a right; a refusal is journalled.

    Raises:
        PermissionDenied: not so.
    """
    if may(database, actor, right):
        return
    if not database.is_read_only:
        with database.transaction() as db, database.appender.appending(db):
            append_now(db, actor, JournalKind.ACTION_REFUSED, None, {"right": right})
    raise refusal(actor, right)


def may(database: Database, actor: Actor, right: Right) -> bool:
    """Tell whether somebody has a right now: roles are as the database says, not as the actor does."""
    if right not in RIGHTS[actor.role]:
        return False
    if actor in (DOOR, SYSTEM):
        return True
    with database.reader() as db:
        row = db.execute("SELECT role FROM operators WHERE name_key = ?", [fold(actor.name)]).fetchone()
        if row is not None:
            return bool(actor.role == row[0])
        return actor.role is Role.OPEN and not has_operators(database)


def has_operators(database: Readable) -> bool:
    """Tell whether a folder is closed: only its operators may use it."""
    with database.reader() as db:
        return bool(db.execute("SELECT EXISTS (SELECT 1 FROM operators)").fetchone()[0])


def refusal(actor: Actor, right: Right) -> PermissionDenied:
    """Return the error that says that somebody may not do something."""
    if actor.role in (Role.NOBODY, Role.OPEN) or actor == DOOR:
        return PermissionDenied(
            "Nobody is signed in who may {action}.",
            "Sign in; on the command line: --operator NAME, with the password on standard input.",
            action=_WORDS[right],
        )
    allowed: Text | str = ""
    for role in (Role.RECEPTIONIST, Role.AUDITOR, Role.ADMIN):
        if right in RIGHTS[role]:
            allowed = (
                Text("{role} or {other_role}", {"role": allowed, "other_role": role}) if allowed else role
            )
    return PermissionDenied(
        "The role {role} may not {action}.",
        "Somebody with the role {allowed} may.",
        role=actor.role,
        action=_WORDS[right],
        allowed=allowed,
    )
