"""Everything held on one person, as a zip that the person can read."""

import csv
import html
import io
import json
import os
import zipfile
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from faceaccess.codes import JournalKind, Right
from faceaccess.store.access.groups import GroupMembers
from faceaccess.store.access.roles import needs
from faceaccess.store.access.types import AccessRules, Actor
from faceaccess.store.file.database import Database
from faceaccess.store.file.faults import mapped_faults
from faceaccess.store.journal.journal import Journal
from faceaccess.store.journal.journal_csv import safe_cell
from faceaccess.store.journal.types import Event, EventFilter
from faceaccess.store.people.aliases import merged_names
from faceaccess.store.people.consents import Consents
from faceaccess.store.people.look_alikes import LookAlikes
from faceaccess.store.people.people import People
from faceaccess.store.people.photos import Photos
from faceaccess.store.people.types import Person
from faceaccess.store.policy.absences import Absences
from faceaccess.store.policy.policies import Policies
from faceaccess.store.policy.schedules import Schedules

Facts = dict[str, object]

_COLUMNS = ("entry", "time (UTC)", "zone", "outcome", "reason", "method", "door", "camera", "direction",
            "distance", "threshold", "voided", "picture")  # fmt: skip


@dataclass(frozen=True)
class Disclosed:
    """How much was handed out."""

    photos: int
    entries: int
    pictures: int
    rows: int


class Disclosure:
    """Answers a person's request for the data held on them. Slow: not on the GUI's thread."""

    def __init__(
        self,
        database: Database,
        *,
        people: People,
        journal: Journal,
        policies: Policies,
        members: GroupMembers,
    ) -> None:
        self.database = database
        self._people, self._journal, self._policies, self._members = people, journal, policies, members
        self._photos, self._consents = Photos(database), Consents(database)

    @needs(Right.EXPORT)
    def write(self, actor: Actor, person_id: str, path: Path) -> Disclosed:
        """Write a zip with photos, entries, pictures and all else that is held on a person; journalled.

        The file is there whole or not at all.

        Raises:
            EnrolmentError: nobody has this id.
            StoreError: the file can't be written.
        """
        person = self._people.get(person_id)
        part = path.with_name(path.name + ".new")
        with mapped_faults(path):
            try:
                with zipfile.ZipFile(part, "w", zipfile.ZIP_DEFLATED) as archive:
                    disclosed = self._fill(archive, person)
                os.replace(part, path)
            finally:
                part.unlink(missing_ok=True)
        details = {"disclosed": vars(disclosed)}
        self._journal.record(actor, JournalKind.EXPORTED, person_id=person_id, details=details)
        return disclosed

    def _fill(self, archive: zipfile.ZipFile, person: Person) -> Disclosed:
        photos = self._write_photos(archive, person)
        consents = self._write_consents(archive, person)
        rows, pictures = self._entries(archive, person)
        archive.writestr("entries.csv", _csv(rows))
        actions = list(self._actions(person))
        facts = self._facts(person)
        held = facts | {"photos": photos, "consents": consents}
        for name, content in (("actions.json", actions), ("person.json", held)):
            archive.writestr(name, json.dumps(content, indent=1, ensure_ascii=False))
        archive.writestr("index.html", _page(facts, photos, consents, rows))
        return Disclosed(len(photos), len(rows), pictures, len(actions))

    def _write_photos(self, archive: zipfile.ZipFile, person: Person) -> list[Facts]:
        """Write a person's photos, also those deleted and not erased; return a line about each."""
        told: list[Facts] = []
        for number, photo in enumerate(self._photos.held(person.person_id), 1):
            file = f"photos/{number:03}.jpg"
            archive.writestr(file, self._photos.jpeg(photo.photo_id))
            told.append({"file": file, "enrolled": photo.created_at.isoformat()})
            if photo.hidden_at is not None:
                told[-1]["deleted"] = photo.hidden_at.isoformat()
        return told

    def _write_consents(self, archive: zipfile.ZipFile, person: Person) -> list[Facts]:
        """Write the drawn signatures; return a person's consents, newest first."""
        told: list[Facts] = []
        for consent in self._consents.of(person.person_id):
            facts: Facts = {
                "given on": consent.given_on.isoformat(),
                "holds until": _day(consent.expires_on),
                "to be reviewed on": _day(consent.review_on),
                "withdrawn": "" if consent.withdrawn_at is None else consent.withdrawn_at.isoformat(),
                "entered": f"{consent.recorded_at.isoformat()} by {consent.recorded_by}",
                "text": f"version {consent.version}, {consent.language}",
                "words": self._consents.texts.get(consent.version).text,
            }
            if signature := self._consents.signature(consent.consent_id):
                facts["signature"] = f"signatures/{consent.consent_id}.png"
                archive.writestr(f"signatures/{consent.consent_id}.png", signature)
            told.append(facts)
        return told

    def _entries(self, archive: zipfile.ZipFile, person: Person) -> tuple[list[tuple[str, ...]], int]:
        """Write the pictures of a person's entries; return the entries as rows, and how many pictures."""
        rows, pictures = [], 0
        for event in self._journal.events.all(EventFilter(person_id=person.person_id)):
            picture = ""
            crop = self._journal.events.crop(event.seq) if event.has_crop else None
            if crop is not None:
                picture, pictures = f"pictures/{event.seq}.jpg", pictures + 1
                archive.writestr(picture, crop)
            rows.append((*_shown(event), picture))
        for seq in self._journal.events.showing(person.person_id):
            unknown, crop = self._journal.events.get(seq), self._journal.events.crop(seq)
            if unknown is not None and crop is not None:
                picture, pictures = f"pictures/{seq}.jpg", pictures + 1
                archive.writestr(picture, crop)
                rows.append((*_shown(unknown), picture))
        return rows, pictures

    def _actions(self, person: Person) -> Iterator[Facts]:
        """Yield the journal's other rows about a person: enrolment, changes, PIN, groups."""
        for row in self._journal.rows.about(person.person_id):
            if row.kind is not JournalKind.ENTRY:
                yield {
                    "row": row.seq,
                    "at": row.at.isoformat(),
                    "what": row.kind,
                    "by": row.actor,
                    "details": dict(row.details),
                    "note": self._journal.rows.note(row.seq) or "",
                }

    def _facts(self, person: Person) -> Facts:
        chosen = self._members.by_person().get(person.person_id, ())
        groups = [group.name for group in self._policies.read(AccessRules).groups if group.group_id in chosen]
        with self.database.reader() as db:
            others = merged_names(db, person.person_id)
        return {
            "name": person.name,
            "staff number": person.staff_number or "",
            "department": person.department,
            "e-mail": person.email,
            "let in": person.is_active,
            "instead of turning the head": "" if person.other_way is None else person.other_way.value,
            "enrolled": person.created_at.isoformat(),
            "groups": groups,
            "has a PIN": person.has_pin,
            "was also enrolled as": others,
            "absences": self._absences(person),
            "schedules of one's own": self._schedules(person),
            "people who look alike": f"{len(LookAlikes(self.database).of(person.person_id))} "
            "(who they are is theirs)",
            "templates": person.template_count,
            "what a template is": "numbers by which a face is compared, made from each photo; they are "
            "meaningless outside this program and can't be turned back into a picture exactly",
            "id in the log": person.person_id,
        }

    def _absences(self, person: Person) -> list[str]:
        """Return the days on which a person is away; those taken back are among the actions."""
        absences = Absences(self.database).between(date.min, date.max, person.person_id)
        return [
            f"{absence.first_day} to {absence.last_day}: {absence.kind} ({absence.part})"
            for absence in absences
            if absence.removed_by is None
        ]

    def _schedules(self, person: Person) -> list[str]:
        schedules = Schedules(self.database)
        names = {schedule.schedule_id: schedule.name for schedule in schedules.all()}
        return [
            f"{names[assignment.schedule_id]} from {assignment.first_day}"
            + (f" to {assignment.last_day}" if assignment.last_day else "")
            for assignment in schedules.assignments()
            if assignment.person_id == person.person_id
        ]


