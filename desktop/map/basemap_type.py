"""Text as outlines: shaped once by Qt, then placed, turned and written as SVG path data in arrays."""

from __future__ import annotations

from collections.abc import Callable
from itertools import repeat

import msgspec
import numpy as np
import shapely
from numpy.typing import NDArray
from qtpy.QtGui import QFont, QFontMetricsF, QGlyphRun, QPolygonF, QRawFont, QTextLayout

from desktop.map.linework import SUBPIXEL, joined

EM = 128
"""Pixels of the font that outlines are taken from: flattened there, they are smooth up to twice any label."""
REMEMBERED = 4000
INK_TOLERANCE, HALO_TOLERANCE = 0.006, 0.03
"""In em: how far outlines may stray from the font's curves; stroking a halo costs by the vertex."""

BAND = ((0.0, -0.5), (1.0, -0.5), (1.0, -0.2), (0.0, -0.2), (0.0, -0.5))
"""The halo of a blank, of unit width: without it a line under the text would show as a hyphen."""

AFTER_LATIN = "\u0250"
"""Every letter before this one stands alone, left to right."""

_Key = tuple[str, int, bool, float]
"""Text, weight, italic, spacing."""
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
        self._settings: dict[_Key, Setting] = {}
        self._glyphs: dict[tuple[str, int], Glyph] = {}
        self._letters: dict[tuple[str, int, bool], tuple[Glyph, float]] = {}
        self._faces: dict[tuple[int, bool, float], tuple[QFont, float]] = {}
        self._widths: dict[str, float] = {}

    def set(self, text: str, *, weight: int = 400, italic: bool = False, spacing: float = 0.0) -> Setting:
        """The text shaped with kerning and `spacing` em between letters."""
        return self._remembered((text, weight, italic, spacing), self._shape)

    def spell(self, text: str, *, weight: int = 400, italic: bool = False, spacing: float = 0.0) -> Setting:
        """The text letter by letter, without kerning, at a tenth of the cost; other scripts are shaped."""
        latin = all(letter < AFTER_LATIN for letter in text)
        return self._remembered((text, weight, italic, spacing), self._row if latin else self._shape)

    def _remembered(self, key: _Key, make: Callable[[_Key], Setting]) -> Setting:
        found = self._settings.get(key)
        if found is None:
            if len(self._settings) >= REMEMBERED:
                self._settings.clear()
            found = self._settings[key] = make(key)
        return found

    def _row(self, key: _Key) -> Setting:
        text, weight, italic, spacing = key
        font, height = self._face(weight, italic, 0.0)
        letters = [self._letter(letter, font, (weight, italic)) for letter in text]
        widths = np.array([width for _, width in letters])
        advances = widths + spacing
        ends = np.cumsum(advances)
        origins = ends - advances
        width = float(ends[-1]) - spacing if letters else 0.0
        return Setting(
            tuple(glyph for glyph, _ in letters), origins, origins + widths / 2, advances, width, height
        )

    def _letter(self, letter: str, font: QFont, face: tuple[int, bool]) -> tuple[Glyph, float]:
        """One letter's glyph and its advance in em."""
        found = self._letters.get((letter, *face))
        if found is None:
            runs = _laid_out(letter, font)[0]
            raw, index = (
                (runs[0].rawFont(), runs[0].glyphIndexes()[0]) if runs else (QRawFont.fromFont(font), 0)
            )
            found = self._glyph(raw, index), raw.advancesForGlyphIndexes([index])[0].x() / EM
            self._letters[letter, *face] = found
        return found

    def least(self, text: str, spacing: float) -> float:
        """A width in em that the text surely exceeds, found without shaping it."""
        if not self._widths:
            metrics = QFontMetricsF(self._face(400, False, 0.0)[0])
            letters = map(chr, range(32, 384))
            self._widths.update((letter, 0.92 * metrics.horizontalAdvance(letter) / EM) for letter in letters)
        return sum(map(self._widths.get, text, repeat(0.3))) + spacing * (len(text) - 1)

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

    def _shape(self, key: _Key) -> Setting:
        text, weight, italic, spacing = key
        font, height = self._face(weight, italic, spacing)
        runs, natural = _laid_out(text, font)
        glyphs = [self._glyph(run.rawFont(), index) for run in runs for index in run.glyphIndexes()]
        origins = np.array([position.x() / EM for run in runs for position in run.positions()])
        order = np.argsort(origins, kind="stable")
        along = origins[order]
        width = natural / EM - spacing
        advances = np.diff(along, append=max(width, float(along[-1])) if len(along) else 0.0)
        placed = tuple(glyphs[at] for at in order.tolist())
        return Setting(placed, along, along + advances / 2, advances, width, height)

    def _glyph(self, raw: QRawFont, index: int) -> Glyph:
        key = (f"{raw.familyName()} {raw.styleName()} {raw.weight()} {raw.style()}", index)
        found = self._glyphs.get(key)
        if found is None:
            rings = [_points(polygon) / EM for polygon in raw.pathForGlyph(index).toSubpathPolygons()]
            blank = raw.advancesForGlyphIndexes([index])[0].x() / EM
            halo = [ring for ring in rings if not _inside(ring, rings)] or [np.array(BAND) * (blank, 1.0)]
            found = Glyph(_contours(rings, INK_TOLERANCE), _contours(halo, HALO_TOLERANCE))
            self._glyphs[key] = found
        return found


def _laid_out(text: str, font: QFont) -> tuple[list[QGlyphRun], float]:
    """A text's glyphs as Qt lays them out on one line, and their width in pixels."""
    layout = QTextLayout(text, font)
    layout.beginLayout()
    line = layout.createLine()
    line.setLineWidth(1e6)
    layout.endLayout()
    return layout.glyphRuns(), line.naturalTextWidth()


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
    count = len(setting.glyphs)
    parts = [*(glyph.ink for glyph in setting.glyphs), *(glyph.halo for glyph in setting.glyphs)]
    sizes = np.array([len(part.points) for part in parts], dtype=np.int64)
    glyph = np.repeat(np.arange(2 * count) % max(1, count), sizes)
    shift = np.column_stack([setting.origins - setting.middles, np.full(count, setting.height / 2)])
    flat = (np.concatenate([part.points for part in parts]) + shift[glyph]) * size
    cos, sin = np.cos(angle)[glyph], np.sin(angle)[glyph]
    across = flat[:, 0] * cos - flat[:, 1] * sin + x[glyph]
    down = flat[:, 0] * sin + flat[:, 1] * cos + y[glyph]
    points = np.rint(np.column_stack([across, down]) * SUBPIXEL).astype(np.int64)
    offsets = (np.cumsum(sizes) - sizes).tolist()
    cuts = np.concatenate([part.starts + offset for part, offset in zip(parts, offsets, strict=True)])
    ink = int(sizes[:count].sum())
    return _path(points[:ink], cuts[cuts < ink]), _path(points[ink:], cuts[cuts >= ink] - ink)


def _path(points: Ints, starts: Ints) -> bytes:
    """SVG path data of closed contours."""
    return joined(points, starts, [b"ZM"], 0)[1:] + b"Z" if len(points) else b""
