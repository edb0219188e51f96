"""Times as the database holds them: UTC, in a form whose text order is their order."""

from datetime import UTC, datetime

from faceaccess.steady import steady_s

__all__ = ["from_text", "local_zone", "steady_s", "to_text", "utc_now"]


def to_text(at: datetime) -> str:
    """Return an aware time as UTC text of fixed length; text order is time order."""
    if at.tzinfo is None:
        raise ValueError("a time without a zone can't be stored")
    return at.astimezone(UTC).isoformat(timespec="microseconds")


def from_text(text: str) -> datetime:
    """Return the UTC time that `to_text` wrote."""
    return datetime.fromisoformat(text)


def utc_now() -> datetime:
    """Return the present time in UTC."""
    return datetime.now(UTC)


def local_zone() -> str:
    """Return this computer's present offset from UTC, such as "UTC+01:00"."""
    return "UTC" + datetime.now().astimezone().isoformat(timespec="seconds")[-6:]
