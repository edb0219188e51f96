"""Runs before the program: pyqtgraph loads two modules of Qt for a way to draw that it is never asked for.

They and what they need take 9 MB, and memory with every chart. Empty ones stand for them.
"""

import sys
from types import ModuleType

for _name in ("PySide6.QtOpenGL", "PySide6.QtOpenGLWidgets"):
    _module = ModuleType(_name)
    # Nothing is ever one of these; pyqtgraph derives a class from it.
    _module.QOpenGLWidget = type("QOpenGLWidget", (), {})  # type: ignore[attr-defined]
    sys.modules[_name] = _module
