"""Text from elsewhere, made harmless before it reaches a terminal, a log, a table or a window.

Control characters move a terminal's cursor or recolour it, direction characters turn what follows round, and
line separators begin a line that looks like the program's own.
"""

import unicodedata

_SIGN = "\N{REPLACEMENT CHARACTER}"
_JOINERS = "\u200c\u200d"
_MARKS = "\u200e\u200f\u061c"
"""Of direction, which turn nothing round by themselves: programs that write right to left leave them."""

_SEEN = frozenset("\u0600\u0601\u0602\u0603\u0604\u0605\u06dd\u070f\u0890\u0891\u08e2\U000110bd\U000110cd")
"""Format characters that are seen: number signs of Arabic, Syriac and Kaithi."""

_FIRST_JOINED = "\u0590"
"""Where the scripts begin that join letters; in Latin, Greek and Cyrillic a joiner only hides."""


def is_hidden(character: str) -> bool:
    """Tell whether a character acts instead of being shown: controls, directions, fillers."""
    if character in _JOINERS or character in _MARKS or character in _SEEN:
        return False
    return unicodedata.category(character) in ("Cc", "Cf", "Cs", "Zl", "Zp")


def has_hidden(text: str) -> bool:
    """Tell whether a text has hidden characters, or joiners where nothing is joined."""
    if text.isascii():
        return not text.isprintable()
    before = ["", *text[:-1]]
    return any(
        is_hidden(character) or (character in _JOINERS and (last < _FIRST_JOINED or last in _MARKS))
        for last, character in zip(before, text, strict=True)
    )


def visible(text: str, keep: str = "") -> str:
    """Return a text with a visible sign for each hidden character.

    Args:
        text: of anybody's.
        keep: what is meant to, such as a line break in a text of several lines.
    """
    if text.isascii() and text.isprintable():
        return text
    return "".join(
        _SIGN if is_hidden(character) and character not in keep else character for character in text
    )


def escaped(json: str) -> str:
    r"""Return JSON with the hidden characters of its strings as \u escapes; it means the same."""
    return "".join(
        _escape(character) if is_hidden(character) and character != "\n" else character for character in json
    )


def _escape(character: str) -> str:
    units = character.encode("utf-16-be", "surrogatepass")
    return "".join(f"\\u{units[at : at + 2].hex()}" for at in range(0, len(units), 2))
