"""The words for what may be amiss with photos, and for what was done to a person."""

from typing import TYPE_CHECKING

from PySide6.QtCore import QCoreApplication

from faceaccess.codes import FindingKind, JournalKind
from faceaccess.gui.wording import amounts
from faceaccess.gui.wording.codes import Wording
from faceaccess.gui.wording.noop import QT_TRANSLATE_NOOP
from faceaccess.store.journal.types import JournalRow

if TYPE_CHECKING:
    from faceaccess.people.gallery.health import Finding

_KINDS = {
    FindingKind.UNLIKE_OTHERS: (
        QT_TRANSLATE_NOOP("health", "Wrong person?"),
        QT_TRANSLATE_NOOP("health", "A photo unlike the person's others lets somebody else in."),
        "unknown",
    ),
    FindingKind.LOOK_ALIKES: (
        QT_TRANSLATE_NOOP("health", "Look-alikes"),
        QT_TRANSLATE_NOOP("health", "Two people who look alike, or one who is enrolled twice."),
        "ambiguous",
    ),
    FindingKind.DRIFT: (
        QT_TRANSLATE_NOOP("health", "Changing faces"),
        QT_TRANSLATE_NOOP("health", "These people look less and less like their photos: add a new one."),
        "refresh",
    ),
    FindingKind.NEAR_IDENTICAL: (
        QT_TRANSLATE_NOOP("health", "Same picture"),
        QT_TRANSLATE_NOOP("health", "Two photos that show the same add nothing to each other."),
        "photo",
    ),
    FindingKind.FEW_PHOTOS: (
        QT_TRANSLATE_NOOP("health", "Too few photos"),
        QT_TRANSLATE_NOOP("health", "A second photo halves how often somebody is not recognised."),
        "plus",
    ),
    FindingKind.OLD_PHOTOS: (
        QT_TRANSLATE_NOOP("health", "Old photos"),
        QT_TRANSLATE_NOOP("health", "Faces change: after five years a new photo is due."),
        "today",
    ),
    FindingKind.OTHER_MODEL: (
        QT_TRANSLATE_NOOP("health", "Not ready"),
        QT_TRANSLATE_NOOP("health", "These people have no template of the model in use: nobody knows them."),
        "model",
    ),
}

_FINDINGS = {
    FindingKind.UNLIKE_OTHERS: QT_TRANSLATE_NOOP(
        "health", "The marked photo is at {value} from the others; up to {limit} is usual."
    ),
    FindingKind.LOOK_ALIKES: QT_TRANSLATE_NOOP("health", "Their nearest photos are at {value}."),
    FindingKind.DRIFT: QT_TRANSLATE_NOOP(
        "health", "Distance at the door: {limit} at first, {value} in the last 60 days."
    ),
    FindingKind.NEAR_IDENTICAL: QT_TRANSLATE_NOOP("health", "The two are at {value}."),
    FindingKind.FEW_PHOTOS: QT_TRANSLATE_NOOP(
        "health", "There should be at least {limit}; there is {value}."
    ),
    FindingKind.OLD_PHOTOS: QT_TRANSLATE_NOOP("health", "The newest photo is {value} years old."),
    FindingKind.OTHER_MODEL: QT_TRANSLATE_NOOP("health", "Photos without a template: {value}."),
}

_CHANGES = {
    JournalKind.PERSON_CHANGED: QT_TRANSLATE_NOOP("health", "Data changed"),
    JournalKind.PERSON_HIDDEN: QT_TRANSLATE_NOOP("health", "Deleted"),
    JournalKind.PHOTOS_HIDDEN: QT_TRANSLATE_NOOP("health", "Photo deleted"),
    JournalKind.PERSON_MERGED: QT_TRANSLATE_NOOP("health", "Merged with another person"),
    JournalKind.FINDING_KEPT: QT_TRANSLATE_NOOP("health", "Finding said to be fine"),
    JournalKind.CONSENT_WITHDRAWN: QT_TRANSLATE_NOOP("health", "Consent withdrawn"),
    JournalKind.PHOTOS_MOVED: QT_TRANSLATE_NOOP("health", "Photo given to another person"),
}


def kind(code: FindingKind) -> Wording:
    """Return what is said about a kind of finding."""
    label, advice, icon = _KINDS[code]
    return Wording(_tr(label), _tr(advice), icon)


def finding(finding: "Finding") -> str:
    """Return by how much something is amiss."""
    value, limit = (
        f"{number / 365:.0f}"
        if finding.kind is FindingKind.OLD_PHOTOS
        else f"{number:.0f}"
        if finding.kind in (FindingKind.FEW_PHOTOS, FindingKind.OTHER_MODEL)
        else amounts.distance(number)
        for number in (finding.value, finding.limit)
    )
    return _tr(_FINDINGS[finding.kind]).format(value=value, limit=limit)


def at_the_door() -> str:
    """Return what stands under the picture of an entry."""
    return _tr(QT_TRANSLATE_NOOP("health", "At the door"))


def change(row: JournalRow) -> str:
    """Return what was done to a person, when and by whom."""
    return f"{amounts.short_moment(row.at)}  {_tr(_CHANGES[row.kind])}  ({row.actor})"


def _tr(text: str) -> str:
    return QCoreApplication.translate("health", text)
