"""The wording of settings: picture sources, openings, groups, notifications."""

from PySide6.QtCore import QCoreApplication, QLocale

from faceaccess.codes import LivenessMode, OpeningKind
from faceaccess.gui.wording import codes
from faceaccess.gui.wording.counts import Counts
from faceaccess.gui.wording.noop import QT_TRANSLATE_NOOP
from faceaccess.settings import (
    WEBCAM_PREFIX,
    LivenessSettings,
    Notification,
    Opening,
    SourceKind,
    source_kind,
)
from faceaccess.store.access.types import AccessGroup


def source(address: str) -> str:
    """Return a camera's source, without its password."""
    kind = source_kind(address)
    if kind is SourceKind.STREAM:
        scheme, _, rest = address.partition("://")
        host, slash, path = rest.partition("/")
        return f"{scheme}://{host.rpartition('@')[2]}{slash}{path.partition('?')[0]}"
    if kind is SourceKind.RECORDING:
        return address.replace("\\", "/").rsplit("/", 1)[-1]
    if address.isdigit():
        return _tr(QT_TRANSLATE_NOOP("text", "webcam {0}")).format(int(address) + 1)
    return address.removeprefix(WEBCAM_PREFIX)


def opening(settings: Opening) -> str:
    """Return what opens a door."""
    if settings.kind is OpeningKind.NONE:
        return _tr(QT_TRANSLATE_NOOP("text", "Not opened by this program"))
    where = source(settings.address) if "://" in settings.address else settings.address
    return f"{codes.choice('kind', settings.kind)} · {where}"


_MODES = {
    LivenessMode.OFF: QT_TRANSLATE_NOOP("text", "doesn't look for photos and screens"),
    LivenessMode.WATCH: QT_TRANSLATE_NOOP("text", "only measures photos and screens"),
    LivenessMode.IN_DOUBT: QT_TRANSLATE_NOOP("text", "asks to turn the head when in doubt"),
    LivenessMode.ALWAYS: QT_TRANSLATE_NOOP("text", "asks everybody to turn the head"),
}


def door(what_opens: Opening, liveness: LivenessSettings) -> str:
    """Return what opens a door, what it does about photos and screens, and who answers for it."""
    parts = [opening(what_opens), _tr(_MODES[liveness.mode])]
    if liveness.is_risk_signed:
        parts.append(_tr(QT_TRANSLATE_NOOP("text", "may be opened by face alone")))
    elif what_opens.kind is not OpeningKind.NONE and not liveness.may_open:
        parts.append(_tr(QT_TRANSLATE_NOOP("text", "a photo could open it, and nobody answers for that")))
    return " · ".join(parts)


def group(access: AccessGroup) -> str:
    """Return when and where a group's members may pass."""
    parts = []
    for window in access.windows:
        days = " ".join(
            QLocale().dayName(day + 1, QLocale.FormatType.ShortFormat) for day in sorted(window.days)
        )
        parts.append(f"{days} {window.start:%H:%M}–{window.end:%H:%M}")
    if not parts:
        parts.append(_tr(QT_TRANSLATE_NOOP("text", "at any time")))
    if access.doors:
        parts.append(", ".join(access.doors))
    if access.on_holidays:
        parts.append(_tr(QT_TRANSLATE_NOOP("text", "on holidays too")))
    return " · ".join(parts)


def notification(channel: Notification, waiting: int) -> str:
    """Return what a program is notified of, and the number of notifications waiting."""
    parts = [codes.choice("kind", channel.kind), source(channel.address), codes.choice("wish", channel.wish)]
    if waiting:
        parts.append(Counts().waiting(waiting))
    return " · ".join(parts)


def _tr(source: str) -> str:
    return QCoreApplication.translate("text", source) if source else ""
