"""Text as outlines: shaped once by Qt, then placed, turned and written as SVG path data in arrays."""

from __future__ import annotations

from itertools import pairwise

import msgspec
import numpy as np
import shapely
from numpy.typing import NDArray
from qtpy.QtGui import QFont, QFontMetricsF, QPolygonF, QRawFont, QTextLayout

from desktop.map.linework import SUBPIXEL

EM = 128
"""Pixels of the font that outlines are taken from: flattened there, they are smooth up to twice any label."""
REMEMBERED = 4000
INK_TOLERANCE, HALO_TOLERANCE = 0.006, 0.03
"""In em: how far outlines may stray from the font's curves; stroking a halo costs by the vertex."""

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]


class Contours(msgspec.Struct, frozen=True, gc=False):
    """Closed contours: (n, 2) points in em, y down, from the glyph's origin; and where each starts."""

    points: Floats
    starts: Ints


class Glyph(msgspec.Struct, frozen=True, gc=False):
    """The outline of one glyph, and the coarser one that its halo is stroked from."""

    ink: Contours
    halo: Contours


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
        self._glyphs: dict[tuple[str, int], Glyph] = {}
        self._faces: dict[tuple[int, bool, float], tuple[QFont, float]] = {}
        self._widths: dict[str, float] = {}

    def set(self, text: str, *, weight: int = 400, italic: bool = False, spacing: float = 0.0) -> Setting:
        """The text shaped with kerning and `spacing` em between letters."""
        key = (text, weight, italic, spacing)
        found = self._settings.get(key)
        if found is None:
            if len(self._settings) >= REMEMBERED:
                self._settings.clear()
            found = self._settings[key] = self._shape(text, *self._face(weight, italic, spacing))
        return found

    def least(self, text: str, spacing: float) -> float:
        """A width in em that the text surely exceeds, found without shaping it."""
        if not self._widths:
            metrics = QFontMetricsF(self._face(400, False, 0.0)[0])
            self._widths.update(
                (chr(code), metrics.horizontalAdvance(chr(code)) / EM) for code in range(32, 384)
            )
        return sum(0.92 * self._widths.get(letter, 0.3) + spacing for letter in text)

    def _face(self, weight: int, italic: bool, spacing: float) -> tuple[QFont, float]:
        """A font and the height of its capitals in em."""
        key = (weight, italic, spacing)
        if key not in self._faces:
            font = QFont(self._family)
            font.setStyleHint(QFont.StyleHint.SansSerif)
            font.setPixelSize(EM)
            font.setWeight(QFont.Weight(min((400, 500, 600, 700), key=lambda known: abs(known - weight))))
            font.setItalic(italic)
            font.setHintingPreference(QFont.HintingPreference.PreferNoHinting)
            font.setLetterSpacing(QFont.SpacingType.AbsoluteSpacing, spacing * EM)
            self._faces[key] = font, QFontMetricsF(font).capHeight() / EM
        return self._faces[key]

    def _shape(self, text: str, font: QFont, height: float) -> Setting:
        layout = QTextLayout(text, font)
        layout.beginLayout()
        line = layout.createLine()
        line.setLineWidth(1e6)
        layout.endLayout()
        glyphs: list[Glyph] = []
        origins: list[float] = []
        for run in layout.glyphRuns():
            raw = run.rawFont()
            face = f"{raw.familyName()} {raw.styleName()} {raw.weight()} {raw.style()}"
            glyphs += [self._glyph(face, raw, index) for index in run.glyphIndexes()]
            origins += [position.x() / EM for position in run.positions()]
        order = np.argsort(np.array(origins), kind="stable")
        along = np.array(origins)[order]
        width = (line.naturalTextWidth() - font.letterSpacing()) / EM
        end = max(width, float(along[-1])) if len(along) else 0.0
        advances = np.diff(along, append=end)
        placed = tuple(glyphs[at] for at in order.tolist())
        return Setting(placed, along, along + advances / 2, advances, width, height)

    def _glyph(self, face: str, raw: QRawFont, index: int) -> Glyph:
        key = (face, index)
        found = self._glyphs.get(key)
        if found is None:
            rings = [_points(polygon) / EM for polygon in raw.pathForGlyph(index).toSubpathPolygons()]
            outer = [ring for ring in rings if not _inside(ring, rings)]
            found = Glyph(_contours(rings, INK_TOLERANCE), _contours(outer, HALO_TOLERANCE))
            self._glyphs[key] = found
        return found


def _points(polygon: QPolygonF) -> Floats:
    corners = (polygon.at(index) for index in range(polygon.size()))
    return np.array([(corner.x(), corner.y()) for corner in corners])


def _inside(ring: Floats, rings: list[Floats]) -> bool:
    """Whether a contour lies in the box of another: a counter, which a halo covers."""
    low, high = ring.min(axis=0), ring.max(axis=0)
    return any((other.min(axis=0) < low).all() and (other.max(axis=0) > high).all() for other in rings)


def _contours(rings: list[Floats], tolerance: float) -> Contours:
    """Contours thinned to a tolerance in em."""
    thinned = [
        shapely.get_coordinates(shapely.simplify(shapely.linestrings(ring), tolerance)) for ring in rings
    ]
    starts = np.cumsum([0, *(len(ring) for ring in thinned)])[:-1]
    points = np.concatenate(thinned) if thinned else np.empty((0, 2))
    return Contours(points, starts.astype(np.int64))


def outlines(setting: Setting, size: float, x: Floats, y: Floats, angle: Floats) -> tuple[bytes, bytes]:
    """SVG path data, letters and halo, of a text with its glyphs' middles at x, y and turned by `angle`.

    Size and places in pixels, y down, angles in radians; the capitals' middle lies on the given points.
    """
    cos, sin = np.cos(angle) * size, np.sin(angle) * size
    frames = np.stack([np.stack([cos, sin], axis=1), np.stack([-sin, cos], axis=1)], axis=1)
    shifts = np.column_stack([setting.origins - setting.middles, np.full(len(x), setting.height / 2)])
    places = np.column_stack([x, y])
    ink = _path([glyph.ink for glyph in setting.glyphs], frames, shifts, places)
    return ink, _path([glyph.halo for glyph in setting.glyphs], frames, shifts, places)


def _path(parts: list[Contours], frames: Floats, shifts: Floats, places: Floats) -> bytes:
    """The contours of many glyphs, each moved, turned and placed, as one path."""
    counts = np.array([len(part.points) for part in parts])
    if not counts.sum():
        return b""
    glyph = np.repeat(np.arange(len(parts)), counts)
    flat = np.concatenate([part.points for part in parts]) + shifts[glyph]
    points = np.einsum("ni,nij->nj", flat, frames[glyph]) + places[glyph]
    offsets = np.cumsum(counts) - counts
    cuts = np.concatenate(
        [part.starts + offset for part, offset in zip(parts, offsets.tolist(), strict=True)]
    )
    whole = np.rint(points * SUBPIXEL).astype(np.int64).ravel().tolist()
    bounds = [*(cuts * 2).tolist(), len(whole)]
    contours = [whole[low:high] for low, high in pairwise(bounds)]
    return b"M" + msgspec.json.encode(contours)[2:-2].replace(b"],[", b"ZM") + b"Z"
