"""The slider that shows its price: strangers let in, staff refused, and entries decided otherwise."""

from functools import cached_property
from typing import TYPE_CHECKING

from PySide6.QtCore import QDateTime, QLocale, Qt, QTimer, Signal
from PySide6.QtWidgets import QComboBox, QGridLayout, QHBoxLayout, QPushButton, QWidget

from faceaccess.gui import icons
from faceaccess.gui.door.threshold_slider import MarkedSlider
from faceaccess.gui.insights.price_tile import PriceTile
from faceaccess.gui.insights.scale import AXIS_PX, FARTHEST
from faceaccess.gui.layout import STRETCH, column, row, wrapped
from faceaccess.gui.plain import Label
from faceaccess.gui.wording import amounts
from faceaccess.gui.wording.amounts import per_thousand
from faceaccess.gui.wording.counts import Counts
from faceaccess.models.evidence import DoorEvidence, GalleryEvidence, Shortage
from faceaccess.store.policy.types import ThresholdEvidence

if TYPE_CHECKING:
    from faceaccess.gui.insights.distance_plots import DistancePlots

_STEPS = 1000
_PAUSE_MS = 250
_HANDLE_PX = 20
_PLOTS_PX = 330
_TARGETS, _USUAL = (100, 300, 1000, 3000, 10_000), 1000


