"""Fields that carry label, help, range and unit, and the check of every value."""

from collections.abc import Mapping
from dataclasses import Field, asdict, dataclass, field, fields
from enum import StrEnum
from typing import Any, Self

from faceaccess.errors import SettingsError, Text, template
from faceaccess.plain_text import has_hidden

Region = tuple[float, float, float, float]
"""Left, top, right and bottom of a part of the picture, as parts of its width and height."""

WHOLE_PICTURE: Region = (0.0, 0.0, 1.0, 1.0)
LEAST_REGION = 0.1
"""Least width and height of a region: in a smaller one nobody could be followed."""


def choice(default: StrEnum, label: str, explanation: str, *, needs_restart: bool = False) -> Any:  # noqa: ANN401
    """Declare a field that holds a member of an enumeration."""
    choices = tuple(type(default))
    return _declare(
        default, label=label, help=explanation, kind="choice", choices=choices, needs_restart=needs_restart
    )


def number(
    default: float,
    label: str,
    explanation: str,
    limits: tuple[float, float],
    *,
    unit: str = "",
    zero: str = "",
) -> Any:  # noqa: ANN401
    """Declare a whole number, or another one, between two limits; `zero` says what 0 stands for."""
    kind = "int" if isinstance(default, int) else "float"
    return _declare(default, label=label, help=explanation, kind=kind, range=limits, unit=unit, zero=zero)


def text(
    default: str, label: str, explanation: str, length: tuple[int, int], *, needs_restart: bool = False
) -> Any:  # noqa: ANN401
    """Declare a text of some length; blanks around it go."""
    return _declare(
        default, label=label, help=explanation, kind="text", range=length, needs_restart=needs_restart
    )


def folder(label: str, explanation: str) -> Any:  # noqa: ANN401
    """Declare the path of a folder; "" for none."""
    return _declare("", label=label, help=explanation, kind="text", range=(0, 4096), is_folder=True)


def flag(default: bool, label: str, explanation: str) -> Any:  # noqa: ANN401
    """Declare a yes or no."""
    return _declare(default, label=label, help=explanation, kind="flag")


def region(label: str, explanation: str) -> Any:  # noqa: ANN401
    """Declare a part of the picture."""
    return _declare(WHOLE_PICTURE, label=label, help=explanation, kind="region", range=(0.0, 1.0), unit="")


def _declare(default: object, **metadata: object) -> Any:  # noqa: ANN401 - a field fits any annotation
    return field(default=default, metadata=metadata)


@dataclass(frozen=True)
class Settings:
    """Validation and plain values, shared by the groups."""

    def __post_init__(self) -> None:
        for setting in fields(self):
            # A frozen dataclass can only be given its enum members and stripped texts this way.
            object.__setattr__(self, setting.name, _checked(setting, getattr(self, setting.name)))

    @classmethod
    def from_values(cls, values: Mapping[str, object]) -> Self:
        """Build from plain values such as JSON gives; what is left out is the default.

        Raises:
            SettingsError: an unknown field, or a value out of range.
        """
        unknown = sorted(set(values) - {setting.name for setting in fields(cls)})
        if unknown:
            raise SettingsError("There is no setting named {unknown}.", unknown=", ".join(unknown))
        return cls(**values)

    def values(self) -> dict[str, object]:
        """Return all fields as plain values."""
        return asdict(self)

    def overrides(self) -> dict[str, object]:
        """Return the fields that differ from their defaults, as plain values."""
        defaults = {setting.name: setting.default for setting in fields(self)}
        return {name: value for name, value in self.values().items() if value != defaults[name]}


def _checked(setting: Field[Any], value: Any) -> Any:  # noqa: ANN401 - whatever the field holds
    kind = setting.metadata["kind"]
    if kind == "choice":
        return _checked_choice(setting, value)
    if kind == "text":
        return _checked_text(setting, value)
    if kind == "region":
        return _checked_region(setting, value)
    if kind == "flag":
        return _checked_flag(setting, value)
    return _checked_number(setting, value)


def _checked_choice(setting: Field[Any], value: object) -> object:
    choices = setting.metadata["choices"]
    if not isinstance(value, str) or value not in choices:
        raise SettingsError(
            "{name} is {value!r}; it must be one of {choices}.",
            name=setting.name,
            value=value,
            choices=", ".join(choices),
        )
    member: type[StrEnum] = type(setting.default)  # type: ignore[assignment]
    return member(value)


def _checked_text(setting: Field[Any], value: object) -> str:
    if not isinstance(value, str):
        raise SettingsError("{name} is {value!r}; it must be text.", name=setting.name, value=value)
    text = value.strip()
    least, most = setting.metadata["range"]
    if not least <= len(text) <= most:
        raise SettingsError(
            "{name} must have {least} to {most} characters, not {count}.",
            name=setting.name,
            least=least,
            most=most,
            count=len(text),
        )
    if has_hidden(text):
        raise SettingsError("{name} must not contain control characters.", name=setting.name)
    return text


def _checked_number(setting: Field[Any], value: object) -> float:
    is_whole = setting.metadata["kind"] == "int"
    if isinstance(value, bool) or not isinstance(value, int if is_whole else int | float):
        text = (
            template("{name} is {value!r}; it must be a whole number.")
            if is_whole
            else template("{name} is {value!r}; it must be a number.")
        )
        raise SettingsError(text, name=setting.name, value=value)
    least, most = setting.metadata["range"]
    if not least <= value <= most:
        unit = setting.metadata["unit"]
        most_in_units = Text("{most} {unit}", {"most": most, "unit": Text(unit)}) if unit else most
        raise SettingsError(
            "{name} is {value}; it must be {least} to {most}.",
            name=setting.name,
            value=value,
            least=least,
            most=most_in_units,
        )
    return value if is_whole else float(value)


def _checked_flag(setting: Field[Any], value: object) -> bool:
    if not isinstance(value, bool):
        raise SettingsError("{name} is {value!r}; it must be true or false.", name=setting.name, value=value)
    return value


def _checked_region(setting: Field[Any], value: Any) -> Region:  # noqa: ANN401 - JSON has lists
    try:
        left, top, right, bottom = (float(part) for part in value)
    except (TypeError, ValueError) as exc:
        raise SettingsError(
            "{name} is {value!r}; it must be four numbers from 0 to 1.", name=setting.name, value=value
        ) from exc
    if not (left >= 0 and top >= 0 and right <= 1 and bottom <= 1):
        raise SettingsError(
            "{name} is {value!r}; it must lie within the picture, 0 to 1.", name=setting.name, value=value
        )
    if not (right - left >= LEAST_REGION and bottom - top >= LEAST_REGION):
        raise SettingsError(
            "{name} is too small: it must be a tenth of the picture each way.", name=setting.name
        )
    return left, top, right, bottom
