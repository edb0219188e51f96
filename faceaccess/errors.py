"""The exceptions of the program: each means that the world failed, not the code."""


class FaceAccessError(Exception):
    """A failure that a person can understand and act upon.

    Args:
        message: what failed, in one sentence, naming the file, device or record.
        hint: what to do about it; may be empty.
    """

    def __init__(self, message: str, hint: str = "") -> None:
        super().__init__(message)
        self.message = message
        self.hint = hint

    def __str__(self) -> str:
        return f"{self.message} {self.hint}".strip()


class CameraError(FaceAccessError):
    """A frame source can't be opened or stopped giving frames."""


class CameraRedirectError(CameraError):
    """A camera's address answers by naming another one, which isn't followed."""


class OutputError(FaceAccessError):
    """A message or an order did not reach its receiver."""


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