class ThresholdCost(QWidget):
    """Shows what each threshold costs while the slider moves; nothing is decided by it until it is used.

    `used` carries a threshold to decide by, `choice_wanted` how many searches may have one false accept,
    `entries_changed` the positions of the entries that would be decided otherwise, once the slider rests.
    """

    used = Signal(float)
    choice_wanted = Signal(int)
    entries_changed = Signal(object)
    faces_wanted = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._gallery: GalleryEvidence | None = None
        self._doors: DoorEvidence | None = None
        self._in_force = 0.0
        self._plots_place = QWidget(self)
        self._plots_place.setMinimumHeight(_PLOTS_PX)
        self._plots_column = column(parent=self._plots_place)
        self.slider = MarkedSlider(self)
        self.slider.setAccessibleName(self.tr("Threshold"))
        self.slider.setSingleStep(5)
        self.slider.setPageStep(50)
        self.value = Label(self)
        self.value.setProperty("role", "value")
        self.use_button = QPushButton(self.tr("Use this threshold"), self)
        self.use_button.setProperty("role", "primary")
        self.back_button = QPushButton(self.tr("Back to the one in force"), self)
        self.back_button.setProperty("role", "quiet")
        self.strangers = PriceTile(self.tr("of 1 000 passing strangers let in"), self)
        self.staff = PriceTile(self.tr("of 1 000 passes of staff refused"), self)
        self.changed = PriceTile(self.tr("entries of the last 30 days decided otherwise"), self)
        self.nearest = PriceTile(self.tr("apart are the two people most alike"), self)
        self.known = wrapped("", self)
        self.target = QComboBox(self)
        self.target.setAccessibleName(self.tr("Target"))
        self.target.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToContents)
        self.choose_button = QPushButton(self.tr("Choose for me"), self)
        self.too_few, self.choice = Label(self), wrapped("", self, "muted")
        self.too_few.setProperty("role", "muted")
        self._pause = QTimer(self)
        self._pause.setSingleShot(True)
        self._pause.setInterval(_PAUSE_MS)
        self._arrange()
        self.slider.valueChanged.connect(self._on_moved)
        self._pause.timeout.connect(self._tell_changed)
        self.use_button.clicked.connect(self._use)
        self.back_button.clicked.connect(self._go_back)
        self.choose_button.clicked.connect(self._choose)
        self.faces_button = self.changed.offer(self.tr("Show the faces"))
        self.faces_button.clicked.connect(self.faces_wanted)
        self.show_evidence(None, None, 0.0)

    def _arrange(self) -> None:
        ends = QHBoxLayout()
        for text, has_room in ((self.tr("stricter"), False), (self.tr("more lenient"), True)):
            end = Label(text, self)
            end.setProperty("role", "muted")
            if has_room:
                ends.addStretch()
            ends.addWidget(end)
        # Under the line that it moves.
        slide = column(self.slider, ends, spacing=2)
        slide.setContentsMargins(AXIS_PX - _HANDLE_PX // 2, 0, 0, 0)
        tiles = QGridLayout()
        tiles.setSpacing(10)
        for number, tile in enumerate((self.strangers, self.staff, self.changed, self.nearest)):
            tiles.addWidget(tile, number // 2, number % 2)
        icons.set_icon(self.choose_button, "check", 16)
        heading = Label(self.tr("Threshold"), self)
        heading.setProperty("role", "heading")
        lets = Label(self.tr("Let in at most"), self)
        column(
            self._plots_place,
            row(heading, self.value, STRETCH, self.back_button, self.use_button),
            slide,
            tiles,
            self.known,
            row(lets, self.target, self.choose_button, self.too_few, STRETCH),
            self.choice,
            parent=self,
            spacing=8,
        )

    @cached_property
    def plots(self) -> "DistancePlots":
        """The plots, made when there is something to draw: what draws them takes a while to load."""
        from faceaccess.gui.insights.distance_plots import DistancePlots

        plots = DistancePlots(self)
        self._plots_column.addWidget(plots)
        return plots

    @property
    def _has_plots(self) -> bool:
        return "plots" in self.__dict__

    def threshold(self) -> float:
        """Return the threshold on show, squared L2."""
        return self.slider.value() / _STEPS

    def show_evidence(
        self, gallery: GalleryEvidence | None, doors: DoorEvidence | None, in_force: float
    ) -> None:
        """Show the evidence, and the threshold that decides now; None while there is none."""
        is_moved = self._gallery is not None and self.slider.value() != round(self._in_force * _STEPS)
        keeps = is_moved and round(in_force * _STEPS) == round(self._in_force * _STEPS)
        self._gallery, self._doors, self._in_force = gallery, doors, in_force
        if gallery is not None or self._has_plots:
            self.plots.show_evidence(gallery, doors)
        self.setEnabled(gallery is not None)
        self.slider.blockSignals(True)
        self.slider.setRange(0, round(max(FARTHEST, in_force) * _STEPS))
        if not keeps:
            self.slider.setValue(round(in_force * _STEPS))
        self.slider.blockSignals(False)
        self._offer_targets()
        self.slider.set_mark(round(in_force * _STEPS) if gallery else None)
        self._describe()
        self._pause.start()

    def _offer_targets(self) -> None:
        """Offer the targets that so many photos can tell."""
        searches = 0 if self._gallery is None else self._gallery.prices.searches
        before = self.target.currentData() or _USUAL
        self.target.clear()
        for one_in in _TARGETS:
            if one_in <= searches:
                spaced = f"{one_in:,}".replace(",", "\u202f")
                self.target.addItem(self.tr("one stranger in {0}").format(spaced), one_in)
        at = self.target.findData(before)
        self.target.setCurrentIndex(at if at >= 0 else self.target.count() - 1)
        can_choose = self.target.count() > 0
        self.target.setEnabled(can_choose)
        self.choose_button.setEnabled(can_choose)
        self.too_few.setText(
            ""
            if can_choose
            else self.tr("%n photos of other people can't tell one in {0}: enrol more.", "", searches).format(
                _TARGETS[0]
            )
        )

    def move_to(self, threshold: float) -> None:
        """Show a threshold and what it costs."""
        self.slider.setValue(round(threshold * _STEPS))

    def show_choice(self, evidence: ThresholdEvidence | None, *, is_outdated: bool) -> None:
        """Say why the threshold in force was chosen; None where nobody chose it from evidence."""
        said = ""
        if evidence is not None:
            at = QDateTime.fromString(evidence.chosen_at, Qt.DateFormat.ISODate).toLocalTime()
            day = QLocale().toString(at.date(), QLocale.FormatType.ShortFormat)
            said = self.tr(
                "The threshold in force was chosen on {0} for one stranger in {1}, from {2} of {3}: "
                "{4} of 1 000 strangers were let in ({5} to {6})."
            ).format(
                day,
                evidence.one_in,
                Counts().photos(evidence.searches),
                Counts().people(evidence.people),
                *map(per_thousand, evidence.strangers),
            )
        if is_outdated:
            said = self.tr("{0} The people enrolled have changed since: choose again.").format(said)
        self.choice.setText(said)
        self.choice.setProperty("role", "caution" if is_outdated else "muted")
        self.choice.style().unpolish(self.choice)
        self.choice.style().polish(self.choice)
        self.choice.setVisible(bool(said))

    def _on_moved(self, _: int) -> None:
        self._describe()
        self._pause.start()

    def _describe(self) -> None:
        """Show the price of the threshold; called with every step of the slider."""
        threshold, gallery, doors = self.threshold(), self._gallery, self._doors
        is_moved = round(self._in_force * _STEPS) != self.slider.value()
        self.value.setText(amounts.distance(threshold) if gallery else "–")
        self.slider.setAccessibleDescription(self.value.text())
        self.use_button.setEnabled(is_moved)
        self.back_button.setVisible(is_moved)
        if self._has_plots:
            self.plots.move_to(threshold)
        if gallery is None:
            for tile in (self.strangers, self.staff, self.changed, self.nearest):
                tile.show_text("–")
            self.known.setText("")
            return
        price, shortage = gallery.prices.at(threshold), gallery.prices.shortage
        self.strangers.show_rate(price.strangers, self._lacking_people(shortage))
        self.staff.show_rate(price.staff, self._lacking_photos(shortage))
        self._describe_pair(gallery, threshold)
        if doors is not None:
            count = len(doors.changed(threshold))
            self.changed.show_text(str(count), self.tr("of {0}").format(len(doors.entries.seqs)))
            self.faces_button.setVisible(count > 0)
            self._describe_known(doors, threshold)

    def _describe_pair(self, gallery: GalleryEvidence, threshold: float) -> None:
        if not gallery.wrong_pairs:
            self.nearest.show_text("–", self.tr("Nobody to be taken for."))
            return
        pair = gallery.wrong_pairs[0]
        is_within = pair.distance <= threshold
        names = self.tr("{0} and {1}").format(*pair.names)
        said = self.tr("{0}: within the threshold, only the margin keeps them apart.") if is_within else "{0}"
        self.nearest.show_text(amounts.distance(pair.distance), said.format(names), is_bad=is_within)

    def _describe_known(self, doors: DoorEvidence, threshold: float) -> None:
        outcomes = doors.of_known(threshold)
        if not doors.known:
            self.known.setText(
                self.tr("The desk's answers and corrections of the log would count here: there are none yet.")
            )
            return
        said = self.tr(
            "Passages whose person the desk or a correction named: {0}. Let in rightly: {1}. Staff refused: "
            "{2}. Let in under a wrong name: {3}. Strangers refused: {4}."
        ).format(len(doors.known), outcomes.right, outcomes.refused, outcomes.wrong, outcomes.stopped)
        begin = doors.lets_in_wrongly_from
        if begin is not None:
            said += " " + self.tr(
                "Below {0} nobody is let in of whom it is known to be wrong; that would have decided %n "
                "entries otherwise.",
                "",
                len(doors.changed(begin - 0.0005)),
            ).format(amounts.distance(begin))
        self.known.setText(said)

    def _lacking_people(self, shortage: Shortage) -> str:
        if not shortage.people:
            return ""
        return self.tr("Too few people to be sure: %n more.", "", shortage.people)

    def _lacking_photos(self, shortage: Shortage) -> str:
        if not shortage.second_photos:
            return ""
        return self.tr("%n more people need a second photo.", "", shortage.second_photos)

    def _tell_changed(self) -> None:
        seqs = [] if self._doors is None else self._doors.changed(self.threshold()).tolist()
        self.entries_changed.emit(seqs)

    def _use(self) -> None:
        self.used.emit(self.threshold())

    def _go_back(self) -> None:
        self.move_to(self._in_force)

    def _choose(self) -> None:
        self.choice_wanted.emit(self.target.currentData())
