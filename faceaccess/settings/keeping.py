"""Backups, and how long personal data is kept and consents are valid."""

from dataclasses import dataclass

from faceaccess.errors import SettingsError
from faceaccess.settings import fields


@dataclass(frozen=True)
class BackupSettings(fields.Settings):
    """Automatic backups."""

    folder: str = fields.folder("Folder", "Where backups are written: best on another disk.")
    secret: str = fields.text(
        "", "Passphrase", "Opens the backups, and nothing else does: keep it on paper.", (0, 256)
    )
    every_h: int = fields.number(
        0, "Every", "How often one is made.", (0, 720), unit="h", zero="only when asked for"
    )
    keep: int = fields.number(14, "Keep", "How many are kept, the newest.", (1, 1000))

    def check(self) -> None:
        """Check that the parts fit together, which they needn't while they are being changed.

        Raises:
            SettingsError: backups could not be made so.
        """
        if self.every_h and not (self.folder and self.secret):
            raise SettingsError("Backups need a folder and a passphrase.", "Give both, or set Every to 0.")


@dataclass(frozen=True)
class RetentionSettings(fields.Settings):
    """How long personal data is kept; 0: until somebody deletes it. What was deleted goes in any case."""

    unknown_crops_days: int = fields.number(
        0,
        "Pictures of unknown people",
        "Faces at the door that were not recognised.",
        (0, 3650),
        unit="d",
        zero="for ever",
    )
    crops_days: int = fields.number(
        0, "Pictures of entries", "Faces of people in the log.", (0, 3650), unit="d", zero="for ever"
    )
    events_days: int = fields.number(
        0,
        "Entries",
        "The log itself, with what operators did: its older part is removed for good. Payroll may need it.",
        (0, 36500),
        unit="d",
        zero="for ever",
    )
    leavers_days: int = fields.number(
        0,
        "People who have left",
        "People who were deactivated are erased so long afterwards, with photos and templates.",
        (0, 3650),
        unit="d",
        zero="for ever",
    )
    deleted_days: int = fields.number(
        7,
        "Deleted people and photos",
        "So long can they be restored; then they are erased for good.",
        (1, 365),
        unit="d",
    )


@dataclass(frozen=True)
class ConsentSettings(fields.Settings):
    """How long a consent to face recognition is valid."""

    valid_months: int = fields.number(
        0,
        "A consent holds for",
        "Afterwards it is listed as expired until it is given anew.",
        (0, 120),
        unit="months",
        zero="until it is withdrawn",
    )
    review_months: int = fields.number(
        24,
        "Look at it again after",
        "When it is to be asked whether the face is still needed.",
        (0, 120),
        unit="months",
        zero="never",
    )
    warn_days: int = fields.number(
        30,
        "Say so before",
        "So long before it expires, it is in the list of what is due.",
        (0, 365),
        unit="d",
    )
