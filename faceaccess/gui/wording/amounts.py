"""The wording of distances, times and sizes."""

from datetime import UTC, datetime, timedelta

from PySide6.QtCore import QCoreApplication, QLocale, QTime

from faceaccess.attendance.zones import Zones
from faceaccess.gui.wording.noop import QT_TRANSLATE_NOOP


def distance(value: float | None) -> str:
    """Return a distance with three decimals, or a dash."""
    return "–" if value is None else QLocale().toString(value, "f", 3)


def moment(at: datetime, zones: Zones | None = None) -> str:
    """Return a UTC time as date and time in the company's zones; without them, on this computer's clock."""
    at = at.replace(tzinfo=at.tzinfo or UTC)
    local = at.astimezone() if zones is None else zones.local(at)
    return local.strftime("%Y-%m-%d %H:%M:%S")


def time_of_day(at: datetime) -> str:
    """Return the local time of day of a moment."""
    local = at.astimezone()
    return QLocale().toString(QTime(local.hour, local.minute), QLocale.FormatType.ShortFormat)


def short_moment(at: datetime) -> str:
    """Return a UTC time as local time, with the date unless it is today."""
    local = at.replace(tzinfo=at.tzinfo or UTC).astimezone()
    today = datetime.now().astimezone().date()
    if local.date() == today:
        return local.strftime("%H:%M:%S")
    if today - local.date() == timedelta(days=1):
        return _tr(QT_TRANSLATE_NOOP("text", "Yesterday {0}")).format(f"{local:%H:%M}")
    return local.strftime("%Y-%m-%d %H:%M")


def size(count: int) -> str:
    """Return a number of bytes in readable units."""
    return QLocale().formattedDataSize(count, 0, QLocale.DataSizeFormat.DataSizeSIFormat)


def _tr(source: str) -> str:
    return QCoreApplication.translate("text", source) if source else ""


def per_thousand(share: float) -> str:
    """Return a share of a thousand, with a decimal where it is small."""
    number = 1000 * share
    return f"{number:.1f}" if number < 10 and round(number, 1) != round(number) else f"{number:.0f}"
