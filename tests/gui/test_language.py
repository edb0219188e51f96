"""The window in another language, and numbers in English."""

import calendar
import re
from collections.abc import Iterator

import pytest
from PySide6.QtCore import QTranslator
from PySide6.QtWidgets import QApplication, QCalendarWidget, QWidget

from faceaccess.errors import StoreError, Text, sentences
from faceaccess.gui.main_window import MainWindow
from faceaccess.gui.notices import Notices
from faceaccess.gui.widgets.settings_form import SettingsForm
from faceaccess.gui.wording import failures
from faceaccess.gui.wording.counts import Counts
from faceaccess.settings import DoorSettings
from tests.gui.site import MEASURED, MODEL_ID


class Capitals(QTranslator):
    """Says each text in capitals, as if that were a language; places for values stay."""

    def translate(self, context: str, text: str, note: str | None = None, count: int = -1) -> str:
        return re.sub(r"[^{}]+(?![^{]*\})", lambda part: part[0].upper(), text)

    def isEmpty(self) -> bool:
        return False


@pytest.fixture
def capitals(qapp: QApplication) -> Iterator[None]:
    translator = Capitals()
    qapp.installTranslator(translator)
    yield
    qapp.removeTranslator(translator)


@pytest.mark.usefixtures("capitals")
def test_a_failure_is_translated_and_its_values_are_not() -> None:
    error = StoreError("There is no folder {folder}.", "Choose another than {folder}.", folder="/srv/{a}")
    assert failures.whole(error) == "THERE IS NO FOLDER /srv/{a}. CHOOSE ANOTHER THAN /srv/{a}."
    assert str(error) == "There is no folder /srv/{a}. Choose another than /srv/{a}."


@pytest.mark.usefixtures("capitals")
def test_a_text_within_a_text_is_translated_by_itself() -> None:
    error = StoreError("It is used by {holder}.", holder=Text("process {pid}", {"pid": "x7"}))
    assert failures.message(error) == "IT IS USED BY PROCESS x7."
    assert failures.translated(sentences(Text("It is old."), Text("Look."))) == "IT IS OLD. LOOK."


@pytest.mark.usefixtures("capitals")
def test_a_notice_is_translated(notices: Notices) -> None:
    notices.fail(StoreError("The log has no row {seq}.", seq=7))
    assert notices.messages() == ["THE LOG HAS NO ROW 7."]


@pytest.mark.usefixtures("capitals")
def test_settings_are_translated(qtbot) -> None:
    form = SettingsForm(DoorSettings())
    qtbot.addWidget(form)
    assert all(editor.accessibleName().isupper() for editor in form.editors.values())


@pytest.mark.parametrize(
    ("count", "words"), [(0, "0 people"), (1, "1 person"), (2, "2 people"), (1000, "1000 people")]
)
def test_english_numbers_have_their_form(qapp: QApplication, count: int, words: str) -> None:
    assert Counts().people(count) == words


DATA = (
    r"<[^>]*>|&nbsp;|/data/\w+|Ctrl|Main|Front|Door|door|Workshop|Office|Person|Integrated|USB|Camera"
    r"|English|Deutsch|CPU|ONNX Runtime|FaceNet|dlib|numbers|" + "|".join(calendar.month_name[1:])
)
"""What is data in the texts of these tests, and what is called the same in every language."""


def shown_texts(window: MainWindow) -> set[str]:
    """Return what the widgets say; what lists hold are mostly data."""
    names = ("text", "title", "placeholderText", "toolTip", "accessibleName", "specialValueText")
    widgets = [widget for widget in window.findChildren(QWidget) if not _is_of_a_calendar(widget)]
    texts = {widget.property(name) for widget in widgets for name in names}
    return {text for text in texts if isinstance(text, str)}


def _is_of_a_calendar(widget: QWidget) -> bool:
    """Qt writes the months by itself."""
    return any(months.isAncestorOf(widget) for months in widget.window().findChildren(QCalendarWidget))


@pytest.mark.usefixtures("capitals")
def test_every_page_speaks_the_language(qtbot, space, theme, window_settings) -> None:
    window = MainWindow(space, theme, window_settings)
    qtbot.addWidget(window)
    window.begin(None, is_gallery_empty=False)
    window.show()
    for number in range(len(window.pages)):
        window.rail.button(number).click()
    qtbot.waitUntil(lambda: "" not in (window.people.count_label.text(), window.log.count_label.text()))
    models = [words for model in space.models.catalogue.infos() for words in (model.title, model.licence)]
    names = (str(space.data_dir), MODEL_ID, MEASURED.source, *models)
    data = re.compile("|".join([*map(re.escape, names), DATA]))
    english = {text for text in shown_texts(window) if re.search("[a-z]{3}", data.sub("", text))}
    assert english == set()
