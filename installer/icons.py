"""The program's icon in the sizes and kinds of file that each system wants, drawn from one SVG."""

import os
from pathlib import Path

from PIL import Image

SIZES_PX = (16, 22, 24, 32, 48, 64, 128, 256, 512)


def write_icons(drawing: Path, folder: Path) -> None:
    """Write SIZE.png for each size, faceaccess.ico for Windows and faceaccess.icns for macOS.

    Args:
        drawing: the SVG.
        folder: where to; made when missing.
    """
    os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
    from PySide6.QtCore import Qt
    from PySide6.QtGui import QGuiApplication, QImage, QPainter
    from PySide6.QtSvg import QSvgRenderer

    folder.mkdir(parents=True, exist_ok=True)
    app = QGuiApplication.instance() or QGuiApplication([])
    renderer = QSvgRenderer(str(drawing))
    if not renderer.isValid():
        raise SystemExit(f"{drawing} is no SVG that Qt can draw.")
    for size in SIZES_PX:
        image = QImage(size, size, QImage.Format.Format_ARGB32)
        image.fill(Qt.GlobalColor.transparent)
        painter = QPainter(image)
        renderer.render(painter)
        painter.end()
        image.save(str(folder / f"{size}.png"))
    del app
    with Image.open(folder / "512.png") as largest:
        largest.save(
            folder / "faceaccess.ico", sizes=[(size, size) for size in (16, 24, 32, 48, 64, 128, 256)]
        )
        largest.save(folder / "faceaccess.icns")
