"""The devices that open each door, and what it does about photos and screens."""

from faceaccess.codes import Right
from faceaccess.door.opening import try_opening
from faceaccess.settings import LivenessSettings, Opening
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

    def liveness_by_door(self) -> dict[str, LivenessSettings]:
        """Return what each door does about photos and screens, by door name."""
        return {door: self._policies.liveness(door) for door in self._policies.doors()}

    @needs(Right.SET_POLICY)
    def put(
        self,
        actor: Actor,
        door: str,
        opening: Opening | None = None,
        liveness: LivenessSettings | None = None,
    ) -> None:
        """Set what opens a door, and what it does about photos and screens; None leaves either as it is.

        Raises:
            SettingsError: it could not be opened so, no camera looks at a door of this name, or a photo could
                open it and nobody answers for that.
        """
        opening = opening or self._policies.opening(door)
        self._policies.set_door(actor, door, opening, liveness or self._policies.liveness(door))

    @needs(Right.SET_POLICY)
    def try_out(self, actor: Actor, door: str, opening: Opening) -> None:
        """Open a door once to see that it works; journalled.

        Raises:
            OutputError: it could not be opened.
        """
        try_opening(self._journal, actor, opening, door)
