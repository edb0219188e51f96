"""Which time zone the company keeps on which day."""

import logging
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, tzinfo
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

import tzlocal

from faceaccess.store.policy.attendance_policy import AttendancePolicy

logger = logging.getLogger(__name__)


@dataclass(frozen=True)
class Zones:
    """The company's zones.

    Attributes:
        first: until the first change.
        changes: from which day on another zone is kept, earliest first.
    """

    first: tzinfo
    changes: tuple[tuple[date, tzinfo], ...] = ()

    def on(self, day: date) -> tzinfo:
        """Return the zone kept on a day."""
        current = self.first
        for since, zone in self.changes:
            if since <= day:
                current = zone
        return current

    def day_of(self, at: datetime) -> date:
        """Return the calendar day of a moment where the company is."""
        # Zones differ by 26 hours at most: the zone kept is that of the day which the moment has in it.
        for since, zone in reversed(self.changes):
            if (day := at.astimezone(zone).date()) >= since:
                return day
        return at.astimezone(self.first).date()

    def moment(self, day: date, at: time) -> datetime:
        """Return the UTC time of a wall-clock time.

        One that a clock change leaves out counts by the old offset, one that comes twice is the first.
        """
        return datetime.combine(day, at, tzinfo=self.on(day)).astimezone(UTC)

    def moments(self, day: date, at: time) -> tuple[datetime, ...]:
        """Return the moments at which clocks show a time of day, earliest first: none, one or two."""
        zone, shown = self.on(day), datetime.combine(day, at)
        read = (shown.replace(fold=fold, tzinfo=zone).astimezone(UTC).astimezone(zone) for fold in (0, 1))
        true = {
            moment.astimezone(UTC): moment for moment in read if moment.replace(tzinfo=None, fold=0) == shown
        }
        return tuple(true[key] for key in sorted(true))

    @property
    def names(self) -> str:
        """The zones' names, later ones with the day from which they apply."""
        later = [f"{zone} from {day}" for day, zone in self.changes if day > date.min]
        first = self.on(date.min)
        return ", ".join([str(first), *later])

    def local(self, at: datetime) -> datetime:
        """Return a moment as the company's clocks show it."""
        return at.astimezone(self.on(self.day_of(at)))


def company_zones(policy: AttendancePolicy) -> Zones:
    """Return the zones of a policy; without any, this computer's."""
    here = machine_zone()
    changes = tuple((day, ZoneInfo(name) if name else here) for day, name in sorted(policy.zones))
    return Zones(here, changes)


def machine_zone() -> tzinfo:
    """Return this computer's zone with its clock changes; where it has no name, its present offset."""
    try:
        return tzlocal.get_localzone()
    except (ZoneInfoNotFoundError, ValueError, OSError):
        logger.info("this computer's time zone has no name that is known")
        offset = datetime.now().astimezone().tzinfo
        assert offset is not None
        return offset


def zone_name(at: datetime) -> str:
    """Return the name of a moment's zone, such as Europe/Berlin."""
    return str(at.tzinfo)
