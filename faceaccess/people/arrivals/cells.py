"""Cells of a workbook as its program shows them, and cells that hold no text of anybody's."""

import re
from datetime import date, datetime, time
from decimal import ROUND_HALF_UP, Decimal
from typing import Protocol

_MOST_DIGITS = 15
"""Excel keeps no more digits of a number: what was typed after them is lost."""

NOT_CALCULATED = "#CALCULATE!"
"""Stands for a formula without a value: whatever wrote the table left it to a spreadsheet to calculate it."""

# What Excel and LibreOffice put where a formula fails, as far as it has no sign at its end.
_ERRORS = frozenset({"#N/A", "#NV", "#N/D", "#N/B", "#N/DISP", "#GETTING_DATA", "#N/A N/A"})
_FAILED = re.compile(r"#[^\s]{2,14}[!?]|Err:\d{3}")
_YES_OR_NO = frozenset({"true", "false", "wahr", "falsch", "vrai", "faux", "verdadero", "falso", "vero"})
_MONTHS = (
    "jan|janv|ene|gen|sty|feb|févr|lut|mar|mär|mars|mrz|mrt|apr|avr|abr|kwi|may|mai|mei|maj|mag|jun|juin|giu|cze"
    "|jul|juil|lug|lip|aug|août|ago|sie|sep|sept|set|wrz|oct|okt|out|ott|paź|nov|lis|dec|dez|déc|dic|gru"
)
_DAY_OR_CUT = re.compile(
    r"\d{4}-\d{2}-\d{2}([ T].*)?|\d{1,2}[./]\d{1,2}[./]\d{2,4}|\d{1,2}:\d{2}(:\d{2})?( ?[ap]m)?"
    rf"|\d{{1,2}}[-. ]+({_MONTHS})\.?([-. ]\d{{2,4}})?|({_MONTHS})\.?[-. ]\d{{2,4}}"
    r"|\d([.,]\d+)?e\+\d+",
    re.IGNORECASE,
)
_FORMAT_PART = re.compile(
    r'"(?P<words>[^"]*)"|\\(?P<sign>.)|(?P<nothing>_.|\*.|\[(?![<>=])[^\]]*\])'
    r"|(?P<place>[0#?])|(?P<mark>[ ()+\-:,.%])"
)


class Cell(Protocol):
    """A cell as openpyxl reads it."""

    @property
    def value(self) -> object:
        """Its content, as last calculated."""

    @property
    def number_format(self) -> str:
        """How it is shown."""


def is_error(text: str) -> bool:
    """Tell whether a cell holds the mark of a formula that failed, in whatever language."""
    return text.strip() in _ERRORS or bool(_FAILED.fullmatch(text.strip()))


def is_no_name(text: str) -> bool:
    """Tell whether a name is a day, a time or a number that a spreadsheet made of something."""
    return bool(_DAY_OR_CUT.fullmatch(text))


def is_no_number(text: str) -> bool:
    """Tell whether a staff number is what a spreadsheet made of one: a day, a yes, a cut number."""
    return text.casefold() in _YES_OR_NO or is_no_name(text)


def shown(cell: Cell) -> str:
    """Return a cell as its program shows it: 00042 for 42 in the format 00000, 2026-03-04 for a day."""
    value = cell.value
    if value is None:
        return ""
    if isinstance(value, bool):
        return str(value).upper()
    if isinstance(value, datetime):
        return value.date().isoformat() if value.time() == time() else value.isoformat(" ")
    if isinstance(value, date | time):
        return value.isoformat()
    if isinstance(value, int | float):
        return _number(Decimal(f"{value:.15g}" if isinstance(value, float) else value), cell.number_format)
    return str(value).strip()


def _number(value: Decimal, number_format: str) -> str:
    """Return a number in a format of digits, signs and words; without one in any other."""
    sections = number_format.split(";")
    has_own_section = value < 0 and len(sections) > 1
    parts = _format_parts(sections[1] if has_own_section else sections[0])
    if parts is None or not value.is_finite():
        return _plain(value)
    value *= 100 ** parts.count(("mark", "%"))
    sign = "-" if value < 0 and not has_own_section else ""
    return sign + _filled(abs(value), parts)


def _format_parts(section: str) -> list[tuple[str, str]] | None:
    """Return the parts of a format with their kinds; None for one that isn't of digits."""
    parts, at = [], 0
    while at < len(section):
        part = _FORMAT_PART.match(section, at)
        if part is None or part.lastgroup is None:
            return None
        parts.append((part.lastgroup, part[part.lastgroup]))
        at = part.end()
    return parts if any(kind == "place" for kind, _ in parts) else None


def _filled(value: Decimal, parts: list[tuple[str, str]]) -> str:
    """Return a number with its digits where a format has places for them, from the point outwards."""
    places = [at for at, (kind, _) in enumerate(parts) if kind == "place"]
    point = parts.index(("mark", ".")) if ("mark", ".") in parts else len(parts)
    before, after = [at for at in places if at < point], [at for at in places if at > point]
    whole, _, fraction = f"{value.quantize(Decimal(1).scaleb(-len(after)), ROUND_HALF_UP):f}".partition(".")
    texts = {at: text for at, (kind, text) in enumerate(parts) if kind not in ("place", "nothing")}
    texts |= dict(zip(after, fraction, strict=True))
    digits = list(whole.lstrip("0"))
    if ("mark", ",") in parts:
        texts = {at: text for at, text in texts.items() if parts[at] != ("mark", ",")}
        digits = list(f"{int(whole):,}") if int(whole) else []
    for at in reversed(before):
        texts[at] = digits.pop() if digits else ("0" if parts[at][1] == "0" else "")
    if before:
        texts[before[0]] = "".join(digits) + texts[before[0]]
    return "".join(texts[at] for at in sorted(texts)).strip()


def _plain(value: Decimal) -> str:
    """Return a number without a format, as Excel shows it: in powers of ten where digits were lost."""
    if not value.is_finite():
        return str(value)
    if abs(value) >= Decimal(10) ** _MOST_DIGITS:
        return f"{value:.5E}"
    return f"{value.normalize():f}"
