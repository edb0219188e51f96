"""This computer's settings in use: the device, the folders, the look."""

from collections.abc import Callable
from dataclasses import replace

from faceaccess.settings import Device, MachineSettings, load_machine_settings, save_machine_settings


class Machine:
    """Holds this computer's settings, and saves changes.

    Attributes:
        settings: in force.
    """

    def __init__(self, on_device_changed: Callable[[], None]) -> None:
        """Load them.

        Args:
            on_device_changed: called once another device is in force.

        Raises:
            SettingsError: they are damaged.
        """
        self.settings = load_machine_settings()
        self._on_device_changed = on_device_changed

    def save(self, settings: MachineSettings, *, keep: bool = True) -> None:
        """Set them; another device is loaded at the next start of the door.

        Args:
            settings: all of them.
            keep: whether they hold after this process, too.

        Raises:
            SettingsError: they can't be written.
        """
        if keep:
            save_machine_settings(settings)
        is_other_device = settings.device is not self.settings.device
        self.settings = settings
        if is_other_device:
            self._on_device_changed()

    def use_device(self, device: Device) -> None:
        """Run on another device from now on, for this process."""
        self.save(replace(self.settings, device=device), keep=False)
