"""How a door makes sure that a face is no picture."""

from dataclasses import dataclass

from faceaccess.codes import LivenessMode
from faceaccess.settings import fields


@dataclass(frozen=True)
class LivenessSettings(fields.Settings):
    """What the door at a name does about photos and screens."""

    mode: LivenessMode = fields.choice(
        LivenessMode.WATCH,
        "Photos and screens",
        "Whether somebody who is recognised must turn their head before it counts. When in doubt: only those "
        "whose picture looks like a photo or a screen.",
    )
    limit: float = fields.number(
        0.5,
        "In doubt below",
        "How live a face must look, 0 to 1, not to be asked. What it costs: faceaccess evaluate liveness.",
        (0.0, 1.0),
    )
    refuses_other_cameras: bool = fields.flag(
        False,
        "Refuse other cameras",
        "Whether nobody counts whom a virtual camera shows, or another one than was set up, where the door "
        "asks for a turn of the head. It is said and logged in any case.",
    )
    is_risk_signed: bool = fields.flag(
        False,
        "May be opened by face alone",
        "An admin answers for it that somebody with a photo could open this door. The log names them.",
    )

    @property
    def may_open(self) -> bool:
        """Whether a face may open the door: everybody is asked to turn, or an admin answers for it."""
        return self.mode is LivenessMode.ALWAYS or self.is_risk_signed
