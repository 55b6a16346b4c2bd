"""Text as outlines: shaped once by Qt, then placed, turned and written as SVG path data in arrays."""

from __future__ import annotations

import msgspec
import numpy as np
from numpy.typing import NDArray
from qtpy.QtGui import QFont, QFontMetricsF, QPolygonF, QRawFont, QTextLayout

from desktop.map.linework import SUBPIXEL

EM = 128
"""Pixels of the font that outlines are taken from: flattened there, they are smooth up to twice any label."""
REMEMBERED = 4000

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]


class Glyph(msgspec.Struct, frozen=True, gc=False):
    """The contours of one glyph: (n, 2) points in em, y down, from its origin; and where contours start."""

    points: Floats
    starts: Ints


class Setting(msgspec.Struct, frozen=True, gc=False):
    """A shaped text in em: glyphs, the middle of each along the baseline, their advances, and the width."""

    glyphs: tuple[Glyph, ...]
    origins: Floats
    middles: Floats
    advances: Floats
    width: float
    height: float
    """Of the capitals."""


class Typesetter:
    """Shapes texts in one family and remembers them; to be used from one thread at a time."""

    def __init__(self, family: str) -> None:
        self._family = family
        self._settings: dict[tuple[str, int, bool, float], Setting] = {}
        self._glyphs: dict[tuple[str, str, int], Glyph] = {}

    def set(self, text: str, *, weight: int = 400, italic: bool = False, spacing: float = 0.0) -> Setting:
        """The text shaped with kerning and `spacing` em between letters."""
        key = (text, weight, italic, spacing)
        found = self._settings.get(key)
        if found is None:
            if len(self._settings) >= REMEMBERED:
                self._settings.clear()
            found = self._settings[key] = self._shape(text, self._font(weight, italic, spacing))
        return found

    def _font(self, weight: int, italic: bool, spacing: float) -> QFont:
        font = QFont(self._family)
        font.setStyleHint(QFont.StyleHint.SansSerif)
        font.setPixelSize(EM)
        font.setWeight(QFont.Weight(min((400, 500, 600, 700), key=lambda known: abs(known - weight))))
        font.setItalic(italic)
        font.setHintingPreference(QFont.HintingPreference.PreferNoHinting)
        font.setLetterSpacing(QFont.SpacingType.AbsoluteSpacing, spacing * EM)
        return font

    def _shape(self, text: str, font: QFont) -> Setting:
        layout = QTextLayout(text, font)
        layout.beginLayout()
        line = layout.createLine()
        line.setLineWidth(1e6)
        layout.endLayout()
        glyphs: list[Glyph] = []
        origins: list[float] = []
        for run in layout.glyphRuns():
            raw = run.rawFont()
            glyphs += [self._glyph(raw, index) for index in run.glyphIndexes()]
            origins += [position.x() / EM for position in run.positions()]
        order = np.argsort(np.array(origins), kind="stable")
        along = np.array(origins)[order]
        width = line.naturalTextWidth() / EM - font.letterSpacing() / EM
        advances = np.diff(np.r_[along, max(width, along[-1] if len(along) else 0.0)])
        height = QFontMetricsF(font).capHeight() / EM
        placed = tuple(glyphs[at] for at in order.tolist())
        return Setting(placed, along, along + advances / 2, advances, width, height)

    def _glyph(self, raw: QRawFont, index: int) -> Glyph:
        key = (raw.familyName(), f"{raw.styleName()} {raw.weight()} {raw.style()}", index)
        found = self._glyphs.get(key)
        if found is None:
            rings = [_points(polygon) for polygon in raw.pathForGlyph(index).toSubpathPolygons()]
            starts = np.cumsum([0, *(len(ring) for ring in rings)])[:-1]
            points = np.concatenate(rings) / EM if rings else np.empty((0, 2))
            found = self._glyphs[key] = Glyph(points, starts.astype(np.int64))
        return found


def _points(polygon: QPolygonF) -> Floats:
    corners = (polygon.at(index) for index in range(polygon.size()))
    return np.array([(corner.x(), corner.y()) for corner in corners])


def outline(setting: Setting, size: float, x: Floats, y: Floats, angle: Floats) -> bytes:
    """SVG path data of a text `size` pixels high whose glyph middles stand at x, y, each turned by `angle`.

    Pixels and radians, y down; the capitals' middle lies on the given points.
    """
    pieces: list[Floats] = []
    starts: list[Ints] = []
    done = 0
    for glyph, origin, middle, gx, gy, turn in zip(
        setting.glyphs, setting.origins, setting.middles, x, y, angle, strict=True
    ):
        if not len(glyph.points):
            continue
        shift = np.array((origin - middle, setting.height / 2))
        flat = (glyph.points + shift) * size
        cos, sin = np.cos(turn), np.sin(turn)
        pieces.append(flat @ np.array(((cos, sin), (-sin, cos))) + (gx, gy))
        starts.append(glyph.starts + done)
        done += len(glyph.points)
    if not pieces:
        return b""
    points = np.rint(np.concatenate(pieces) * SUBPIXEL).astype(np.int64).ravel().tolist()
    cuts = np.concatenate(starts) * 2
    contours = [
        points[low:high] for low, high in zip(cuts.tolist(), [*cuts[1:].tolist(), 2 * done], strict=True)
    ]
    return b"M" + msgspec.json.encode(contours)[2:-2].replace(b"],[", b"ZM") + b"Z"
