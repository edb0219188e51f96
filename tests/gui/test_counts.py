"""A number of one takes the singular, wherever the window shows it."""

import pytest
from PySide6.QtWidgets import QSpinBox

from faceaccess.gui.widgets import settings_form
from faceaccess.gui.wording.counts import Counts
from faceaccess.settings import ConsentSettings


@pytest.mark.parametrize(
    ("said", "one", "two"),
    [
        (Counts.photos, "1 photo", "2 photos"),
        (Counts.people, "1 person", "2 people"),
        (Counts.months, "1 month", "2 months"),
        (lambda counts, number: counts.of_passes(1, number), "1 of 1 pass", "1 of 2 passes"),
        (
            Counts.those_not_told_apart,
            "those of 1 pass, not told apart",
            "those of 2 passes, not told apart",
        ),
    ],
)
def test_one_is_singular(qapp, said, one, two) -> None:
    assert (said(Counts(), 1), said(Counts(), 2)) == (one, two)


def test_a_setting_of_months_says_one_month(qtbot) -> None:
    form = settings_form.SettingsForm(ConsentSettings())
    qtbot.addWidget(form)
    spin = form.findChildren(QSpinBox)[0]
    for months, said in ((1, "1 month"), (2, "2 months"), (0, "until it is withdrawn")):
        spin.setValue(months)
        assert spin.text() == said
