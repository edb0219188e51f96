"""The pictures of entries whose person somebody has confirmed, or nobody has objected to."""

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
    WHERE j.method = '{Method.MANUAL}' AND +j.kind = '{JournalKind.ENTRY}' AND +j.at_utc >= ?
        AND NOT {_VOIDED}
"""

_SAID_AT_THE_DESK = f"""
    SELECT json_extract(canonical, '$.details.entry'), json_extract(canonical, '$.details.answer')
    FROM journal
    WHERE kind = '{JournalKind.DESK_ANSWER}' AND +at_utc >= ?
"""

_WITH_PICTURE = """
    SELECT 1 FROM journal j JOIN crops c USING (seq)
    WHERE j.seq = ? AND NOT j.is_recording AND c.landmarks IS NOT NULL
"""

# Along the index of a person's entries, backwards until there are enough: a busy journal is not read.
_STANDING = f"""
    SELECT j.seq
    FROM journal j JOIN crops c USING (seq)
    WHERE j.person_id = ? AND j.outcome = '{Outcome.ACCEPTED}' AND j.at_utc >= ?
        AND +j.kind = '{JournalKind.ENTRY}' AND +j.method = '{Method.FACE}' AND NOT j.is_recording
        AND c.landmarks IS NOT NULL AND NOT {_VOIDED}
    ORDER BY j.at_utc DESC LIMIT ?
"""


def confirmed_pictures(database: Database, since: datetime, *, most: int) -> dict[str, list[int]]:
    """Return the entries of live cameras with a picture whose person is known.

    Somebody has said so, at the desk or by a correction, or nobody has taken the entry back.

    Args:
        database: of the journal.
        since: UTC.
        most: of one person.

    Returns:
        Positions in the journal by person id, those said by somebody first, then the newest.
    """
    begin = clock.to_text(since)
    with database.reader() as db:
        whose = owners(db)
        said = {
            int(seq): str(person)
            for query in (_SAID_AT_THE_DESK, _SAID_BY_HAND)
            for seq, person in db.execute(query, [begin])
            if seq is not None and person is not None
        }
        pictures: dict[str, list[int]] = {}
        for seq in sorted(said, reverse=True):
            if db.execute(_WITH_PICTURE, [seq]).fetchone():
                pictures.setdefault(whose.get(said[seq], said[seq]), []).append(seq)
        for (person,) in db.execute("SELECT person_id FROM people").fetchall():
            standing = [seq for (seq,) in db.execute(_STANDING, [person, begin, most]) if seq not in said]
            pictures.setdefault(whose.get(person, person), []).extend(standing)
    return {person: seqs[:most] for person, seqs in pictures.items() if seqs}
