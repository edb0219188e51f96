"""The operators: names, roles, passwords, signing in, and recovering a lost password."""

import hashlib
from collections.abc import Callable
from datetime import datetime

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerifyMismatchError
from sqlite_utils import Database as SqliteDatabase

from faceaccess.codes import JournalKind, Right, Role
from faceaccess.errors import OperatorError, PermissionDenied
from faceaccess.steady import Uptime, uptime
from faceaccess.store import clock
from faceaccess.store.access.accounts import PROGRAM_NAMES
from faceaccess.store.access.failures import FailureCounts
from faceaccess.store.access.roles import has_operators, needs
from faceaccess.store.access.types import SYSTEM, Actor, Operator, Proof
from faceaccess.store.file.database import Database
from faceaccess.store.journal.journal import Journal
from faceaccess.store.keys.recovery import clean_passphrase, new_passphrase
from faceaccess.store.people.names import clean_name, fold

LEAST_PASSWORD, MOST_PASSWORD = 12, 256

LEAST_SCORE = 3
"""Of zxcvbn's 0 to 4: "safely unguessable", more than 10^8 guesses. Source: Wheeler 2016."""

_CHECKED_CHARACTERS = 72
"""zxcvbn takes quadratic time; a password this long that is easy to guess is so from its start."""

_RECOVERY, _SIGN_IN = "\0recovery", "\0sign-in"
ROLES = (Role.RECEPTIONIST, Role.ADMIN, Role.AUDITOR, Role.DOOR)

# Argon2id with the library's parameters: the second recommended option of RFC 9106, section 4.
_HASHER = PasswordHasher()

_NOBODY = "$argon2id$v=19$m=65536,t=3,p=4$KoIQVdOKH84xJOtU2bQr3Q$GrRZhxEaHgyIwKFVFqXbZZ+h8B3cENtJqdjSMMTn/is"
"""Of a password that nobody has and that was not kept, by the same parameters: a name that isn't there takes
as long as one that is. Making it at each start took a third of a second and 64 MiB."""


def admin_of(db: SqliteDatabase, proof: Proof) -> Actor | None:
    """Return the admin a proof names, by a database not in use; None: it proves nothing.

    With the recovery passphrase that is the program itself. Slow on purpose; nothing is counted.
    """
    row = db.execute(
        "SELECT name, hash FROM operators WHERE name_key = ? AND role = ?"
        " UNION ALL SELECT '', value FROM policies WHERE key = ? AND ? = ''",
        [fold(proof.name), Role.ADMIN, _RECOVERY, proof.name],
    ).fetchone()
    typed = proof.secret if proof.name else clean_passphrase(proof.secret)
    try:
        _HASHER.verify(row[1] if row else _NOBODY, typed)
    except (VerifyMismatchError, InvalidHashError):
        return None
    if row is None:
        return None
    return Actor(row[0], Role.ADMIN) if row[0] else SYSTEM


def check_password(password: str, *names: str) -> None:
    """Check that a password is long enough and not easily guessed. Takes some milliseconds.

    Args:
        password: as typed.
        names: guesses that would be tried first: the operator's name.

    Raises:
        OperatorError: it is too short or long, or would be guessed.
    """
    if not LEAST_PASSWORD <= len(password) <= MOST_PASSWORD:
        raise OperatorError(
            "A password has {least_password} to {most_password} characters; this one has {count}.",
            "Three or four words that don't belong together are easy to remember.",
            least_password=LEAST_PASSWORD,
            most_password=MOST_PASSWORD,
            count=len(password),
        )
    from zxcvbn import zxcvbn

    strength = zxcvbn(password[:_CHECKED_CHARACTERS], user_inputs=[*names, "faceaccess"])
    if strength["score"] < LEAST_SCORE:
        raise OperatorError(
            "This password would be guessed.",
            "Take three or four words that don't belong together, without names or years.",
        )


