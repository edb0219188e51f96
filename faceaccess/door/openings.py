"""The devices that open each door."""

from faceaccess.codes import Right
from faceaccess.door.opening import try_opening
from faceaccess.settings import Opening
from faceaccess.store.access.roles import needs
from faceaccess.store.access.types import Actor
from faceaccess.store.journal.journal import Journal
from faceaccess.store.policy.policies import Policies


class Openings:
    """Sets up and tries the devices that open the doors cameras look at."""

    def __init__(self, policies: Policies, journal: Journal) -> None:
        self.database = policies.database
        self._policies, self._journal = policies, journal

    def by_door(self) -> dict[str, Opening]:
        """Return the openings by door name."""
        return {door: self._policies.opening(door) for door in self._policies.doors()}

    @needs(Right.SET_POLICY)
    def put(self, actor: Actor, door: str, opening: Opening) -> None:
        """Set what opens a door.

        Raises:
            SettingsError: it could not be opened so, or no camera looks at a door of this name.
        """
        self._policies.set_opening(actor, door, opening)

    @needs(Right.SET_POLICY)
    def try_out(self, actor: Actor, door: str, opening: Opening) -> None:
        """Open a door once to see that it works; journalled.

        Raises:
            OutputError: it could not be opened.
        """
        try_opening(self._journal, actor, opening, door)
