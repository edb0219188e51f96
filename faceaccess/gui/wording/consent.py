"""The wording of consents and of what is due about them."""

from datetime import date

from PySide6.QtCore import QCoreApplication

from faceaccess.codes import ConsentDue
from faceaccess.gui.wording.noop import QT_TRANSLATE_NOOP
from faceaccess.store.people.types import Consent, DueConsent

_DUE = {
    ConsentDue.MISSING: QT_TRANSLATE_NOOP("text", "{0}: no consent is recorded"),
    ConsentDue.EXPIRED: QT_TRANSLATE_NOOP("text", "{0}: the consent expired on {1}"),
    ConsentDue.EXPIRES_SOON: QT_TRANSLATE_NOOP("text", "{0}: the consent expires on {1}"),
    ConsentDue.REVIEW: QT_TRANSLATE_NOOP("text", "{0}: to be looked at again since {1}"),
    ConsentDue.WITHDRAWN: QT_TRANSLATE_NOOP(
        "text", "{0}: consent withdrawn; the face is hidden, and erased on {1} ({2})"
    ),
    ConsentDue.OLD_TEXT: QT_TRANSLATE_NOOP("text", "{0}: agreed to an older text"),
}


_UNTIL = QT_TRANSLATE_NOOP("text", "{0} Until {1}.")


def due(row: DueConsent) -> str:
    """Return whose consent is to be looked after, and why."""
    return _tr(_DUE[row.due]).format(row.name, row.day.isoformat() if row.day else "", row.words)


def state(consent: Consent | None) -> str:
    """Return what somebody agreed to, in a line."""
    if consent is None:
        return _tr(QT_TRANSLATE_NOOP("text", "No consent is recorded."))
    sentence = _tr(QT_TRANSLATE_NOOP("text", "Agreed to text {0} on {1}.")).format(
        consent.version, consent.given_on.isoformat()
    )
    if consent.expires_on is not None:
        is_over = consent.expires_on <= date.today()
        until = _tr(QT_TRANSLATE_NOOP("text", "{0} Expired on {1}.") if is_over else _UNTIL)
        sentence = until.format(sentence, consent.expires_on.isoformat())
    return sentence


def _tr(text: str) -> str:
    return QCoreApplication.translate("text", text)
