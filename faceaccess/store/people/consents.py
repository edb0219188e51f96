"""Consents: the people who agreed, the text and the dates."""

from collections.abc import Mapping, Sequence
from datetime import date, datetime, timedelta
from typing import Any

from faceaccess.codes import ConsentDue, JournalKind
from faceaccess.errors import ConsentError
from faceaccess.store import clock
from faceaccess.store.file.database import Database
from faceaccess.store.people.aliases import marks
from faceaccess.store.people.consent_versions import CURRENT, ConsentTexts
from faceaccess.store.people.types import Consent, DueConsent, HeldWithdrawal, NewConsent

_EARLIEST = date(1900, 1, 1)

_SELECT = """
    SELECT c.*, t.language, c.signature IS NOT NULL AS has_signature
    FROM consents c JOIN consent_texts t USING (version)
"""

# Of each person the newest one in force, beside whether there is a face to agree to.
_DUE = f"""
    SELECT p.person_id, p.name, c.given_on, c.expires_on, c.review_on,
        c.version IN ({CURRENT}) AS is_current
    FROM people p LEFT JOIN consents c ON c.consent_id = (
        SELECT max(consent_id) FROM consents WHERE person_id = p.person_id AND withdrawn_at IS NULL)
    WHERE p.is_active AND p.hidden_at IS NULL AND p.merged_into IS NULL AND EXISTS (
        SELECT 1 FROM photos f WHERE f.person_id = p.person_id AND f.hidden_at IS NULL)
    ORDER BY p.name_key, p.person_id
"""


# Of each person the newest withdrawal, unless the face is erased, or the withdrawal undone.
_HELD = f"""
    SELECT j.seq, j.person_id, j.at_utc FROM journal j JOIN people p USING (person_id)
    WHERE j.seq IN (
        SELECT max(seq) FROM journal WHERE kind = '{JournalKind.CONSENT_WITHDRAWN}' GROUP BY person_id)
    AND json_extract(j.canonical, '$.details.is_held') AND p.merged_into IS NULL
    AND NOT EXISTS (SELECT 1 FROM consents c WHERE c.person_id = j.person_id AND c.withdrawn_at IS NULL)
    AND NOT EXISTS (SELECT 1 FROM journal u WHERE u.person_id = j.person_id
        AND u.kind = '{JournalKind.CHANGE_UNDONE}' AND json_extract(u.canonical, '$.details.undone') = j.seq)
    ORDER BY j.seq
"""


