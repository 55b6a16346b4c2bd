"""Basemap tiles: they join without a seam, keep their names whole, and look as the style says."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import numpy as np
import pytest
import shapely
from numpy.typing import NDArray
from qtpy.QtGui import QFontDatabase, QImage
from qtpy.QtWidgets import QApplication

from desktop.map.address import TILE, TileAddress
from desktop.map.basemap import BasemapRenderer
from desktop.map.style import MapStyle, load_style
from desktop.store.basemap import BasemapPackage, Shape, write_package

FONTS = Path(__file__).parents[2] / "resources" / "fonts"
CORNER = TileAddress(64, 33_600, 22_400)
"""The north-west tile of a block, at zoom 16, near Dijon's longitude."""
Pixels = NDArray[np.uint8]
Draw = Callable[..., BasemapRenderer]


@pytest.fixture(scope="module", autouse=True)
def application() -> QApplication:
    found = QApplication.instance() or QApplication([])
    assert isinstance(found, QApplication)
    for font in FONTS.glob("IBMPlexSans*.ttf"):
        QFontDatabase.addApplicationFont(str(font))
    return found


@pytest.fixture
def renderer(tmp_path: Path) -> Iterator[Draw]:
    """Makes a renderer of shapes given in pixels from the block's north-west corner."""
    opened: list[BasemapPackage] = []

    def make(
        shapes: list[Shape], style: str | MapStyle = "dark", corner: TileAddress = CORNER
    ) -> BasemapRenderer:
        path = tmp_path / f"{len(opened)}.vigie"
        write_package(
            path, [Shape(s.cls, placed(s.geometry, corner), s.name, s.rank, s.zmin) for s in shapes], meta={}
        )
        opened.append(BasemapPackage(path))
        return BasemapRenderer(opened[-1], load_style(style) if isinstance(style, str) else style)

    yield make
    for package in opened:
        package.close()


def placed(geometry: shapely.Geometry, corner: TileAddress) -> shapely.Geometry:
    west, _, _, north = corner.bounds
    return shapely.transform(
        geometry, lambda xy: xy * (corner.resolution, -corner.resolution) + (west, north)
    )


def pixels(image: QImage) -> Pixels:
    """(height, width, 3) red, green, blue."""
    assert image.format() == QImage.Format.Format_RGB32
    raw = np.frombuffer(image.constBits(), dtype=np.uint8).reshape(
        image.height(), image.bytesPerLine() // 4, 4
    )
    return raw[:, : image.width(), 2::-1].copy()


def rgb(color: str) -> tuple[int, ...]:
    return tuple(bytes.fromhex(color[1:]))


def mosaic(renderer: BasemapRenderer, corner: TileAddress, span: int, backwards: bool = False) -> Pixels:
    """Tiles side by side, asked for in one order or the other."""
    whole = np.zeros((span * TILE, span * TILE, 3), dtype=np.uint8)
    places = [(x, y) for x in range(span) for y in range(span)]
    for x, y in reversed(places) if backwards else places:
        image = renderer.render(TileAddress(corner.level, corner.x + x, corner.y + y, corner.ratio))
        whole[y * TILE : (y + 1) * TILE, x * TILE : (x + 1) * TILE] = pixels(image)
    return whole


def city() -> list[Shape]:
    """A bit of everything, crossing every edge of a block of two by two tiles."""
    turn = np.linspace(0, 2 * math.pi, 90)
    ring = shapely.LineString(np.column_stack([512 + 300 * np.cos(turn), 512 + 300 * np.sin(turn)]))
    shapes = [
        Shape("green", shapely.Point(512, 200).buffer(180), name="Parc de la Colombière"),
        Shape(
            "water",
            shapely.box(-900, 480, 1900, 560).difference(shapely.box(500, 500, 530, 530)),
            name="Ouche",
        ),
        Shape("primary", shapely.LineString([(-2000, 500), (400, 513), (3000, 505)]), name="Avenue Foch"),
        Shape("secondary", ring, name="Boulevard de la Trémouille"),
        Shape("rail", shapely.LineString([(-700, -700), (1700, 1650)])),
        Shape("tram", shapely.LineString([(0, 900), (1024, 130)])),
        Shape("boundary", shapely.LineString([(511.7, -300), (511.7, 1300)])),
        Shape("place", shapely.Point(512, 1024), name="Montchapet", rank=4),
        Shape("place", shapely.Point(1024, 300), name="Maladière", rank=4),
    ]
    for n in range(12):
        street = shapely.LineString([(60 + 80 * n, 20), (20 + 90 * n, 1010)])
        shapes.append(Shape("residential", street, name=f"Rue Numéro {n}"))
        shapes.append(Shape("building", shapely.box(70 + 80 * n, 100 + 70 * n, 120 + 80 * n, 150 + 70 * n)))
    return shapes


