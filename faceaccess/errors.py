"""The exceptions of the program: each means that the world failed, not the code.

What the core says to people is a `Text`: an English template with values. The window looks for the
template in its catalogues; everything else shows it in English.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field


@dataclass(frozen=True)
class Text:
    """Something to be read by people, in English until it is translated.

    Attributes:
        template: with places for the values, as `str.format` takes them; without values it stands as it is.
        values: by the names of their places; texts among them are translated by themselves.
    """

    template: str
    values: Mapping[str, object] = field(default_factory=dict, hash=False)

    def __str__(self) -> str:
        return self.filled(str)

    def filled(self, translate: Callable[[str], str]) -> str:
        """Return the translated template with its values."""
        values = {
            name: value.filled(translate) if isinstance(value, Text) else value
            for name, value in self.values.items()
        }
        template = translate(self.template)
        return template.format(**values) if values else template


def template(text: str) -> str:
    """Return a text unchanged; marks a template that gets its values elsewhere."""
    return text


def templates(message: str, hint: str) -> tuple[str, str]:
    """Return a message and its hint as they are; marks them as `template` does."""
    return message, hint


def sentences(*texts: Text) -> Text:
    """Return whole sentences as a text, one after the other."""
    values = {f"sentence_{number}": text for number, text in enumerate(texts)}
    return Text(" ".join(f"{{{name}}}" for name in values), values)


class FaceAccessError(Exception):
    """A failure that a person can understand and act on.

    Args:
        message: what failed, in one sentence, naming the file, device or record.
        hint: what to do about it; may be empty.
        values: by their names in `message` and `hint`.

    Attributes:
        message_text: the message with its values.
        hint_text: the hint with its values.
    """

    def __init__(self, message: str | Text, hint: str | Text = "", **values: object) -> None:
        super().__init__(message)
        self.message_text = message if isinstance(message, Text) else Text(message, values)
        self.hint_text = hint if isinstance(hint, Text) else Text(hint, values)

    @property
    def message(self) -> str:
        """Return what failed, in English."""
        return str(self.message_text)

    @property
    def hint(self) -> str:
        """Return what to do about it, in English."""
        return str(self.hint_text)

    @property
    def text(self) -> Text:
        """Return what failed and what to do about it."""
        return sentences(self.message_text, self.hint_text) if self.hint_text.template else self.message_text

    def __str__(self) -> str:
        return str(self.text)


class CameraError(FaceAccessError):
    """A frame source can't be opened or stopped giving frames."""


class CameraRedirectError(CameraError):
    """A camera's address answers by naming another one, which isn't followed."""


class OutputError(FaceAccessError):
    """A message or an order did not reach its receiver."""


class UpdateError(FaceAccessError):
    """The news of a newer version can't be had, or can't be believed."""


class ModelError(FaceAccessError):
    """A model's weights or its runtime are missing, wrong or broken."""


class GalleryError(FaceAccessError):
    """Embeddings and gallery don't fit together."""


class StoreError(FaceAccessError):
    """The data folder can't be read or written."""


class StoreBusyError(StoreError):
    """Another process is writing to the data folder."""


class SettingsError(FaceAccessError):
    """A setting has a value that can't be used."""


class EnrolmentError(FaceAccessError):
    """A person can't be enrolled as asked."""


class ConsentError(FaceAccessError):
    """A consent or its text can't be kept as given."""


class OperatorError(FaceAccessError):
    """An operator can't be created or changed as asked."""


class PermissionDenied(FaceAccessError):  # noqa: N818 - says what happened, as `Cancelled` does
    """Somebody may not do what was asked, or isn't who was claimed."""


class AttendanceError(FaceAccessError):
    """A correction, absence, schedule or report can't be made as asked."""


class Cancelled(FaceAccessError):  # noqa: N818 - an outcome that the operator asked for
    """Long work was stopped by the operator; nothing is half done."""
