"""A font of boxes, so that no test depends on what fonts a computer happens to have."""

import unicodedata
from pathlib import Path

from fontTools.feaLib.builder import addOpenTypeFeaturesFromString
from fontTools.fontBuilder import FontBuilder
from fontTools.pens.ttGlyphPen import TTGlyphPen

FAMILY = "FaceAccess Boxes"
_EM = 1000
_JOINED = "languagesystem bng2 dflt; feature akhn {{ sub {} by joined; }} akhn;"


def make_font(path: Path, letters: str, conjunct: str) -> Path:
    """Write a font; return its file.

    Args:
        path: the file.
        letters: that it has.
        conjunct: of its letters, those that join into one glyph.
    """
    glyphs = {letter: f"u{ord(letter):04X}" for letter in dict.fromkeys(letters + conjunct)}
    order = [".notdef", "joined", *glyphs.values()]
    builder = FontBuilder(_EM, isTTF=True)
    builder.setupGlyphOrder(order)
    builder.setupCharacterMap({ord(letter): name for letter, name in glyphs.items()})
    builder.setupGlyf(dict.fromkeys(order, _box()))
    marks = {name for letter, name in glyphs.items() if unicodedata.category(letter) == "Mn"}
    builder.setupHorizontalMetrics({name: (0 if name in marks else 600, 50) for name in order})
    builder.setupHorizontalHeader(ascent=800, descent=-200)
    builder.setupNameTable({"familyName": FAMILY, "styleName": "Regular", "psName": FAMILY.replace(" ", "")})
    builder.setupOS2(sTypoAscender=800, usWinAscent=800, usWinDescent=200)
    builder.setupPost()
    addOpenTypeFeaturesFromString(builder.font, _JOINED.format(" ".join(glyphs[each] for each in conjunct)))
    builder.save(path)
    return path


def _box() -> object:
    pen = TTGlyphPen(None)
    pen.moveTo((50, 0))
    for corner in ((50, 700), (550, 700), (550, 0)):
        pen.lineTo(corner)
    pen.closePath()
    return pen.glyph()
