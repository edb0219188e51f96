"""The wording of what operators and the program did."""

from collections.abc import Mapping

from PySide6.QtCore import QCoreApplication

from faceaccess.codes import JournalKind
from faceaccess.gui.wording.noop import QT_TRANSLATE_NOOP

_ACTIONS = {
    JournalKind.ENTRY: QT_TRANSLATE_NOOP("actions", "Entered by hand"),
    JournalKind.ENTRY_VOIDED: QT_TRANSLATE_NOOP("actions", "Entry taken back"),
    JournalKind.PERSON_ENROLLED: QT_TRANSLATE_NOOP("actions", "Person enrolled"),
    JournalKind.PHOTOS_ADDED: QT_TRANSLATE_NOOP("actions", "Photos added"),
    JournalKind.PERSON_CHANGED: QT_TRANSLATE_NOOP("actions", "Person changed"),
    JournalKind.PERSON_DELETED: QT_TRANSLATE_NOOP("actions", "Person erased"),
    JournalKind.FACE_ERASED: QT_TRANSLATE_NOOP("actions", "Face erased"),
    JournalKind.CONSENT_TEXT_WRITTEN: QT_TRANSLATE_NOOP("actions", "Consent text written"),
    JournalKind.CONSENT_RECORDED: QT_TRANSLATE_NOOP("actions", "Consent recorded"),
    JournalKind.CONSENT_WITHDRAWN: QT_TRANSLATE_NOOP("actions", "Consent withdrawn"),
    JournalKind.LOOK_ALIKES_MARKED: QT_TRANSLATE_NOOP("actions", "Look-alikes said to be two people"),
    JournalKind.PERSON_HIDDEN: QT_TRANSLATE_NOOP("actions", "Person deleted"),
    JournalKind.PERSON_RESTORED: QT_TRANSLATE_NOOP("actions", "Person restored"),
    JournalKind.PERSON_MERGED: QT_TRANSLATE_NOOP("actions", "People merged"),
    JournalKind.PHOTOS_HIDDEN: QT_TRANSLATE_NOOP("actions", "Photo deleted"),
    JournalKind.PHOTOS_RESTORED: QT_TRANSLATE_NOOP("actions", "Photo restored"),
    JournalKind.PHOTOS_MOVED: QT_TRANSLATE_NOOP("actions", "Photo given to another person"),
    JournalKind.PHOTOS_ERASED: QT_TRANSLATE_NOOP("actions", "Photo erased"),
    JournalKind.CHANGE_UNDONE: QT_TRANSLATE_NOOP("actions", "Change undone"),
    JournalKind.FINDING_KEPT: QT_TRANSLATE_NOOP("actions", "Finding said to be fine"),
    JournalKind.PIN_SET: QT_TRANSLATE_NOOP("actions", "PIN set"),
    JournalKind.PIN_REMOVED: QT_TRANSLATE_NOOP("actions", "PIN removed"),
    JournalKind.GROUPS_CHANGED: QT_TRANSLATE_NOOP("actions", "Access groups changed"),
    JournalKind.POLICY_CHANGED: QT_TRANSLATE_NOOP("actions", "Setting changed"),
    JournalKind.CAMERA_DOUBTED: QT_TRANSLATE_NOOP("actions", "Camera virtual or changed"),
    JournalKind.OFTEN_SUSPECTED: QT_TRANSLATE_NOOP("actions", "Perhaps photos at a door, several times"),
    JournalKind.NOTIFICATION_DROPPED: QT_TRANSLATE_NOOP("actions", "Message to a program given up"),
    JournalKind.DOOR_OPENING: QT_TRANSLATE_NOOP("actions", "Order to open a door"),
    JournalKind.DESK_ANSWER: QT_TRANSLATE_NOOP("actions", "Desk answered"),
    JournalKind.EXPORTED: QT_TRANSLATE_NOOP("actions", "Data exported"),
    JournalKind.SIGNED_IN: QT_TRANSLATE_NOOP("actions", "Signed in"),
    JournalKind.SIGN_IN_FAILED: QT_TRANSLATE_NOOP("actions", "Sign-in failed"),
    JournalKind.SIGNED_OUT: QT_TRANSLATE_NOOP("actions", "Signed out"),
    JournalKind.OPERATOR_CREATED: QT_TRANSLATE_NOOP("actions", "Operator created"),
    JournalKind.OPERATOR_CHANGED: QT_TRANSLATE_NOOP("actions", "Operator changed"),
    JournalKind.OPERATOR_REMOVED: QT_TRANSLATE_NOOP("actions", "Operator removed"),
    JournalKind.PASSWORD_SET: QT_TRANSLATE_NOOP("actions", "Password set"),
    JournalKind.PASSWORD_RECOVERED: QT_TRANSLATE_NOOP("actions", "Password recovered"),
    JournalKind.RECOVERY_RENEWED: QT_TRANSLATE_NOOP("actions", "Recovery code renewed"),
    JournalKind.ACTION_REFUSED: QT_TRANSLATE_NOOP("actions", "Action refused"),
    JournalKind.ENCRYPTION_CHANGED: QT_TRANSLATE_NOOP("actions", "Encryption changed"),
    JournalKind.BACKED_UP: QT_TRANSLATE_NOOP("actions", "Backup written"),
    JournalKind.RESTORED: QT_TRANSLATE_NOOP("actions", "Backup restored"),
    JournalKind.RETENTION_RUN: QT_TRANSLATE_NOOP("actions", "Old data removed"),
    JournalKind.JOURNAL_PRUNED: QT_TRANSLATE_NOOP("actions", "Old entries removed"),
    JournalKind.HEAD_KEPT: QT_TRANSLATE_NOOP("actions", "Log's end kept elsewhere"),
    JournalKind.CLOCK_CHANGED: QT_TRANSLATE_NOOP("actions", "Clock changed"),
    JournalKind.CHAIN_BROKEN: QT_TRANSLATE_NOOP("actions", "Log found changed"),
    JournalKind.PROGRAM_STARTED: QT_TRANSLATE_NOOP("actions", "Program started"),
    JournalKind.PROGRAM_STOPPED: QT_TRANSLATE_NOOP("actions", "Program stopped"),
    JournalKind.EXPORT_FAILED: QT_TRANSLATE_NOOP("actions", "Automatic report failed"),
    JournalKind.SCHEDULE_CHANGED: QT_TRANSLATE_NOOP("actions", "Work schedule changed"),
    JournalKind.SCHEDULE_ASSIGNED: QT_TRANSLATE_NOOP("actions", "Work schedule assigned"),
    JournalKind.ABSENCE_ENTERED: QT_TRANSLATE_NOOP("actions", "Absence entered"),
    JournalKind.ABSENCE_REMOVED: QT_TRANSLATE_NOOP("actions", "Absence taken back"),
    JournalKind.MONTH_CLOSED: QT_TRANSLATE_NOOP("actions", "Month closed"),
    JournalKind.VISITORS_MERGED: QT_TRANSLATE_NOOP("actions", "Visitors merged"),
    JournalKind.VISITOR_IGNORED: QT_TRANSLATE_NOOP("actions", "Visitor ignored"),
    JournalKind.VISITOR_DELETED: QT_TRANSLATE_NOOP("actions", "Visitor deleted"),
    JournalKind.VISITOR_ENROLLED: QT_TRANSLATE_NOOP("actions", "Visitor enrolled"),
    JournalKind.MODEL_FORGOTTEN: QT_TRANSLATE_NOOP("actions", "Model's templates removed"),
    JournalKind.NETWORK_CHANGED: QT_TRANSLATE_NOOP("actions", "Network's file changed"),
    JournalKind.DRILL_BEGUN: QT_TRANSLATE_NOOP("actions", "Attack drill begun"),
    JournalKind.DRILL_CHOSEN: QT_TRANSLATE_NOOP("actions", "Something else held up in the attack drill"),
    JournalKind.DRILL_SAID: QT_TRANSLATE_NOOP("actions", "Held up in the attack drill, and nothing happened"),
    JournalKind.DRILL_ENDED: QT_TRANSLATE_NOOP("actions", "Attack drill ended"),
    JournalKind.TRIAL_BEGUN: QT_TRANSLATE_NOOP("actions", "Trial day begun"),
    JournalKind.TRIAL_EXPECTED: QT_TRANSLATE_NOOP("actions", "People chosen for the trial day"),
    JournalKind.TRIAL_ANSWERED: QT_TRANSLATE_NOOP("actions", "Trial day answered"),
    JournalKind.TRIAL_ENDED: QT_TRANSLATE_NOOP("actions", "Trial day ended"),
}


def action(kind: JournalKind) -> str:
    """Return the wording of an action."""
    return QCoreApplication.translate("actions", _ACTIONS[kind])


def facts(values: Mapping[str, str]) -> str:
    """Return the details of an action as they are recorded, by their names there."""
    return ", ".join(f"{name.replace('_', ' ')}: {value}" for name, value in values.items())
