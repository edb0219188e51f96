"""The members of access groups. The groups themselves are policy, and journalled as such."""

from collections.abc import Mapping, Sequence

from faceaccess.store.file.database import Database


class GroupMembers:
    """Reads and changes membership; inside `database.transaction()` it takes part in that one."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def by_person(self) -> Mapping[str, tuple[str, ...]]:
        """Return the group ids of everybody in any group, by person id."""
        memberships: dict[str, tuple[str, ...]] = {}
        with self._database.reader() as db:
            rows = db.execute(
                "SELECT m.person_id, m.group_id FROM group_members m JOIN people p USING (person_id)"
                " WHERE p.hidden_at IS NULL AND p.merged_into IS NULL ORDER BY m.group_id"
            ).fetchall()
        for person_id, group_id in rows:
            memberships[person_id] = (*memberships.get(person_id, ()), group_id)
        return memberships

    def set_groups(self, person_id: str, group_ids: Sequence[str]) -> bool:
        """Put a person into these groups and no others; tell whether that changed anything."""
        with self._database.transaction() as db:
            before = {
                row[0]
                for row in db.execute("SELECT group_id FROM group_members WHERE person_id = ?", [person_id])
            }
            if before == set(group_ids):
                return False
            db.execute("DELETE FROM group_members WHERE person_id = ?", [person_id])
            for group_id in dict.fromkeys(group_ids):
                db.execute(
                    "INSERT INTO group_members (group_id, person_id) VALUES (?, ?)", [group_id, person_id]
                )
        return True
