"""Undoing changes to a person, as the journal records them."""

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from faceaccess.codes import FindingKind, JournalKind
from faceaccess.errors import EnrolmentError
from faceaccess.store import clock
from faceaccess.store.file.database import Database
from faceaccess.store.journal.journal import Journal
from faceaccess.store.journal.types import JournalRow
from faceaccess.store.people.consents import Consents
from faceaccess.store.people.findings import KeptFindings, Key, key_of
from faceaccess.store.people.look_alikes import LookAlikes
from faceaccess.store.people.merging import Merged, Merging
from faceaccess.store.people.people import People
from faceaccess.store.people.photos import Photos


@dataclass(frozen=True)
class Change:
    """A change to a person that can, or could, be undone.

    Attributes:
        row: of the journal.
        is_in_force: whether it was not undone since.
        can_be_undone: whether it is the newest change that is still in force and can be undone.
    """

    row: JournalRow
    is_in_force: bool
    can_be_undone: bool


class Undoing:
    """Finds what can be undone and undoes it, inside the caller's transaction.

    Only a person's newest change that is still in force can be: what was done before it may rest on it.
    """

    def __init__(self, database: Database, people: People, journal: Journal) -> None:
        self._people, self._journal = people, journal
        self._photos, self._merging = Photos(database), Merging(database, people)
        self._consents = Consents(database)
        self._kept, self._look_alikes = KeptFindings(database), LookAlikes(database)
        self._ways: Mapping[JournalKind, Callable[[JournalRow], None]] = {
            JournalKind.PERSON_CHANGED: self._unchange,
            JournalKind.PERSON_HIDDEN: self._unhide,
            JournalKind.PHOTOS_HIDDEN: self._unhide_photos,
            JournalKind.PERSON_MERGED: self._part,
            JournalKind.PHOTOS_MOVED: self._move_back,
            JournalKind.FINDING_KEPT: self._unkeep,
            JournalKind.CONSENT_WITHDRAWN: self._reinstate,
        }

    def history(self, person_id: str) -> list[Change]:
        """Return the changes of a person that can, or could, be undone, newest first."""
        rows = self._journal.rows.about(person_id, (*self._ways, JournalKind.CHANGE_UNDONE))
        undone = {row.details["undone"] for row in rows if row.kind is JournalKind.CHANGE_UNDONE}
        changes: list[Change] = []
        is_newest = True
        for row in rows:
            if row.kind is JournalKind.CHANGE_UNDONE:
                continue
            is_in_force = row.seq not in undone and self._is_in_force(row)
            if row.kind is JournalKind.CONSENT_WITHDRAWN and row.seq not in undone and not is_in_force:
                continue  # the face is erased
            changes.append(Change(row, is_in_force, is_newest and is_in_force and self._is_known(row)))
            is_newest = is_newest and not is_in_force
        return changes

    def undo(self, seq: int) -> JournalRow:
        """Undo a row, and return it.

        Raises:
            EnrolmentError: it can't be undone.
        """
        row = self._journal.rows.get(seq)
        if row is None or row.person_id is None or row.kind not in self._ways:
            raise EnrolmentError("Row {seq} of the log is nothing that can be undone.", seq=seq)
        if not any(change.row.seq == seq and change.can_be_undone for change in self.history(row.person_id)):
            raise EnrolmentError(
                "This can't be undone any more.", "It was undone, or something newer has to be undone first."
            )
        self._ways[row.kind](row)
        return row

    def given_back_to(self, row: JournalRow) -> tuple[str, ...]:
        """Return the id of the person who has photos again since a row was undone, if any."""
        if row.kind is JournalKind.PERSON_MERGED:
            return (str(row.details["merged"]),)
        gives_photos = (JournalKind.PHOTOS_MOVED, JournalKind.PHOTOS_HIDDEN, JournalKind.PERSON_HIDDEN)
        return (str(row.person_id),) if row.kind in gives_photos else ()

    def _is_in_force(self, row: JournalRow) -> bool:
        """Tell whether a row's change is still in force, where that can be seen."""
        details: Mapping[str, Any] = row.details
        if row.kind is JournalKind.PERSON_HIDDEN:
            return self._people.get(str(row.person_id)).hidden_at is not None
        if row.kind is JournalKind.PHOTOS_HIDDEN:
            return bool(self._hidden_of(row))
        if row.kind is JournalKind.PERSON_MERGED:
            return self._merging.is_merged(details["merged"], self._people.get(str(row.person_id)).person_id)
        if row.kind is JournalKind.PHOTOS_MOVED:
            return bool(self._merging.photos_still_of(details["to"], details["photos"]))
        if row.kind is JournalKind.CONSENT_WITHDRAWN:
            return any(held.seq == row.seq for held in self._consents.held())
        if row.kind is JournalKind.FINDING_KEPT:
            return _is_kept(row, self._kept, self._look_alikes)
        return True

    def _is_known(self, row: JournalRow) -> bool:
        """Tell whether the state before a row is still known."""
        if row.kind is not JournalKind.PERSON_CHANGED or row.details.get("fields") == ["is_active"]:
            return True
        return self._journal.rows.note(row.seq) is not None

    def _unchange(self, row: JournalRow) -> None:
        person = self._people.there(str(row.person_id))
        if "is_active" in row.details:
            self._people.set_active(person.person_id, not row.details["is_active"])
            return
        texts = {
            "name": person.name,
            "staff_number": person.staff_number,
            "department": person.department,
            "email": person.email,
        } | json.loads(self._journal.rows.note(row.seq) or "{}")
        self._people.update(person.person_id, **texts)

    def _unhide(self, row: JournalRow) -> None:
        self._people.set_hidden(str(row.person_id), None)

    def _unhide_photos(self, row: JournalRow) -> None:
        self._photos.set_hidden(self._hidden_of(row), None)

    def _reinstate(self, row: JournalRow) -> None:
        details: Mapping[str, Any] = row.details
        self._consents.reinstate(details["consents"])
        self._unhide_photos(row)

    def _part(self, row: JournalRow) -> None:
        details: Mapping[str, Any] = row.details
        merged = Merged(
            details["merged"],
            details["photos"],
            details["aliases"],
            details["absences"],
            details["consents"],
            details["took_number"],
        )
        self._merging.part(self._people.there(str(row.person_id)).person_id, merged)

    def _move_back(self, row: JournalRow) -> None:
        details: Mapping[str, Any] = row.details
        person = self._people.there(str(row.person_id))
        photos = self._merging.photos_still_of(details["to"], details["photos"])
        self._photos.move(photos, person.person_id)
        other = self._people.get(details["to"]) if details["is_new"] else None
        if other is not None and other.person_id == details["to"] and not self._photos.of(other.person_id):
            # Made of these photos, and nothing without them: deleted, so that it can be restored.
            self._people.set_hidden(other.person_id, clock.utc_now())

    def _unkeep(self, row: JournalRow) -> None:
        if row.details["finding"] == FindingKind.LOOK_ALIKES:
            self._look_alikes.unmark(str(row.person_id), str(row.details["other"]))
        else:
            self._kept.remove(_kept_key(row))

    def _hidden_of(self, row: JournalRow) -> list[int]:
        """Return a row's photos that are still there, and deleted."""
        details: Mapping[str, Any] = row.details
        there = self._merging.photos_still_of(str(row.person_id), details["photos"])
        return [photo.photo_id for photo in self._photos.get(there) if photo.hidden_at is not None]


def _is_kept(row: JournalRow, findings: KeptFindings, look_alikes: LookAlikes) -> bool:
    if row.details["finding"] == FindingKind.LOOK_ALIKES:
        return str(row.details["other"]) in look_alikes.of(str(row.person_id))
    return _kept_key(row) in findings.all()


def _kept_key(row: JournalRow) -> Key:
    details: Mapping[str, Any] = row.details
    return key_of(FindingKind(details["finding"]), str(row.person_id), details["other"], details["photos"])