class Consents:
    """Reads and writes consents; inside `database.transaction()` it takes part in that one.

    It neither journals nor checks who asks: that is `people.consent`.

    Attributes:
        texts: that people agree to.
    """

    def __init__(self, database: Database) -> None:
        self._database = database
        self.texts = ConsentTexts(database)

    def add(self, person_id: str, consent: NewConsent, recorded_by: str) -> Consent:
        """Store a consent and return it; the person has no other in force from then on.

        Raises:
            ConsentError: there is no such text, or the dates can't be.
        """
        self.texts.get(consent.version)
        now = clock.utc_now()
        check_dates(consent, now.date())
        values = {
            "person_id": person_id,
            "version": consent.version,
            "given_on": consent.given_on.isoformat(),
            "expires_on": _day_text(consent.expires_on),
            "review_on": _day_text(consent.review_on),
            "recorded_at": clock.to_text(now),
            "recorded_by": recorded_by,
            "signature": consent.signature,
        }
        with self._database.transaction() as db:
            number = db.table("consents").insert(values).last_rowid
            return self._find("WHERE c.consent_id = ?", [number])[0]

    def of(self, person_id: str) -> list[Consent]:
        """Return a person's consents, newest first, withdrawn ones too."""
        return self._find("WHERE c.person_id = ? ORDER BY c.consent_id DESC", [person_id])

    def newest(self, person_id: str) -> Consent | None:
        """Return a person's newest consent that was not withdrawn; it may have expired."""
        return next((consent for consent in self.of(person_id) if consent.withdrawn_at is None), None)

    def in_force(self, person_id: str, today: date) -> Consent | None:
        """Return a person's newest consent that was not withdrawn, unless it has expired."""
        consent = self.newest(person_id)
        if consent is None or (consent.expires_on is not None and consent.expires_on <= today):
            return None
        return consent

    def withdrawn_at(self, person_id: str) -> datetime | None:
        """Return the UTC time at which a person last withdrew a consent; None for never."""
        return max(
            (consent.withdrawn_at for consent in self.of(person_id) if consent.withdrawn_at), default=None
        )

    def consenting(self, today: date) -> set[str]:
        """Return the ids of the people whose newest consent is in force."""
        with self._database.reader() as db:
            rows = db.execute(
                "SELECT person_id, expires_on, max(consent_id) FROM consents WHERE withdrawn_at IS NULL"
                " GROUP BY person_id"
            ).fetchall()
        return {row[0] for row in rows if row[1] is None or date.fromisoformat(row[1]) > today}

    def signature(self, consent_id: int) -> bytes | None:
        """Return the drawn signature of a consent as PNG, or None."""
        with self._database.reader() as db:
            row = db.execute("SELECT signature FROM consents WHERE consent_id = ?", [consent_id]).fetchone()
        return None if row is None or row[0] is None else bytes(row[0])

    def withdraw(self, person_id: str) -> int:
        """Withdraw all of a person's consents, erase signatures; return how many were in force."""
        with self._database.transaction() as db:
            in_force = len(self.hold(person_id))
            db.execute("UPDATE consents SET signature = NULL WHERE person_id = ?", [person_id])
            return in_force

    def hold(self, person_id: str) -> Sequence[int]:
        """Withdraw all of a person's consents so that it can be undone; return their numbers."""
        with self._database.transaction() as db:
            rows = db.execute(
                "UPDATE consents SET withdrawn_at = ? WHERE person_id = ? AND withdrawn_at IS NULL"
                " RETURNING consent_id",
                [clock.to_text(clock.utc_now()), person_id],
            ).fetchall()
        return [row[0] for row in rows]

    def reinstate(self, consent_ids: Sequence[int]) -> None:
        """Mark consents as never withdrawn."""
        with self._database.transaction() as db:
            which = f"consent_id IN ({marks(consent_ids)})"
            db.execute(f"UPDATE consents SET withdrawn_at = NULL WHERE {which}", list(consent_ids))

    def held(self) -> list[HeldWithdrawal]:
        """Return the withdrawals whose faces are hidden and not erased yet, oldest first."""
        with self._database.reader() as db:
            rows = db.execute(_HELD).fetchall()
        return [HeldWithdrawal(seq, person_id, clock.from_text(at)) for seq, person_id, at in rows]

    def due(self, today: date, warn_days: int) -> list[DueConsent]:
        """Return the consents that need attention, by name; people without photos need none."""
        with self._database.reader() as db:
            rows = list(db.query(_DUE))
        pairs = ((row, _due(row, today, warn_days)) for row in rows)
        return [DueConsent(row["person_id"], row["name"], *due) for row, due in pairs if due is not None]

    def _find(self, where: str, parameters: Sequence[object]) -> list[Consent]:
        with self._database.reader() as db:
            return [_consent_from(row) for row in db.query(_SELECT + where, list(parameters))]


def check_dates(consent: NewConsent, today: date) -> None:
    """Check the days of a consent, before others are worked out from them.

    Raises:
        ConsentError: it was given in the future, long before anybody alive, or ends before it began.
    """
    # A day ahead is allowed: the person's clock may be beyond the date line of ours.
    if not _EARLIEST <= consent.given_on <= today + timedelta(days=1):
        raise ConsentError("A consent can't be given in the future, or that long ago.", "Check the date.")
    for day in (consent.expires_on, consent.review_on):
        if day is not None and day <= consent.given_on:
            raise ConsentError("A consent can't end before it was given.", "Check the dates.")


def _due(row: Mapping[str, Any], today: date, warn_days: int) -> tuple[ConsentDue, date | None] | None:
    if row["given_on"] is None:
        return ConsentDue.MISSING, None
    expires, review = _day(row["expires_on"]), _day(row["review_on"])
    if expires is not None and expires <= today:
        return ConsentDue.EXPIRED, expires
    if expires is not None and (expires - today).days <= warn_days:
        return ConsentDue.EXPIRES_SOON, expires
    if review is not None and review <= today:
        return ConsentDue.REVIEW, review
    return None if row["is_current"] else (ConsentDue.OLD_TEXT, None)


def _consent_from(row: Mapping[str, Any]) -> Consent:
    withdrawn = row["withdrawn_at"]
    return Consent(
        consent_id=row["consent_id"],
        person_id=row["person_id"],
        version=row["version"],
        language=row["language"],
        given_on=date.fromisoformat(row["given_on"]),
        expires_on=_day(row["expires_on"]),
        review_on=_day(row["review_on"]),
        recorded_at=clock.from_text(row["recorded_at"]),
        recorded_by=row["recorded_by"],
        has_signature=bool(row["has_signature"]),
        withdrawn_at=None if withdrawn is None else clock.from_text(withdrawn),
    )


def _day(text: str | None) -> date | None:
    return None if text is None else date.fromisoformat(text)


def _day_text(day: date | None) -> str | None:
    return None if day is None else day.isoformat()
