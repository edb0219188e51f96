"""The pictures of entries whose person somebody has confirmed, or nobody has objected to."""

from dataclasses import dataclass
from datetime import datetime

from faceaccess.codes import JournalKind, Method, Outcome
from faceaccess.store import clock
from faceaccess.store.file.database import Database
from faceaccess.store.people.aliases import owners

_VOIDED = f"""
    EXISTS (SELECT 1 FROM journal v WHERE v.kind = '{JournalKind.ENTRY_VOIDED}'
        AND json_extract(v.canonical, '$.details.entry') = +j.seq)
"""

_SAID_BY_HAND = f"""
    SELECT coalesce(json_extract(j.canonical, '$.details.corrects'),
        json_extract(j.canonical, '$.details.evidence')), j.person_id
    FROM journal j
    WHERE j.at_utc >= ? AND +j.kind = '{JournalKind.ENTRY}' AND +j.method = '{Method.MANUAL}'
        AND NOT {_VOIDED}
"""

_SAID_AT_THE_DESK = f"""
    SELECT json_extract(canonical, '$.details.entry'), json_extract(canonical, '$.details.answer')
    FROM journal
    WHERE kind = '{JournalKind.DESK_ANSWER}' AND at_utc >= ?
"""

_STANDING = f"""
    SELECT j.seq, j.person_id
    FROM journal j JOIN crops c USING (seq)
    WHERE j.at_utc >= ? AND +j.kind = '{JournalKind.ENTRY}' AND +j.method = '{Method.FACE}'
        AND +j.outcome = '{Outcome.ACCEPTED}' AND NOT j.is_recording AND c.landmarks IS NOT NULL
        AND NOT {_VOIDED}
    ORDER BY j.seq DESC
"""

_WITH_PICTURE = """
    SELECT 1 FROM journal j JOIN crops c USING (seq)
    WHERE j.seq = ? AND NOT j.is_recording AND c.landmarks IS NOT NULL
"""


@dataclass(frozen=True)
class ConfirmedPicture:
    """An entry with a picture, and whose it is.

    Attributes:
        seq: position of the entry in the journal.
        person_id: of the person shown.
        is_said: whether somebody said so: at the desk, or by a correction; else nobody has objected.
    """

    seq: int
    person_id: str
    is_said: bool


def confirmed_pictures(database: Database, since: datetime) -> list[ConfirmedPicture]:
    """Return the entries of live cameras with a picture whose person is known, those said by somebody first.

    Args:
        database: of the journal.
        since: UTC.
    """
    begin = clock.to_text(since)
    with database.reader() as db:
        said = {
            int(seq): str(person)
            for query in (_SAID_AT_THE_DESK, _SAID_BY_HAND)
            for seq, person in db.execute(query, [begin])
            if seq is not None and person is not None
        }
        with_picture = [seq for seq in said if db.execute(_WITH_PICTURE, [seq]).fetchone()]
        standing = [(seq, person) for seq, person in db.execute(_STANDING, [begin]) if seq not in said]
        whose = owners(db)
    rows = [(seq, said[seq], True) for seq in sorted(with_picture, reverse=True)]
    rows += [(seq, person, False) for seq, person in standing if person is not None]
    return [ConfirmedPicture(seq, whose.get(person, person), is_said) for seq, person, is_said in rows]
