"""What is said of things that are set up: sources of pictures, openings, groups, notifications."""

from PySide6.QtCore import QCoreApplication, QLocale

from faceaccess.codes import (
    OpeningKind,
)
from faceaccess.gui.wording import codes
from faceaccess.gui.wording.counts import Counts
from faceaccess.gui.wording.noop import QT_TRANSLATE_NOOP
from faceaccess.settings import WEBCAM_PREFIX, Notification, Opening, SourceKind, source_kind
from faceaccess.store.access.types import AccessGroup


def source(address: str) -> str:
    """Return what a camera's picture comes from, without a password."""
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


def group(access: AccessGroup) -> str:
    """Return when and where a group may pass."""
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
    """Return who is told of what, and how much it still has to be told."""
    parts = [codes.choice("kind", channel.kind), source(channel.address), codes.choice("wish", channel.wish)]
    if waiting:
        parts.append(Counts().waiting(waiting))
    return " · ".join(parts)


def _tr(source: str) -> str:
    return QCoreApplication.translate("text", source) if source else ""
