"""The kinds of row in the journal, and the faults that its proof finds."""

from enum import StrEnum


class ChainFault(StrEnum):
    """What is wrong with the journal.

    ROW: a row was changed, is missing or out of order. CROP: a picture or note is not the one that
    was journalled. HEAD: the end is not the one that was signed. SIGNATURE: the end is not signed by
    this folder's key. FOUND_CHANGED: the program itself found it, or a record, changed and went on.
    KEPT_HEAD: an end that was kept elsewhere is not in it. COLUMN: what is searched by says something
    else than the row. SCHEMA: tables, triggers or indexes are not those that the program makes. RECORD: a
    person, operator, policy or schedule is not what the last row about it says.
    """

    ROW = "row"
    CROP = "crop"
    HEAD = "head"
    SIGNATURE = "signature"
    FOUND_CHANGED = "found_changed"
    KEPT_HEAD = "kept_head"
    COLUMN = "column"
    SCHEMA = "schema"
    RECORD = "record"


class JournalKind(StrEnum):
    """The kind of fact that a journal row records."""

    ENTRY = "entry"
    ENTRY_VOIDED = "entry_voided"
    PERSON_ENROLLED = "person_enrolled"
    PHOTOS_ADDED = "photos_added"
    PERSON_CHANGED = "person_changed"
    PERSON_DELETED = "person_deleted"
    FACE_ERASED = "face_erased"
    CONSENT_TEXT_WRITTEN = "consent_text_written"
    CONSENT_RECORDED = "consent_recorded"
    CONSENT_WITHDRAWN = "consent_withdrawn"
    LOOK_ALIKES_MARKED = "look_alikes_marked"
    PERSON_HIDDEN = "person_hidden"
    PERSON_RESTORED = "person_restored"
    PERSON_MERGED = "person_merged"
    PHOTOS_HIDDEN = "photos_hidden"
    PHOTOS_RESTORED = "photos_restored"
    PHOTOS_MOVED = "photos_moved"
    PHOTOS_ERASED = "photos_erased"
    CHANGE_UNDONE = "change_undone"
    FINDING_KEPT = "finding_kept"
    PIN_SET = "pin_set"
    PIN_REMOVED = "pin_removed"
    GROUPS_CHANGED = "groups_changed"
    POLICY_CHANGED = "policy_changed"
    CAMERA_STATE = "camera_state"
    CAMERA_DRIFT = "camera_drift"
    NOTIFICATION_DROPPED = "notification_dropped"
    DOOR_OPENING = "door_opening"
    DESK_ANSWER = "desk_answer"
    EXPORTED = "exported"
    SIGNED_IN = "signed_in"
    SIGN_IN_FAILED = "sign_in_failed"
    SIGNED_OUT = "signed_out"
    OPERATOR_CREATED = "operator_created"
    OPERATOR_CHANGED = "operator_changed"
    OPERATOR_REMOVED = "operator_removed"
    PASSWORD_SET = "password_set"
    PASSWORD_RECOVERED = "password_recovered"
    RECOVERY_RENEWED = "recovery_renewed"
    ACTION_REFUSED = "action_refused"
    ENCRYPTION_CHANGED = "encryption_changed"
    BACKED_UP = "backed_up"
    RESTORED = "restored"
    RETENTION_RUN = "retention_run"
    JOURNAL_PRUNED = "journal_pruned"
    HEAD_KEPT = "head_kept"
    CLOCK_CHANGED = "clock_changed"
    CHAIN_BROKEN = "chain_broken"
    RECORDS_SEALED = "records_sealed"
    PROGRAM_STARTED = "program_started"
    PROGRAM_STOPPED = "program_stopped"
    EXPORT_FAILED = "export_failed"
    SCHEDULE_CHANGED = "schedule_changed"
    SCHEDULE_ASSIGNED = "schedule_assigned"
    ABSENCE_ENTERED = "absence_entered"
    ABSENCE_REMOVED = "absence_removed"
    MONTH_CLOSED = "month_closed"
    VISITORS_MERGED = "visitors_merged"
    VISITOR_IGNORED = "visitor_ignored"
    VISITOR_DELETED = "visitor_deleted"
    VISITOR_ENROLLED = "visitor_enrolled"
    MODEL_FORGOTTEN = "model_forgotten"
    NETWORK_CHANGED = "network_changed"
