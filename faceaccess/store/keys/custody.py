"""Custody of a data folder's key, and the uses of the recovery passphrase."""

from collections.abc import Callable
from datetime import UTC, datetime

from faceaccess.codes import KeySource
from faceaccess.errors import StoreError
from faceaccess.store.access.operators import Operators
from faceaccess.store.access.types import Actor
from faceaccess.store.keys.encryption import Encryption


class KeyCustody:
    """Moves the key and recovers lost passwords, for admins with the recovery passphrase. Slow on purpose."""

    def __init__(
        self, encryption: Encryption, operators: Operators, *, is_door_open: Callable[[], bool]
    ) -> None:
        self.database = encryption.database
        self._encryption, self._operators, self._is_door_open = encryption, operators, is_door_open

    def turn_encryption_on(self, actor: Actor, source: KeySource, passphrase: str) -> None:
        """Move the key out of the data folder, sealed with the recovery passphrase as well.

        Raises:
            PermissionDenied: the passphrase is wrong, or the actor may not.
            StoreError: the key can't be kept there; encryption stays off.
        """
        if not self._operators.is_closed:
            raise StoreError(
                "A folder without operators can't be encrypted: anybody may turn it off.",
                "Create an admin first; that gives the recovery passphrase too.",
            )
        self._operators.check_recovery(passphrase, datetime.now(UTC))
        self._encryption.turn_on(actor, source, passphrase)

    def change_key(self, actor: Actor, passphrase: str | None) -> None:
        """Encrypt everything with a new key. No door may run.

        Args:
            actor: who does it.
            passphrase: the recovery passphrase, while encryption is on.

        Raises:
            PermissionDenied: the passphrase is wrong, or the actor may not.
            StoreError: a door runs, or the new key can't be kept; the old one fits then.
        """
        if self._is_door_open():
            raise StoreError("The key can't be changed while a door runs.", "Stop the door first.")
        if passphrase is not None:
            self._operators.check_recovery(passphrase, datetime.now(UTC))
        self._encryption.change_key(actor, passphrase)

    def renew_recovery(self, actor: Actor) -> str:
        """Return a new recovery passphrase, with which the key is sealed too where encryption is on."""
        passphrase = self._operators.renew_recovery(actor)
        self._encryption.seal_again(actor, passphrase)
        return passphrase

    def recover_password(self, name: str, passphrase: str, password: str) -> None:
        """Set an operator's lost password with the recovery passphrase. Slow on purpose.

        Raises:
            PermissionDenied: the passphrase is wrong, or to be waited for.
            OperatorError: nobody has this name, or a bad password.
        """
        self._operators.recover(name, passphrase, password, datetime.now(UTC))
