"""What every page of the window is."""

from typing import ClassVar

from PySide6.QtCore import QCoreApplication
from PySide6.QtWidgets import QWidget

from faceaccess.codes import Right


class Page(QWidget):
    """A page of the window: how it stands in the rail, and what it reads when it is shown.

    Attributes:
        name: what the page is called, marked for translation in the context "pages".
        icon: name of an icon.
        right: whoever lacks it isn't offered the page.
        topic: of the manual, shown by F1.
    """

    name: ClassVar[str]
    icon: ClassVar[str]
    right: ClassVar[Right]
    topic: ClassVar[str]

    @property
    def label(self) -> str:
        """What the page is called, in the language in use."""
        return QCoreApplication.translate("pages", self.name)

    def load(self) -> None:
        """Read what may have changed while another page was shown."""
        raise NotImplementedError