class Operators:
    """Reads and changes operators. Whatever takes a password is slow on purpose: not on the GUI's thread."""

    def __init__(
        self, database: Database, journal: Journal, uptime: Callable[[], Uptime | None] = uptime
    ) -> None:
        self.database, self._journal = database, journal
        self._failures = FailureCounts(database, uptime)

    @property
    def is_closed(self) -> bool:
        """Whether the folder has operators: only they may use it."""
        return has_operators(self.database)

    def list(self) -> "list[Operator]":
        """Return all operators by name."""
        with self.database.reader() as db:
            rows = db.execute("SELECT name, role, created_at FROM operators ORDER BY name_key").fetchall()
        return [Operator(row[0], Role(row[1]), clock.from_text(row[2])) for row in rows]

    @needs(Right.MANAGE_OPERATORS)
    def close_folder(self, actor: Actor, name: str, password: str) -> str:
        """Create the first admin, which closes the folder for good; return the recovery passphrase.

        It is shown this once: with it, a lost password or a lost key is recovered.

        Raises:
            OperatorError: there are operators already, or a bad name or password.
        """
        digest = _digest(name, password)
        passphrase = new_passphrase()
        recovery = _HASHER.hash(clean_passphrase(passphrase))
        with self.database.transaction() as db:
            if has_operators(self.database):
                raise OperatorError("This data folder has operators already.", "An admin can add others.")
            operator = Actor(_insert(db, name, Role.ADMIN, digest), Role.ADMIN)
            _keep_recovery(db, recovery)
            self._journal.record(
                operator,
                JournalKind.OPERATOR_CREATED,
                details={"operator": operator.name, "role": Role.ADMIN},
            )
        return passphrase

    @needs(Right.MANAGE_OPERATORS)
    def create(self, actor: Actor, name: str, role: Role, password: str) -> None:
        """Add an operator.

        Raises:
            OperatorError: the first must be an admin (`close_folder`); or the name is taken, or a
                bad name, role or password.
        """
        _require_role(role)
        digest = _digest(name, password)
        with self.database.transaction() as db:
            if not has_operators(self.database):
                raise OperatorError("The first operator must be an admin.", "Create an admin first.")
            created = _insert(db, name, role, digest)
            self._journal.record(
                actor, JournalKind.OPERATOR_CREATED, details={"operator": created, "role": role}
            )

    @needs(Right.MANAGE_OPERATORS)
    def change(
        self, actor: Actor, name: str, *, role: Role | None = None, password: str | None = None
    ) -> None:
        """Give an operator another role, another password, or both. Slow on purpose with a password.

        Raises:
            OperatorError: nobody has this name, it is the last admin, or a bad password; nothing was changed.
        """
        digest = None if password is None else _digest(self._get(name).name, password)
        with self.database.transaction():
            if role is not None:
                self._set_role(actor, name, role)
            if digest is not None:
                self._keep_digest(actor, JournalKind.PASSWORD_SET, name, digest)

    @needs(Right.MANAGE_OPERATORS)
    def remove(self, actor: Actor, name: str) -> None:
        """Take somebody's access away.

        Raises:
            OperatorError: nobody has this name, or it is the last admin.
        """
        with self.database.transaction() as db:
            operator = self._get(name)
            self._require_other_admin(operator)
            db.execute("DELETE FROM operators WHERE name_key = ?", [fold(name)])
            self._journal.record(actor, JournalKind.OPERATOR_REMOVED, details={"operator": operator.name})

    def change_own_password(self, actor: Actor, old: str, new: str) -> None:
        """Change one's own password.

        Raises:
            PermissionDenied: the old one is wrong.
            OperatorError: the new one is bad.
        """
        self.sign_in(actor.name, old, clock.utc_now())
        self._keep_password(actor, JournalKind.PASSWORD_SET, actor.name, new)

    def sign_in(self, name: str, password: str, now: datetime) -> Actor:
        """Check a name and password and return the operator; success and failure are journalled.

        After some failures in a row one waits, longer each time; neither a restart nor another program
        beside this one shortens it.

        Args:
            name: as typed, in any case.
            password: as typed.
            now: UTC.

        Raises:
            PermissionDenied: wrong, or to be waited for.
            StoreError: opened read-only, or it can't be counted: nobody is signed in then.
        """
        with self.database.reader() as db:
            row = db.execute(
                "SELECT name, role, hash FROM operators WHERE name_key = ?", [fold(name)]
            ).fetchone()
        # Names that nobody has wait and are counted as the others, so that waiting tells neither.
        key, digest = (fold(name), row[2]) if row else (_stand_in(name), _NOBODY)
        self._check(key, digest, password, now, is_known=row is not None)
        actor = Actor(row[0], Role(row[1]))
        self._journal.record(actor, JournalKind.SIGNED_IN)
        return actor

    def sign_out(self, actor: Actor, *, is_idle: bool = False) -> None:
        """Record that an operator left, or was locked out after a long pause."""
        if actor.role in ROLES:
            self._journal.record(actor, JournalKind.SIGNED_OUT, details={"is_idle": is_idle})

    def recover(self, name: str, passphrase: str, password: str, now: datetime) -> None:
        """Replace an operator's lost password; journalled as such.

        Raises:
            PermissionDenied: the recovery passphrase is wrong, or to be waited for.
            OperatorError: nobody has this name, or a bad password.
        """
        check_password(password, name)
        self.check_recovery(passphrase, now)
        self._keep_password(Actor(name, Role.NOBODY), JournalKind.PASSWORD_RECOVERED, name, password)

    def check_recovery(self, passphrase: str, now: datetime) -> None:
        """Check a recovery passphrase.

        Raises:
            PermissionDenied: it is wrong, or to be waited for.
        """
        with self.database.reader() as db:
            row = db.execute("SELECT value FROM policies WHERE key = ?", [_RECOVERY]).fetchone()
        self._check(
            _RECOVERY, row[0] if row else _NOBODY, clean_passphrase(passphrase), now, is_known=bool(row)
        )

    @needs(Right.MANAGE_OPERATORS)
    def renew_recovery(self, actor: Actor) -> str:
        """Return a new recovery passphrase; the former one recovers nothing any longer."""
        passphrase = new_passphrase()
        digest = _HASHER.hash(clean_passphrase(passphrase))
        with self.database.transaction() as db:
            _keep_recovery(db, digest)
            self._journal.record(actor, JournalKind.RECOVERY_RENEWED)
        return passphrase

    def _check(self, key: str, digest: str, typed: str, now: datetime, *, is_known: bool) -> None:
        """Compare what was typed with a digest, counting failures by key."""
        self._require_no_wait(key, now)
        try:
            is_right = _HASHER.verify(digest, typed) and is_known
        except (VerifyMismatchError, InvalidHashError):
            is_right = False
        with self.database.transaction():
            # Others may have tried meanwhile: who tries many at once learns no more than who waits.
            self._require_no_wait(key, now)
            if is_right:
                self._failures.forget(key, _SIGN_IN)
                return
            self._failures.add(key, _SIGN_IN, now)
            # What was typed for a name may be a password: only names that there are go in.
            who = {"operator": key} if is_known and key != _RECOVERY else {"is_recovery": key == _RECOVERY}
            self._journal.record(Actor("", Role.NOBODY), JournalKind.SIGN_IN_FAILED, details=who)
        raise PermissionDenied("That is not right.", "Check the spelling, capitals included.")

    def _require_no_wait(self, key: str, now: datetime) -> None:
        wait_s = self._failures.of(key, _SIGN_IN, now).waits_s(now)
        if wait_s > 0:
            raise PermissionDenied("Too many failures: wait {wait_s:.0f} s, then try again.", wait_s=wait_s)

    def _set_role(self, actor: Actor, name: str, role: Role) -> None:
        _require_role(role)
        with self.database.transaction() as db:
            operator = self._get(name)
            if role is not Role.ADMIN:
                self._require_other_admin(operator)
            db.execute("UPDATE operators SET role = ? WHERE name_key = ?", [role, fold(name)])
            self._journal.record(
                actor, JournalKind.OPERATOR_CHANGED, details={"operator": operator.name, "role": role}
            )

    def _keep_password(self, actor: Actor, kind: JournalKind, name: str, password: str) -> None:
        self._keep_digest(actor, kind, name, _digest(self._get(name).name, password))

    def _keep_digest(self, actor: Actor, kind: JournalKind, name: str, digest: str) -> None:
        with self.database.transaction() as db:
            operator = self._get(name)
            db.execute("UPDATE operators SET hash = ? WHERE name_key = ?", [digest, fold(name)])
            self._failures.forget(fold(name), _SIGN_IN)
            self._journal.record(actor, kind, details={"operator": operator.name})

    def _get(self, name: str) -> Operator:
        operator = next((known for known in self.list() if fold(known.name) == fold(name)), None)
        if operator is None:
            raise OperatorError(
                "There is no operator called {name!r}.", "See: faceaccess operators list", name=name
            )
        return operator

    def _require_other_admin(self, operator: Operator) -> None:
        admins = [other for other in self.list() if other.role is Role.ADMIN]
        if operator.role is Role.ADMIN and len(admins) == 1:
            raise OperatorError(
                "{name} is the last admin.",
                "Make somebody else an admin first: one must be left.",
                name=operator.name,
            )


