"""Contact sheets of faces: a heading and rows of tiles for each group, over as many pages as needed."""

from collections.abc import Iterator, Sequence

import cv2
import numpy as np

from faceaccess.vision.types import ImageArray

TILE_PX = 96
_COLUMNS = 12
_GAP_PX = 6
_HEADING_PX = 34
_PAGE_ROWS = 20
"""Rows of tiles on a page: as many as a screen shows in two or three turns of the wheel."""

_WIDTH = _GAP_PX + _COLUMNS * (TILE_PX + _GAP_PX)
_STRIP_PX = TILE_PX + _GAP_PX
_PAPER, _INK = 255, (40, 40, 40)

Section = tuple[str, Sequence[bytes]]


def draw_sheets(sections: Sequence[Section]) -> Iterator[tuple[str, bytes]]:
    """Yield file name and PNG of each page; one page is `contact-sheet.png`, of several each has a number.

    Args:
        sections: heading, in ASCII, and JPEGs of the faces of each group.
    """
    pages = list(_pages(sections))
    for number, page in enumerate(pages, 1):
        name = "contact-sheet.png" if len(pages) == 1 else f"contact-sheet-{number:03d}.png"
        yield name, _draw(page)


def _pages(sections: Sequence[Section]) -> Iterator[list[Section]]:
    """Yield the rows of each page: a heading, or "" where a group goes on, and at most a row of tiles."""
    page: list[Section] = []
    for heading, tiles in sections:
        for start in range(0, len(tiles), _COLUMNS):
            if len(page) == _PAGE_ROWS:
                yield page
                page = []
            goes_on = "" if page else f"{heading} (continued)"
            page.append((goes_on if start else heading, tiles[start : start + _COLUMNS]))
    if page:
        yield page


def _draw(rows: Sequence[Section]) -> bytes:
    height = sum(_STRIP_PX + (_HEADING_PX if heading else 0) for heading, _ in rows) + _GAP_PX
    sheet = np.full((height, _WIDTH, 3), _PAPER, np.uint8)
    top = _GAP_PX
    for heading, tiles in rows:
        if heading:
            at = (_GAP_PX, top + _HEADING_PX - 12)
            cv2.putText(sheet, heading, at, cv2.FONT_HERSHEY_SIMPLEX, 0.6, _INK, 1, cv2.LINE_AA)
            top += _HEADING_PX
        for column, jpeg in enumerate(tiles):
            left = _GAP_PX + column * _STRIP_PX
            sheet[top : top + TILE_PX, left : left + TILE_PX] = _tile(jpeg)
        top += _STRIP_PX
    done, data = cv2.imencode(".png", sheet)
    assert done
    return data.tobytes()


def _tile(jpeg: bytes) -> ImageArray:
    """Return the middle of a face's picture as a (96, 96, 3) uint8 BGR tile."""
    picture = np.asarray(cv2.imdecode(np.frombuffer(jpeg, np.uint8), cv2.IMREAD_COLOR))
    height, width = picture.shape[:2]
    side = min(height, width)
    top, left = (height - side) // 2, (width - side) // 2
    square = picture[top : top + side, left : left + side]
    return np.asarray(cv2.resize(square, (TILE_PX, TILE_PX), interpolation=cv2.INTER_AREA), np.uint8)
