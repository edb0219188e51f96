"""The card with the map of the faces: drawn on request, coloured by person or department."""

from functools import cached_property, partial
from typing import TYPE_CHECKING

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QComboBox, QPushButton, QWidget

from faceaccess.errors import FaceAccessError
from faceaccess.gui import icons
from faceaccess.gui.background import Lane, Progress, run_in_background
from faceaccess.gui.layout import STRETCH, column, row, wrapped
from faceaccess.gui.plain import Label
from faceaccess.gui.widgets.job_progress import JobProgress
from faceaccess.gui.wording import failures
from faceaccess.gui.wording.counts import Counts
from faceaccess.models.evidence import GalleryEvidence
from faceaccess.models.face_map import FaceMap

if TYPE_CHECKING:
    from faceaccess.gui.insights.map_view import MapView
    from faceaccess.models.face_map import FaceMaps
    from faceaccess.people.gallery.mending import Mending


_PERSON, _DEPARTMENT = "person", "department"


class MapCard(QWidget):
    """Draws the map behind, with progress; `person_chosen` carries a person's id."""

    person_chosen = Signal(str)

    def __init__(self, maps: "FaceMaps", mending: "Mending", parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._maps = maps
        self._gallery: GalleryEvidence | None = None
        self._map: FaceMap | None = None
        self._progress: Progress | None = None
        self.explanation = wrapped(
            self.tr(
                "A dot is a photo, and dots near each other are faces that the model finds alike; nothing "
                "else about their places means anything. A red ring is a photo unlike the person's others, "
                "a dashed line joins two people who look alike. Point at a dot to see it, click it for the "
                "person."
            ),
            self,
            "muted",
        )
        self.draw_button = QPushButton(self.tr("Draw the map"), self)
        icons.set_icon(self.draw_button, "refresh", 16)
        self.colour = QComboBox(self)
        self.colour.setAccessibleName(self.tr("Colour by"))
        self.colour.addItem(self.tr("a colour for each person"), _PERSON)
        self.colour.addItem(self.tr("a colour for each department"), _DEPARTMENT)
        self.count = Label(self)
        self.count.setProperty("role", "muted")
        self.job = JobProgress(self)
        self._load_face = mending.photos.crop
        self._column = column(
            self.explanation,
            row(self.draw_button, self.colour, self.count, STRETCH),
            self.job,
            parent=self,
            spacing=8,
        )
        self.draw_button.clicked.connect(self._draw)
        self.colour.currentIndexChanged.connect(self._show)

    @cached_property
    def view(self) -> "MapView":
        """The map, made when there is one to show: what draws it takes a while to load."""
        from faceaccess.gui.insights.map_view import MapView

        view = MapView(self._load_face, self)
        view.hide()
        view.person_chosen.connect(self.person_chosen)
        self._column.addWidget(view)
        return view

    def show_evidence(self, gallery: GalleryEvidence | None) -> None:
        """Take the people enrolled; a map of others is out of date."""
        is_same = self._gallery is not None and gallery is not None and gallery.digest == self._gallery.digest
        self._gallery = gallery
        self.draw_button.setEnabled(gallery is not None and gallery.people > 0)
        if self._map is not None and not is_same:
            self.count.setText(self.tr("The people enrolled have changed since: draw it again."))

    def forget(self) -> None:
        """Show nobody's face to whoever has signed in."""
        self._map = None
        self.count.setText("")
        self._show()

    def _draw(self) -> None:
        if self._gallery is None or self._progress is not None:
            return
        self.draw_button.setEnabled(False)
        self._progress = progress = self.job.begin(self.tr("Laying out the faces…"))
        draw = partial(
            self._maps.draw,
            self._gallery,
            progress=progress.report,
            is_cancelled=progress.is_cancelled,
        )
        run_in_background(draw, self._on_drawn, self._on_failed, self, lane=Lane.LONG)

    def _on_drawn(self, drawn: FaceMap | None) -> None:
        self._end()
        if drawn is None:
            return
        self._map = drawn
        photos, people = Counts().photos(len(drawn.photo_ids)), Counts().people(len(set(drawn.person_ids)))
        text = self.tr("{0} of {1}").format(photos, people)
        if drawn.put_beside:
            beside = self.tr(
                "%n of them stand beside the photo that they are most like", "", drawn.put_beside
            )
            text = f"{text}; {beside}"
        self.count.setText(text)
        self._show()

    def _on_failed(self, error: FaceAccessError) -> None:
        self._end()
        self.count.setText(failures.whole(error))

    def _end(self) -> None:
        self._progress = None
        self.job.end()
        self.draw_button.setEnabled(True)

    def _show(self) -> None:
        shown = self._map
        if shown is None and "view" not in self.__dict__:
            return
        self.view.setVisible(shown is not None)
        groups = () if shown is None else shown.person_ids
        if shown is not None and self.colour.currentData() == _DEPARTMENT:
            groups = shown.departments
        self.view.show_map(shown, groups)