def _stand_in(name: str) -> str:
    """Return a stand-in for a name that nobody has, which may be a password: 16 bits tell little of it."""
    return "\0" + hashlib.sha256(fold(name).encode()).hexdigest()[:4]


def _require_role(role: Role) -> None:
    if role not in ROLES:
        raise OperatorError(
            "An operator can't have the role {role}.", "Roles: {roles}.", role=role, roles=", ".join(ROLES)
        )


def _digest(name: str, password: str) -> str:
    check_password(password, name)
    return _HASHER.hash(password)


def _insert(db: SqliteDatabase, name: str, role: Role, digest: str) -> str:
    """Store an operator and return the stored name."""
    name = clean_name(name)
    if fold(name) in PROGRAM_NAMES:
        raise OperatorError(
            "{name} is what the log calls the program itself.", "Choose another name.", name=name
        )
    if db.execute("SELECT 1 FROM operators WHERE name_key = ?", [fold(name)]).fetchone():
        raise OperatorError("There is an operator called {name} already.", "Choose another name.", name=name)
    db.execute(
        "INSERT INTO operators (name_key, name, role, hash, created_at) VALUES (?, ?, ?, ?, ?)",
        [fold(name), name, role, digest, clock.to_text(clock.utc_now())],
    )
    return name


def _keep_recovery(db: SqliteDatabase, digest: str) -> None:
    db.execute(
        "INSERT INTO policies (key, value) VALUES (?, ?)"
        " ON CONFLICT (key) DO UPDATE SET value = excluded.value",
        [_RECOVERY, digest],
    )
