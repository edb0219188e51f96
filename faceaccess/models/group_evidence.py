"""Groups of the people enrolled: whether some are taken for others, or refused, more often."""

import csv
import io
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from statistics import median

import numpy as np

from faceaccess.errors import FaceAccessError, template
from faceaccess.foreign_files import read_text
from faceaccess.models.evidence import GalleryEvidence
from faceaccess.models.kept_faces import aligned_by_points
from faceaccess.recognition.error_rates import thresholds_at
from faceaccess.recognition.group_errors import GroupRow, GroupTable, by_group, ranked
from faceaccess.store.file.database import Database
from faceaccess.store.people.names import fold
from faceaccess.store.people.people import People
from faceaccess.store.people.templates import Templates
from faceaccess.store.people.types import StoredCrop
from faceaccess.vision.alignment import PointsAlignment
from faceaccess.vision.skin_tone import ita, tone_of
from faceaccess.vision.sources.images import from_jpeg

__all__ = ["GroupComparison", "GroupRow", "GroupTable", "Groups"]

MOST_BYTES = 16 * 2**20
_HINT = template("Its first line is person,group; a person is a name or a staff number.")

Progress = Callable[[int, int], None]


@dataclass(frozen=True)
class GroupComparison:
    """The errors of all groups at one threshold, the worst first.

    Attributes:
        threshold: squared L2.
        strangers: members taken for other people of the gallery, searched for as strangers.
        staff: members refused or misnamed.
        left_out: how many people enrolled are in no group.
    """

    threshold: float
    strangers: GroupTable
    staff: GroupTable
    left_out: int

    @property
    def can_tell(self) -> bool:
        """Whether any group is told to fare worse."""
        return any(row.is_worse for row in (*self.strangers.rows, *self.staff.rows))


class Groups:
    """Divides the people enrolled, and compares the groups. Slow: off the GUI's thread."""

    def __init__(self, database: Database, people: People) -> None:
        self._people, self._templates = people, Templates(database)

    def by_department(self) -> dict[str, str]:
        """Return the department of each person who has one, by id."""
        return {person.person_id: person.department for person in self._people.list() if person.department}

    def by_file(self, path: Path) -> dict[str, str]:
        """Return the groups that a CSV file gives to people enrolled, by id.

        Raises:
            FaceAccessError: it can't be read, has no such columns, or names nobody who is enrolled.
        """
        known = {}
        for person in self._people.list():
            known[fold(person.name)] = person.person_id
            if person.staff_number:
                known[fold(person.staff_number)] = person.person_id
        listed = {fold(who): group for who, group in read_groups(path).items() if group}
        groups = {person_id: listed[name] for name, person_id in known.items() if name in listed}
        if not groups:
            raise FaceAccessError("{path} names nobody who is enrolled.", _HINT, path=path)
        return groups

    def by_skin_tone(
        self,
        *,
        progress: Progress = lambda _done, _all: None,
        is_cancelled: Callable[[], bool] = lambda: False,
    ) -> dict[str, str] | None:
        """Return the skin tone of each person by the kept photos, by id; None when it was cancelled.

        It is the individual typology angle of forehead and cheeks (Chardon et al. 1991), the median of the
        person's photos: light, exposure and make-up move it by as much as a group, so it tells groups of many
        people apart, never one person's colour.
        """
        people = self._people.list()
        groups = {}
        for done, person in enumerate(people, 1):
            if is_cancelled():
                return None
            measured = map(_angle, self._templates.crops(person.person_id))
            angles = [angle for angle in measured if angle is not None]
            if angles:
                groups[person.person_id] = tone_of(median(angles)).value
            progress(done, len(people))
        return groups

    def compare(
        self, gallery: GalleryEvidence, group_of: Mapping[str, str], threshold: float
    ) -> GroupComparison:
        """Return the errors of the groups at a threshold.

        Args:
            gallery: the searches of the people enrolled.
            group_of: the group of people by id; others take no part.
            threshold: squared L2.

        Raises:
            FaceAccessError: fewer than two groups have anybody.
        """
        searches = gallery.searches
        ids = np.array(gallery.person_ids, dtype=object)
        if len({group_of[person_id] for person_id in ids if person_id in group_of}) < 2:
            raise FaceAccessError(
                "There are no two groups to compare.", "Give people of at least two groups."
            )
        is_wrong, is_refused = searches.wrong_from <= threshold, searches.right_from > threshold
        has_own = searches.has_own
        fpir = float(is_wrong.mean())

        def needed(group: str) -> float | None:
            mine = searches.wrong_from[[group_of.get(person_id) == group for person_id in ids]]
            return thresholds_at(mine, [fpir])[0] if fpir * len(mine) >= 1 else None

        strangers = by_group([list(ids)], [is_wrong], group_of, needed)
        staff = by_group([list(ids[has_own])], [is_refused[has_own]], group_of) if has_own.any() else {}
        refused = float(is_refused[has_own].mean()) if has_own.any() else 0.0
        return GroupComparison(
            threshold,
            ranked("FPIR", fpir, strangers),
            ranked("FNIR", refused, staff),
            len(set(gallery.person_ids) - set(group_of)),
        )


def _angle(crop: StoredCrop) -> float | None:
    return ita(aligned_by_points(from_jpeg(crop.crop), crop.landmarks, PointsAlignment("kept")))


def read_groups(path: Path) -> dict[str, str]:
    """Return the group of each person of a CSV file: of its column `group`, or of the only other one.

    Whoever has none there gets "".

    Raises:
        FaceAccessError: it can't be read, or has no such columns.
    """
    try:
        reader = csv.DictReader(io.StringIO(read_text(path, MOST_BYTES)))
        columns, rows = list(reader.fieldnames or ()), list(reader)
    except (OSError, UnicodeDecodeError, csv.Error) as exc:
        raise FaceAccessError("{path} can't be read as a CSV file.", _HINT, path=path) from exc
    others = [column for column in columns if column != "person"]
    if len(others) == len(columns) or (len(others) != 1 and "group" not in others):
        raise FaceAccessError("{path} has no columns person and group.", _HINT, path=path)
    column = "group" if "group" in others else others[0]
    return {row["person"]: (row[column] or "").strip() for row in rows if row["person"]}
