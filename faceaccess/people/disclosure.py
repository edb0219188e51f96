"""Everything held on one person, as a zip that the person can read."""

import csv
import html
import io
import json
import os
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from faceaccess.codes import JournalKind, Right
from faceaccess.store.database import Database
from faceaccess.store.faults import mapped_faults
from faceaccess.store.groups import GroupMembers
from faceaccess.store.journal import Journal
from faceaccess.store.journal_csv import safe_cell
from faceaccess.store.people import People
from faceaccess.store.policies import Policies
from faceaccess.store.roles import needs
from faceaccess.store.templates import Templates
from faceaccess.store.types import Actor, Event, EventFilter, Person

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
    """Answers a person's request for what is held on them. Slow: not on the GUI's thread."""

    def __init__(
        self,
        database: Database,
        *,
        people: People,
        templates: Templates,
        journal: Journal,
        policies: Policies,
        members: GroupMembers,
    ) -> None:
        self.database = database
        self._people, self._templates, self._journal = people, templates, journal
        self._policies, self._members = policies, members

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
        photos = self._templates.photos(person.person_id)
        names = [f"photos/{number:03}.jpg" for number in range(1, len(photos) + 1)]
        for name, photo in zip(names, photos, strict=True):
            archive.writestr(name, photo)
        rows, pictures = self._entries(archive, person)
        archive.writestr("entries.csv", _csv(rows))
        actions = list(self._actions(person))
        archive.writestr("actions.json", json.dumps(actions, indent=1, ensure_ascii=False))
        facts = self._facts(person)
        archive.writestr("person.json", json.dumps(facts, indent=1, ensure_ascii=False))
        archive.writestr("index.html", _page(facts, names, rows))
        return Disclosed(len(photos), len(rows), pictures, len(actions))

    def _entries(self, archive: zipfile.ZipFile, person: Person) -> tuple[list[tuple[str, ...]], int]:
        """Write the pictures of a person's entries; return the entries as rows, and how many pictures."""
        rows, pictures = [], 0
        for event in self._journal.all_events(EventFilter(person_id=person.person_id)):
            picture = ""
            crop = self._journal.crop(event.seq) if event.has_crop else None
            if crop is not None:
                picture, pictures = f"pictures/{event.seq}.jpg", pictures + 1
                archive.writestr(picture, crop)
            rows.append((*_shown(event), picture))
        for seq in self._journal.showing(person.person_id):
            unknown, crop = self._journal.event(seq), self._journal.crop(seq)
            if unknown is not None and crop is not None:
                picture, pictures = f"pictures/{seq}.jpg", pictures + 1
                archive.writestr(picture, crop)
                rows.append((*_shown(unknown), picture))
        return rows, pictures

    def _actions(self, person: Person) -> Iterator[dict[str, object]]:
        """Yield what else the journal says of a person: enrolment, changes, PIN, groups."""
        for row in self._journal.rows_about(person.person_id):
            if row.kind is not JournalKind.ENTRY:
                yield {
                    "row": row.seq,
                    "at": row.at.isoformat(),
                    "what": row.kind,
                    "by": row.actor,
                    "details": dict(row.details),
                }

    def _facts(self, person: Person) -> dict[str, object]:
        chosen = self._members.by_person().get(person.person_id, ())
        groups = [group.name for group in self._policies.access_rules().groups if group.group_id in chosen]
        return {
            "name": person.name,
            "staff number": person.staff_number or "",
            "department": person.department,
            "e-mail": person.email,
            "let in": person.is_active,
            "enrolled": person.created_at.isoformat(),
            "groups": groups,
            "has a PIN": person.has_pin,
            "templates": person.template_count,
            "what a template is": "numbers by which a face is compared, made from each photo; they are "
            "meaningless outside this program and can't be turned back into a picture exactly",
            "id in the log": person.person_id,
        }


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


def _page(facts: dict[str, object], photos: list[str], rows: list[tuple[str, ...]]) -> str:
    """Return a page that shows everything, without any script."""
    listed = "".join(
        f"<tr><th>{html.escape(name)}</th><td>{html.escape(_words(value))}</td></tr>"
        for name, value in facts.items()
    )
    pictures = "".join(f'<img src="{name}" alt="photo" height="160"> ' for name in photos)
    head = "".join(f"<th>{html.escape(name)}</th>" for name in _COLUMNS)
    body = "".join("<tr>" + "".join(f"<td>{_cell(value)}</td>" for value in row) + "</tr>" for row in rows)
    return (
        '<!doctype html><html lang="en"><meta charset="utf-8"><title>FaceAccess: data held</title>'
        "<style>body{font:14px sans-serif;margin:2em}table{border-collapse:collapse;margin:1em 0}"
        "td,th{border:1px solid #bbb;padding:4px 8px;text-align:left}</style>"
        f"<h1>Everything held on {html.escape(str(facts['name']))}</h1><table>{listed}</table>"
        f"<h2>Photos</h2>{pictures or 'none'}<h2>Entries</h2><table><tr>{head}</tr>{body}</table></html>"
    )


def _cell(value: str) -> str:
    if value.startswith("pictures/"):
        return f'<img src="{value}" alt="picture" height="60">'
    return html.escape(value)


def _words(value: object) -> str:
    if isinstance(value, bool):
        return "yes" if value else "no"
    return ", ".join(map(str, value)) if isinstance(value, list) else str(value)
