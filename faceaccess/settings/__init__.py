"""Settings as frozen dataclasses whose fields carry label, help, range and unit.

`MachineSettings` belong to this computer and live in a JSON file that holds only what
differs from the defaults. `DoorSettings` and `CameraSettings` decide about people: they
live in the database and each change of them is journalled.

A field's metadata has `label`, `help`, `kind` ("choice", "int", "float", "text", "flag" or "region"), and
where they apply `range` (inclusive; of a text its length), `unit`, `choices` and `needs_restart`.
"""

from faceaccess.settings.door import (
    WEBCAM_PREFIX,
    CameraSettings,
    DoorSettings,
    SourceKind,
    is_live,
    source_kind,
)
from faceaccess.settings.fields import LEAST_REGION, WHOLE_PICTURE, Region
from faceaccess.settings.keeping import BackupSettings, ConsentSettings, RetentionSettings
from faceaccess.settings.liveness import LivenessSettings
from faceaccess.settings.machine import (
    MACHINE_FILE,
    Appearance,
    Device,
    HeldTemplates,
    MachineSettings,
    chosen_data_dir,
    load_machine_settings,
    machine_settings_path,
    save_machine_settings,
)
from faceaccess.settings.outputs import LEAST_SECRET, SECRET_LENGTH, Notification, Opening
from faceaccess.settings.updates import UpdateSettings

__all__ = [
    "Appearance",
    "BackupSettings",
    "CameraSettings",
    "ConsentSettings",
    "Device",
    "DoorSettings",
    "HeldTemplates",
    "LEAST_REGION",
    "LEAST_SECRET",
    "LivenessSettings",
    "MACHINE_FILE",
    "MachineSettings",
    "Notification",
    "Opening",
    "Region",
    "RetentionSettings",
    "SECRET_LENGTH",
    "SourceKind",
    "UpdateSettings",
    "WEBCAM_PREFIX",
    "WHOLE_PICTURE",
    "chosen_data_dir",
    "is_live",
    "load_machine_settings",
    "machine_settings_path",
    "save_machine_settings",
    "source_kind",
]
