"""Adapting the model in force to this site: what there is to learn from, and how it went."""

from datetime import UTC, datetime
from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QPushButton, QWidget

from faceaccess.errors import FaceAccessError
from faceaccess.gui import icons
from faceaccess.gui.background import Lane, run_in_background
from faceaccess.gui.confirming import confirms
from faceaccess.gui.layout import column, row, wrapped
from faceaccess.gui.notices import Notices
from faceaccess.gui.plain import Label
from faceaccess.gui.widgets.job_progress import JobProgress
from faceaccess.gui.wording.counts import Counts

if TYPE_CHECKING:
    from faceaccess.door.doors import Doors
    from faceaccess.learning.adapting import Adaptation, Adapting, LearningMaterial
    from faceaccess.store.access.access import Access


class AdaptingView(QWidget):
    """Says whether there is enough to learn from, adapts in the background, and says how it went.

    `adapted` says that a model was added.
    """

    adapted = Signal()

    def __init__(
        self,
        access: "Access",
        adapting: "Adapting",
        doors: "Doors",
        notices: Notices,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self._access, self._adapting, self._doors, self._notices = access, adapting, doors, notices
        title = Label(self.tr("Adapt to this site"), self)
        title.setProperty("role", "heading")
        about = wrapped(
            self.tr(
                "Learns a small correction from the photos enrolled and the pictures of entries, so that the "
                "model in use suits the cameras here. It is added only if people it was not learned from are "
                "told apart better, and decides nothing until you try it and switch to it."
            ),
            self,
            "muted",
        )
        self.material = wrapped(self.tr("Looking for what there is to learn from…"), self)
        self.result = wrapped("", self)
        self.result.hide()
        self.button = QPushButton(self.tr("Adapt the model…"), self)
        icons.set_icon(self.button, "model", 18)
        self.button.setEnabled(False)
        self.button.clicked.connect(self._adapt)
        self.job = JobProgress(self)
        box = column(title, about, self.material, row(self.button, 1), self.job, self.result, parent=self)
        box.setContentsMargins(0, 12, 0, 0)

    def load(self) -> None:
        """Count what there is to learn from."""
        read = partial(self._adapting.material, now=datetime.now(UTC))
        run_in_background(read, self._show, self._notices.fail, self)

    def _show(self, material: "LearningMaterial") -> None:
        self.material.setText(self._described(material))
        self.button.setEnabled(material.is_enough)

    def _described(self, material: "LearningMaterial") -> str:
        if not material.is_adaptable:
            return self.tr("The model in use can't be adapted: switch to the built-in one first.")
        photos = Counts().photos(material.photos)
        parts = [
            self.tr("%n people have agreed to it and have two pictures or more", "", material.people)
            + self.tr(" ({0}, %n door pictures).", "", material.pictures).format(photos)
        ]
        if not material.is_enough:
            parts.append(self.tr("It needs {0} of them.").format(material.least_people))
        if material.without_consent:
            parts.append(
                self.tr(
                    "%n others' consent doesn't cover it: add the line on learning to the text under "
                    "Safety, Consent, and ask them anew.",
                    "",
                    material.without_consent,
                )
            )
        return " ".join(parts)

    def _adapt(self) -> None:
        if self._doors.is_running and not self._confirms_beside_door():
            return
        self.button.setEnabled(False)
        self.result.hide()
        progress = self.job.begin(self.tr("Learning from this site's pictures…"), can_cancel=True)
        job = partial(
            self._adapting.adapt,
            self._access.actor,
            now=datetime.now(UTC),
            progress=progress.report,
            is_cancelled=progress.is_cancelled,
        )
        run_in_background(job, self._on_adapted, self._on_failed, self, lane=Lane.LONG)

    def _confirms_beside_door(self) -> bool:
        return confirms(
            self,
            self.tr("Learn while the door runs?"),
            self.tr("Learning takes one core of the processor for a minute or so, which the door may miss."),
            verb=self.tr("Learn now"),
            harmless=self.tr("Not now"),
        )

    def _on_adapted(self, adaptation: "Adaptation") -> None:
        self.job.end()
        self.result.setText(self._told(adaptation))
        self.result.show()
        self.load()
        if not adaptation.is_refused:
            self.adapted.emit()

    def _told(self, adaptation: "Adaptation") -> str:
        gain = adaptation.gain
        measured = self.tr(
            "Of pairs of pictures of a person it was not learned from, it accepts {0} % instead of {1} %, "
            "at one false accept in {2}: {3} points more (95 % interval {4} to {5})."
        ).format(
            f"{adaptation.after.mean * 100:.1f}",
            f"{adaptation.before.mean * 100:.1f}",
            round(1 / adaptation.far),
            f"{gain.mean * 100:.1f}",
            *(f"{value * 100:+.1f}" for value in (gain.low, gain.high)),
        )
        if adaptation.is_refused:
            refused = self.tr("Refused: that is no better than chance, so nothing was added or changed.")
            return f"{refused} {measured}"
        added = self.tr("Added as {0}. Choose “Try this model” above to let it judge beside the one in use.")
        return f"{added.format(adaptation.name)} {measured}"

    def _on_failed(self, error: FaceAccessError) -> None:
        self.job.end()
        self._notices.fail(error)
        self.load()
