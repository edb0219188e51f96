"""This computer's settings in use: the device, the folders, the look."""

from collections.abc import Callable
from dataclasses import replace

from faceaccess.settings import (
    Device,
    HeldTemplates,
    MachineSettings,
    load_machine_settings,
    save_machine_settings,
)


class Machine:
    """Holds this computer's settings, and saves changes.

    Attributes:
        settings: in force.
    """

    def __init__(self, on_other_models: Callable[[], None]) -> None:
        """Load them.

        Args:
            on_other_models: called once another device, or another way to hold templates, is in force.

        Raises:
            SettingsError: they are damaged.
        """
        self.settings = load_machine_settings()
        self._on_other_models = on_other_models

    def save(self, settings: MachineSettings, *, keep: bool = True) -> None:
        """Set them; for another device, models are loaded anew at the next start of the door.

        Args:
            settings: all of them.
            keep: whether they hold after this process, too.

        Raises:
            SettingsError: they can't be written.
        """
        if keep:
            save_machine_settings(settings)
        before = self.settings
        self.settings = settings
        if (settings.device, settings.held_templates) != (before.device, before.held_templates):
            self._on_other_models()

    def use_device(self, device: Device) -> None:
        """Run on another device from now on, for this process."""
        self.save(replace(self.settings, device=device), keep=False)

    def hold_templates(self, held: HeldTemplates) -> None:
        """Hold templates in another way from now on, for this process."""
        self.save(replace(self.settings, held_templates=held), keep=False)