@pytest.mark.parametrize("theme", ["dark", "light"])
@pytest.mark.parametrize("ratio", [1.0, 2.0])
def test_tiles_side_by_side_are_the_picture_drawn_at_once(renderer: Draw, theme: str, ratio: float) -> None:
    corner = TileAddress.at(64, *middle(CORNER), ratio)
    corner = TileAddress(64, corner.x // 4 * 4, corner.y // 4 * 4, ratio)
    draw = renderer(city(), theme, corner)
    whole = pixels(draw.picture(corner, 3 * TILE)).astype(int)
    difference = np.abs(mosaic(draw, corner, 3) - whole).max(axis=2)
    assert difference.max() <= 8
    assert (difference > 3).mean() < 1e-4
    assert len(np.unique(whole @ (1, 256, 65536))) > 100


def middle(address: TileAddress) -> tuple[float, float]:
    west, south, east, north = address.bounds
    return (west + east) / 2, (south + north) / 2


def test_a_tile_is_the_same_whoever_asks_and_in_whatever_order(renderer: Draw) -> None:
    first = mosaic(renderer(city()), CORNER, 2)
    assert (mosaic(renderer(city()), CORNER, 2, backwards=True) == first).all()


def test_a_tile_with_nothing_in_it_is_land(renderer: Draw) -> None:
    for theme in ("dark", "light"):
        draw = renderer([Shape("water", shapely.box(5000, 5000, 5100, 5100))], theme)
        image = draw.render(CORNER)
        assert (image.width(), image.height()) == (TILE, TILE)
        assert (pixels(image) == rgb(load_style(theme).land)).all()


def test_tiles_can_be_drawn_on_another_thread(renderer: Draw) -> None:
    expected = pixels(renderer(city()).render(CORNER))
    draw = renderer(city())
    with ThreadPoolExecutor(1) as pool:
        assert (pixels(pool.submit(draw.render, CORNER).result()) == expected).all()


def test_a_place_name_on_the_corner_of_four_tiles_is_whole(renderer: Draw) -> None:
    blocks_meet = TileAddress(48, 8_401, 5_601)
    draw = renderer([Shape("place", shapely.Point(512, 512), name="Dijon", rank=1)], corner=blocks_meet)
    inked = (mosaic(draw, blocks_meet, 2) != rgb(load_style("dark").land)).any(axis=2)
    quarters = [inked[y : y + TILE, x : x + TILE].any() for x in (0, TILE) for y in (0, TILE)]
    assert all(quarters)
    rows, columns = np.flatnonzero(inked.any(axis=1)), np.flatnonzero(inked.any(axis=0))
    assert abs(rows.mean() - 512) < 2
    assert abs(columns.mean() - 512) < 2


def written(draw: BasemapRenderer, shapes: list[Shape], renderer: Draw) -> NDArray[np.bool_]:
    """Where the block's names are: what changes when the shapes lose their names."""
    bare = renderer([Shape(shape.cls, shape.geometry) for shape in shapes])
    changed: NDArray[np.bool_] = (mosaic(draw, CORNER, 2) != mosaic(bare, CORNER, 2)).any(axis=2)
    return changed


def test_a_street_name_stays_inside_its_block_and_on_its_street(renderer: Draw) -> None:
    shapes = [Shape("residential", shapely.LineString([(-2000, 512), (3000, 512)]), name="Rue de la Liberté")]
    names = written(renderer(shapes), shapes, renderer)
    rows, columns = np.flatnonzero(names.any(axis=1)), np.flatnonzero(names.any(axis=0))
    assert 500 < rows.min() < 512 < rows.max() < 524
    assert columns.min() > 0
    assert columns.max() < 1023


def test_a_street_name_reads_from_left_to_right_whichever_way_its_street_was_drawn(renderer: Draw) -> None:
    line = shapely.LineString([(150, 800), (850, 300)])
    there = mosaic(renderer([Shape("residential", line, name="Rue Monge")]), CORNER, 2)
    back = mosaic(renderer([Shape("residential", line.reverse(), name="Rue Monge")]), CORNER, 2)
    assert np.abs(there.astype(int) - back).max() < 40


def test_a_street_name_is_neither_squeezed_in_nor_bent_round_a_corner(renderer: Draw) -> None:
    zigzag = shapely.LineString([(100 + 30 * n, 500 + 30 * (n % 2)) for n in range(20)])
    short = shapely.LineString([(100, 100), (120, 100)])
    shapes = [Shape("residential", line, name="Rue du Bourg") for line in (zigzag, short)]
    assert not written(renderer(shapes), shapes, renderer).any()


def test_a_name_in_markup_is_only_letters(renderer: Draw) -> None:
    shapes = [
        Shape("residential", shapely.LineString([(50, 512), (950, 512)]), name='<b a="1">&amp;</b></svg>')
    ]
    assert written(renderer(shapes), shapes, renderer).any()


def test_a_class_appears_at_the_zoom_its_style_says(renderer: Draw) -> None:
    style = load_style("dark")
    far = TileAddress(44, 1050, 700)
    for cls, shown in (("residential", False), ("primary", True)):
        draw = renderer([Shape(cls, shapely.LineString([(0, 256), (512, 256)]))], corner=far)
        assert (pixels(draw.render(far)) != rgb(style.land)).any() == shown


def test_a_larger_road_lies_over_a_smaller_one_and_casings_do_not_cut_it(renderer: Draw) -> None:
    small = Shape("residential", shapely.LineString([(256, 0), (256, 512)]))
    large = Shape("primary", shapely.LineString([(0, 256), (512, 256)]))
    picture = pixels(renderer([large, small]).render(CORNER))
    style = load_style("dark")
    assert (picture[256, 100:400] == rgb(style.lines["primary"].color)).all()
    assert tuple(picture[100, 256]) == rgb(style.lines["residential"].color)


def test_a_hole_in_a_lake_is_land(renderer: Draw) -> None:
    lake = shapely.box(100, 100, 400, 400).difference(shapely.box(200, 200, 300, 300))
    picture = pixels(renderer([Shape("water", lake)]).render(CORNER))
    style = load_style("dark")
    assert tuple(picture[250, 250]) == rgb(style.land)
    assert tuple(picture[150, 150]) == rgb(style.areas["water"].fill)


def test_a_self_crossing_polygon_draws(renderer: Draw) -> None:
    bow = shapely.Polygon([(-100, -100), (600, 600), (600, -100), (-100, 600)])
    picture = pixels(renderer([Shape("water", bow)]).render(CORNER))
    assert (picture == rgb(load_style("dark").areas["water"].fill)).all(axis=2).any()
