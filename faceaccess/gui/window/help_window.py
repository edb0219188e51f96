"""The manual in a window of its own, opened at the topic of the page that is in front."""

from PySide6.QtCore import QModelIndex, QPersistentModelIndex, QSize, Qt, QUrl, Signal
from PySide6.QtGui import QDesktopServices, QImage, QTextBlockFormat, QTextCursor, QTextDocument
from PySide6.QtWidgets import (
    QDialog,
    QListWidget,
    QListWidgetItem,
    QPushButton,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QTextBrowser,
    QWidget,
)

from faceaccess import manual
from faceaccess.gui import icons
from faceaccess.gui.layout import column, row
from faceaccess.gui.wording.noop import translate

_LIST_PX = 250
_PAGE = ".md"
_MARGIN_PX = 16
_PADDING_PX = 8
"""At the left and the right of an item, as the style sheet has it."""


class _Page(QTextBrowser):
    """Shows a page of Markdown no wider than there is room."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.setSearchPaths([str(manual.folder())])
        self.setOpenLinks(False)

    def show_page(self, markdown: str) -> None:
        """Show a page from its beginning."""
        self.setMarkdown(markdown)
        document = self.document()
        document.setDocumentMargin(_MARGIN_PX)
        cursor = QTextCursor(document)
        cursor.select(QTextCursor.SelectionType.Document)
        wrapping = QTextBlockFormat()
        wrapping.setNonBreakableLines(False)  # lines of commands would be wider than the window
        cursor.mergeBlockFormat(wrapping)

    def loadResource(self, kind: int, name: QUrl | str) -> object:  # noqa: N802 - Qt's name
        """Return a picture made to fit, or what Qt finds."""
        resource = super().loadResource(kind, name)
        if kind != QTextDocument.ResourceType.ImageResource.value:
            return resource
        image = QImage(str(manual.folder() / QUrl(name).path()))
        room_px = self.viewport().width() - 3 * _MARGIN_PX
        return image.scaledToWidth(min(image.width(), room_px), Qt.TransformationMode.SmoothTransformation)


class _Titles(QStyledItemDelegate):
    """Lays titles out for the room between an item's paddings, which Qt leaves out of account."""

    def sizeHint(self, option: QStyleOptionViewItem, index: QModelIndex | QPersistentModelIndex) -> QSize:
        """Return the size of a title that wraps within the list."""
        inside = QStyleOptionViewItem(option)
        inside.rect = option.rect.adjusted(0, 0, -2 * _PADDING_PX, 0)
        return super().sizeHint(inside, index)


class HelpWindow(QDialog):
    """The topics at the left, the page chosen at the right; stays open while the program is used.

    `about_wanted` asks for the version, the licence and what else is about the program.
    """

    about_wanted = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setWindowTitle(self.tr("Help"))
        self.resize(1000, 720)
        self.topics = QListWidget(self)
        self.topics.setFixedWidth(_LIST_PX)
        self.topics.setWordWrap(True)
        self.topics.setTextElideMode(Qt.TextElideMode.ElideNone)
        self.topics.setItemDelegate(_Titles(self.topics))
        self.topics.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.topics.setResizeMode(QListWidget.ResizeMode.Adjust)
        self.topics.setAccessibleName(self.tr("Topics"))
        self.text = _Page(self)
        self.text.setAccessibleName(self.tr("The page chosen"))
        for topic, title in manual.TOPICS.items():
            item = QListWidgetItem(translate("errors", title), self.topics)
            item.setData(Qt.ItemDataRole.UserRole, topic)
        self.about_button = QPushButton(self.tr("About FaceAccess…"), self)
        icons.set_icon(self.about_button, "info", 18)
        row(column(self.topics, self.about_button), parent=self, spacing=12, margin=12).addWidget(
            self.text, 1
        )
        self.topics.currentRowChanged.connect(self._show_row)
        self.text.anchorClicked.connect(self._follow)
        self.about_button.clicked.connect(self.about_wanted)

    def show_topic(self, topic: str) -> None:
        """Show a page and bring the window to the front."""
        row = list(manual.TOPICS).index(topic)
        if self.topics.currentRow() == row:
            self._show_row(row)
        self.topics.setCurrentRow(row)
        self.show()
        self.raise_()
        self.activateWindow()

    def _show_row(self, row: int) -> None:
        self.text.show_page(manual.page(list(manual.TOPICS)[row]))

    def _follow(self, link: QUrl) -> None:
        """Go to another page of the manual; an address of the web is the browser's."""
        topic = link.fileName().removesuffix(_PAGE)
        if link.isRelative() and topic in manual.TOPICS:
            self.topics.setCurrentRow(list(manual.TOPICS).index(topic))
        elif not link.isRelative():
            QDesktopServices.openUrl(link)
