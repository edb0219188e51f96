"""Wording of operators, of where the key lies, and of what can be wrong with the log."""

from collections.abc import Callable
from typing import TYPE_CHECKING

from PySide6.QtCore import QCoreApplication

from faceaccess.codes import ChainFault, KeySource, Role
from faceaccess.gui.wording.noop import QT_TRANSLATE_NOOP

if TYPE_CHECKING:
    from faceaccess.store.journal.proof import Fault

_CONTEXT = "text"

_ROLES = {
    Role.RECEPTIONIST: QT_TRANSLATE_NOOP("text", "Receptionist: enrols people and runs the door"),
    Role.ADMIN: QT_TRANSLATE_NOOP("text", "Admin: everything"),
    Role.AUDITOR: QT_TRANSLATE_NOOP("text", "Auditor: reads and exports, changes nothing"),
    Role.DOOR: QT_TRANSLATE_NOOP("text", "Door: runs the cameras that are set up"),
    Role.OPEN: QT_TRANSLATE_NOOP("text", "Anybody"),
    Role.SYSTEM: QT_TRANSLATE_NOOP("text", "The program itself, on a schedule"),
    Role.NOBODY: QT_TRANSLATE_NOOP("text", "Nobody"),
}

_SOURCES = {
    KeySource.FILE: QT_TRANSLATE_NOOP("text", "a file beside the database"),
    KeySource.KEYRING: QT_TRANSLATE_NOOP("text", "the keyring of this account"),
    KeySource.CREDENTIAL: QT_TRANSLATE_NOOP("text", "a systemd credential"),
    KeySource.SEALED: QT_TRANSLATE_NOOP("text", "a file sealed to this computer's TPM"),
    KeySource.ENVIRONMENT: QT_TRANSLATE_NOOP("text", "an environment variable"),
}

_FAULTS = {
    ChainFault.ROW: QT_TRANSLATE_NOOP("text", "row {0} was changed, is missing or out of order"),
    ChainFault.CROP: QT_TRANSLATE_NOOP("text", "the picture or note of row {0} is not the one recorded"),
    ChainFault.HEAD: QT_TRANSLATE_NOOP("text", "from row {0} on, rows were removed or added"),
    ChainFault.SIGNATURE: QT_TRANSLATE_NOOP("text", "row {0} is not signed by this folder's key"),
    ChainFault.FOUND_CHANGED: QT_TRANSLATE_NOOP("text", "at row {0}, the program found the log changed"),
    ChainFault.KEPT_HEAD: QT_TRANSLATE_NOOP("text", "row {0} is not the one that was kept elsewhere"),
    ChainFault.COLUMN: QT_TRANSLATE_NOOP("text", "what is searched by doesn't fit the rows: {1}"),
    ChainFault.SCHEMA: QT_TRANSLATE_NOOP("text", "another program changed the database's own parts: {1}"),
    ChainFault.RECORD: QT_TRANSLATE_NOOP("text", "{1} is not as the log has it"),
}
_RECORD_FOUND_CHANGED = QT_TRANSLATE_NOOP("text", "at row {0}, the program found this changed: {1}")

_SUBJECTS = {
    "person": QT_TRANSLATE_NOOP("text", "the person {0}"),
    "operator": QT_TRANSLATE_NOOP("text", "the operator {0}"),
    "policy": QT_TRANSLATE_NOOP("text", "the setting {0}"),
    "schedule": QT_TRANSLATE_NOOP("text", "the schedule {0}"),
    "text": QT_TRANSLATE_NOOP("text", "the consent text {0}"),
}


def role(value: Role) -> str:
    """Return what a role is called and may do."""
    return QCoreApplication.translate(_CONTEXT, _ROLES[value])


def key_source(value: KeySource) -> str:
    """Return where a key lies."""
    return QCoreApplication.translate(_CONTEXT, _SOURCES[value])


def chain_fault(fault: "Fault", name_of: Callable[[str], str]) -> str:
    """Return what is wrong with the log or with a record; `name_of` gives a person's name by the id."""
    sentence = _FAULTS[fault.kind]
    if fault.kind is ChainFault.FOUND_CHANGED and fault.about:
        sentence = _RECORD_FOUND_CHANGED
    about = _subject(fault.about, name_of) or QCoreApplication.translate(_CONTEXT, "row {0}").format(
        fault.seq
    )
    return QCoreApplication.translate(_CONTEXT, sentence).format(fault.seq, about)


def _subject(about: str, name_of: Callable[[str], str]) -> str:
    kind, _, value = about.partition(":")
    if kind not in _SUBJECTS:
        return about
    name = name_of(value) if kind == "person" else value
    return QCoreApplication.translate(_CONTEXT, _SUBJECTS[kind]).format(name)
