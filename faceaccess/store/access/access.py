"""The operator acting in an open data folder, and their rights."""

from collections.abc import Callable
from datetime import UTC, datetime

from faceaccess.codes import Right
from faceaccess.store.access import roles
from faceaccess.store.access.accounts import account_name
from faceaccess.store.access.operators import Operators
from faceaccess.store.access.types import DOOR, Actor
from faceaccess.store.file.database import Database
from faceaccess.store.journal.journal import Journal
from faceaccess.store.keys.custody import KeyCustody
from faceaccess.store.keys.encryption import Encryption


class Access:
    """Signing in and out.

    Attributes:
        actor: who acts now: whoever signed in, else the door, or the computer account in an open folder.
        operators: those who may use the program.
        encryption: where the database's key lies.
        custody: moves it.
    """

    def __init__(self, database: Database, journal: Journal, *, is_door_open: Callable[[], bool]) -> None:
        self.database = database
        self.operators = Operators(database, journal)
        self.encryption = Encryption(database, journal)
        self.custody = KeyCustody(self.encryption, self.operators, is_door_open=is_door_open)
        self.actor = DOOR if self.operators.is_closed else Actor(account_name())

    def sign_in(self, name: str, password: str) -> Actor:
        """Act as an operator from now on. Slow on purpose: not on the GUI's thread.

        It is counted and journalled beside a program that writes, too.

        Raises:
            PermissionDenied: wrong, or to be waited for.
            StoreError: it can't be counted now: nobody is signed in.
        """
        with self.database.writable() as database:
            operators = Operators(database, Journal(database))
            self.actor = operators.sign_in(name, password, datetime.now(UTC))
        return self.actor

    def close_folder(self, name: str, password: str) -> str:
        """Create the first admin and act as that one; return the recovery passphrase. Slow on purpose.

        Raises:
            OperatorError: the folder has operators, or a bad name or password.
        """
        passphrase = self.operators.close_folder(self.actor, name, password)
        self.sign_in(name, password)
        return passphrase

    @property
    def needs_sign_in(self) -> bool:
        """Whether the folder has operators and none is signed in."""
        return self.actor == DOOR and self.operators.is_closed

    def sign_out(self, *, is_idle: bool = False) -> None:
        """Act as the door alone from now on, where the folder has operators."""
        if self.operators.is_closed and self.actor != DOOR:
            self.operators.sign_out(self.actor, is_idle=is_idle)
            self.actor = DOOR

    def may(self, right: Right) -> bool:
        """Tell whether the acting operator has a right."""
        return roles.may(self.database, self.actor, right)

    def require(self, right: Right) -> None:
        """Check that the acting operator has a right.

        Raises:
            PermissionDenied: not so.
        """
        roles.require(self.database, self.actor, right)
