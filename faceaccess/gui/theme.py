"""The look of the window: colours for light and dark, applied to palette, style sheet and icons."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass

from PySide6.QtCore import QObject, Qt, Signal
from PySide6.QtGui import QColor, QPalette
from PySide6.QtWidgets import QApplication

from faceaccess import paths
from faceaccess.codes import Outcome
from faceaccess.gui import icons


@dataclass(frozen=True)
class Tokens:
    """Named colours of one scheme, as `#rrggbb`; `@name` in the style sheet stands for them."""

    scheme: str
    window: str
    surface: str
    raised: str
    border: str
    border_strong: str
    text: str
    muted: str
    disabled: str
    accent: str
    accent_hover: str
    accent_text: str
    accent_soft: str
    good: str
    good_soft: str
    caution: str
    caution_soft: str
    bad: str
    bad_soft: str


LIGHT = Tokens(
    scheme="light",
    window="#f4f5f8",
    surface="#ffffff",
    raised="#eceef2",
    border="#d5d9e0",
    border_strong="#8b94a3",
    text="#1a1f29",
    muted="#545d6b",
    disabled="#7d8593",
    accent="#1d5bb8",
    accent_hover="#174a97",
    accent_text="#ffffff",
    accent_soft="#e1ebfa",
    good="#17702f",
    good_soft="#e0f3e5",
    caution="#7d5200",
    caution_soft="#fdf0d0",
    bad="#b3231a",
    bad_soft="#fde7e5",
)

DARK = Tokens(
    scheme="dark",
    window="#14171c",
    surface="#1c2027",
    raised="#282d36",
    border="#383e49",
    border_strong="#6b7483",
    text="#e9ecf1",
    muted="#a9b1be",
    disabled="#7c8592",
    accent="#7cb0ff",
    accent_hover="#a0c6ff",
    accent_text="#0b1a2f",
    accent_soft="#20334e",
    good="#5fcb80",
    good_soft="#173321",
    caution="#e6b84f",
    caution_soft="#392c10",
    bad="#ff8f86",
    bad_soft="#421c1a",
)

# White text reads on each of these (contrast of 5 and more); they are the same in both schemes
# because they also stand on the live picture.
_OUTCOME_COLOURS = {
    Outcome.ACCEPTED: "#17702f",
    Outcome.UNKNOWN: "#b3231a",
    Outcome.AMBIGUOUS: "#855700",
    Outcome.LOW_QUALITY: "#4b5563",
    Outcome.DENIED: "#6d28a8",
    Outcome.SUSPECTED: "#8a1c4a",
}

# In charts colours stand side by side without words: these differ for every kind of colour vision, by
# test (simulated after Machado, Oliveira and Fernandes 2009), and have a contrast of 3 to their card.
_CHART_COLOURS = {
    "light": {
        Outcome.ACCEPTED: "#135ba1",
        Outcome.UNKNOWN: "#e77104",
        Outcome.AMBIGUOUS: "#5b5610",
        Outcome.LOW_QUALITY: "#8a94a1",
        Outcome.DENIED: "#461139",
        Outcome.SUSPECTED: "#bd8768",
    },
    "dark": {
        Outcome.ACCEPTED: "#86bce8",
        Outcome.UNKNOWN: "#f87111",
        Outcome.AMBIGUOUS: "#fad693",
        Outcome.LOW_QUALITY: "#677384",
        Outcome.DENIED: "#bc3be1",
        Outcome.SUSPECTED: "#927441",
    },
}
ON_OUTCOME = "#ffffff"
UNDECIDED = "#33506f"


def outcome_colour(outcome: Outcome | None) -> str:
    """Return the fill that stands for an outcome; None means that nothing is decided yet."""
    return UNDECIDED if outcome is None else _OUTCOME_COLOURS[outcome]


def chart_colour(outcome: Outcome) -> str:
    """Return the colour that stands for an outcome in charts, in the scheme that is shown."""
    return _CHART_COLOURS[tokens_in_use().scheme][outcome]


def tokens_in_use() -> Tokens:
    """Return the scheme that the application shows, for what is drawn outside of the style sheet."""
    return DARK if QApplication.palette().color(QPalette.ColorRole.Window).lightness() < 128 else LIGHT


class Theme(QObject):
    """Applies light or dark to the application and follows the system where told to."""

    changed = Signal()

    def __init__(self, app: QApplication, appearance: str = "system") -> None:
        super().__init__(app)
        self.app = app
        self._appearance = appearance
        self.tokens = LIGHT
        app.setStyle("Fusion")
        app.styleHints().colorSchemeChanged.connect(self._on_scheme_changed)
        self.apply(appearance)

    def apply(self, appearance: str) -> None:
        """Show `appearance`: "system", "light" or "dark"."""
        self._appearance = str(appearance)
        schemes = {"light": Qt.ColorScheme.Light, "dark": Qt.ColorScheme.Dark}
        self.app.styleHints().setColorScheme(schemes.get(self._appearance, Qt.ColorScheme.Unknown))
        self._repaint()

    @contextmanager
    def held(self) -> Iterator[None]:
        """Build many widgets and style them once, at the end.

        Qt styles a widget and all below it at every change of its parent: a window takes twice as long so.
        """
        self.app.setStyleSheet("")
        try:
            yield
        finally:
            self.app.setStyleSheet(style_sheet(self.tokens))
            icons.redraw_all()

    def _on_scheme_changed(self, _: Qt.ColorScheme) -> None:
        if self._appearance == "system":
            self._repaint()

    def _repaint(self) -> None:
        is_dark = self._appearance == "dark" or (
            self._appearance == "system" and self.app.styleHints().colorScheme() == Qt.ColorScheme.Dark
        )
        self.tokens = DARK if is_dark else LIGHT
        self.app.setPalette(_palette(self.tokens))
        self.app.setStyleSheet(style_sheet(self.tokens))
        icons.redraw_all()
        self.changed.emit()


def style_sheet(tokens: Tokens) -> str:
    """Return the program's style sheet with the colours of `tokens` filled in."""
    folder = paths.resource("themes")
    sheet = (folder / "faceaccess.qss").read_text(encoding="utf-8")
    values = asdict(tokens) | {"themes": folder.as_posix()}
    values["undecided"] = UNDECIDED
    values |= {f"outcome_{outcome}": colour for outcome, colour in _OUTCOME_COLOURS.items()}
    for name in sorted(values, key=len, reverse=True):
        sheet = sheet.replace(f"@{name}", values[name])
    return sheet


def _palette(tokens: Tokens) -> QPalette:
    role = QPalette.ColorRole
    colours = {
        role.Window: tokens.window,
        role.WindowText: tokens.text,
        role.Base: tokens.surface,
        role.AlternateBase: tokens.raised,
        role.Text: tokens.text,
        role.Button: tokens.surface,
        role.ButtonText: tokens.text,
        role.BrightText: tokens.bad,
        role.ToolTipBase: tokens.raised,
        role.ToolTipText: tokens.text,
        role.Highlight: tokens.accent,
        role.HighlightedText: tokens.accent_text,
        role.Accent: tokens.accent,
        role.Link: tokens.accent,
        role.PlaceholderText: tokens.muted,
        role.Mid: tokens.border,
        role.Midlight: tokens.raised,
        role.Dark: tokens.border_strong,
        role.Light: tokens.surface,
    }
    palette = QPalette()
    for colour_role, value in colours.items():
        palette.setColor(colour_role, QColor(value))
    for colour_role in (role.WindowText, role.Text, role.ButtonText):
        palette.setColor(QPalette.ColorGroup.Disabled, colour_role, QColor(tokens.disabled))
    palette.setColor(QPalette.ColorGroup.Disabled, role.Highlight, QColor(tokens.border))
    return palette
