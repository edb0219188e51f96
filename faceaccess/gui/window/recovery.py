"""Putting a backup back: on order of the window, or because the data can't be opened any more."""

from dataclasses import dataclass
from pathlib import Path

from PySide6.QtWidgets import QDialog, QMessageBox

from faceaccess.errors import FaceAccessError, StoreError
from faceaccess.gui.plain import plain
from faceaccess.gui.widgets.password_dialogs import SecretDialog
from faceaccess.gui.wording import failures
from faceaccess.gui.wording.noop import translate
from faceaccess.store.access.types import Actor, Proof
from faceaccess.workspace import newest_backup, restore_backup


@dataclass(frozen=True)
class RestoreOrder:
    """A backup to put back once the data folder is closed."""

    path: Path
    passphrase: str
    actor: Actor | None
    proof: Proof | None = None


def carry_out(order: RestoreOrder, data_dir: Path | None) -> None:
    """Put a backup back, and say what came of it."""
    try:
        done = restore_backup(data_dir, order.path, order.passphrase, order.actor, order.proof)
    except FaceAccessError as error:
        _say(QMessageBox.Icon.Critical, failures.message(error), failures.hint(error))
        return
    message = translate("recovery", "The backup is restored.")
    hint = (
        translate("recovery", "What was there before is kept in {0}").format(done.aside) if done.aside else ""
    )
    if not done.is_closed:
        is_open = translate("recovery", "It has no operators: anybody may use it.")
        hint = f"{hint} {is_open}".strip()
    _say(QMessageBox.Icon.Information, message, hint)


def offer_backup(error: StoreError, data_dir: Path | None) -> bool:
    """Offer the newest backup in place of data that can't be opened; tell whether one was put back.

    Nothing is deleted: what can't be opened is kept aside.
    """
    path = newest_backup()
    if path is None:
        return False
    dialog = SecretDialog(
        translate("recovery", "The data can't be opened"),
        f"{failures.whole(error)}\n\n"
        + translate(
            "recovery",
            "The newest backup that this computer knows of is {0}. Restoring it keeps what is there aside. "
            "If it has operators, one of its admins has to sign in, with the password of that time; or "
            "leave the name empty and type its recovery passphrase.",
        ).format(path),
        (
            ("passphrase", translate("recovery", "Passphrase of the backup"), True),
            ("name", translate("recovery", "Name of the admin"), False),
            ("secret", translate("recovery", "Password, or recovery passphrase"), True),
        ),
    )
    is_wanted = dialog.exec() == QDialog.DialogCode.Accepted
    passphrase, name, secret = (dialog.text(field) for field in ("passphrase", "name", "secret"))
    dialog.deleteLater()
    if is_wanted:
        proof = Proof(name.strip(), secret) if secret else None
        carry_out(RestoreOrder(path, passphrase, None, proof), data_dir)
    return is_wanted


def _say(icon: QMessageBox.Icon, message: str, hint: str) -> None:
    box = QMessageBox(icon, "FaceAccess", plain(message))
    box.setInformativeText(plain(hint))
    box.exec()