def _day(day: date | None) -> str:
    return "" if day is None else day.isoformat()


def _shown(event: Event) -> tuple[str, ...]:
    entry = event.entry
    numbers = ("" if value is None else f"{value:.4f}" for value in (entry.distance, entry.threshold))
    return (
        str(event.seq),
        entry.at.isoformat(timespec="seconds"),
        entry.zone,
        entry.outcome,
        entry.reason,
        entry.method,
        entry.door,
        entry.camera,
        entry.direction,
        *numbers,
        "" if event.voided_by is None else f"by {event.voided_by}",
    )


def _csv(rows: list[tuple[str, ...]]) -> str:
    text = io.StringIO()
    writer = csv.writer(text)
    writer.writerow(_COLUMNS)
    writer.writerows([safe_cell(value) for value in row] for row in rows)
    return "\ufeff" + text.getvalue()


def _page(
    facts: Facts, photos: Sequence[Facts], consents: Sequence[Facts], rows: Sequence[tuple[str, ...]]
) -> str:
    """Return a page that shows everything, without any script."""
    pictures = "".join(
        f'<figure><img src="{photo["file"]}" alt="photo" height="160">'
        f"<figcaption>{'deleted, not yet erased' if 'deleted' in photo else ''}</figcaption></figure>"
        for photo in photos
    )
    agreed = "".join(map(_table, consents))
    head = "".join(f"<th>{html.escape(name)}</th>" for name in _COLUMNS)
    body = "".join("<tr>" + "".join(f"<td>{_cell(value)}</td>" for value in row) + "</tr>" for row in rows)
    return (
        '<!doctype html><html lang="en"><meta charset="utf-8"><title>FaceAccess: data held</title>'
        "<style>body{font:14px sans-serif;margin:2em}table{border-collapse:collapse;margin:1em 0}"
        "td,th{border:1px solid #bbb;padding:4px 8px;text-align:left;white-space:pre-line}"
        "figure{display:inline-block;margin:0 8px 8px 0}</style>"
        f"<h1>Everything held on {html.escape(str(facts['name']))}</h1>{_table(facts)}"
        f"<h2>Photos</h2>{pictures or 'none'}<h2>Consents</h2>{agreed or 'none'}"
        f"<h2>Entries</h2><table><tr>{head}</tr>{body}</table></html>"
    )


def _table(facts: Facts) -> str:
    """Return names and values as rows."""
    listed = "".join(
        f"<tr><th>{html.escape(name)}</th><td>{_cell(_words(value))}</td></tr>"
        for name, value in facts.items()
    )
    return f"<table>{listed}</table>"


def _cell(value: str) -> str:
    if value.startswith(("pictures/", "signatures/")):
        return f'<img src="{value}" alt="picture" height="60">'
    return html.escape(value)


def _words(value: object) -> str:
    if isinstance(value, bool):
        return "yes" if value else "no"
    return ", ".join(map(str, value)) if isinstance(value, list) else str(value)
