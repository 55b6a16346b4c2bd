"""The ground: painted apart, kept, stood in for while it is missing, and never the end of the map."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator

import numpy as np
import pytest
from qtpy.QtGui import QColor, QImage, QPainter
from qtpy.QtWidgets import QApplication

from desktop.map.address import TILE, TileAddress
from desktop.map.tiles import KEPT, Ground, GroundRenderer, Tiles, covering
from desktop.map.viewport import Viewport
from tests.map.scene import Pixels
from tests.map.town import CENTER

Wait = Callable[..., None]
LAND = QColor("#00ff00")
VIEW = Viewport(x=CENTER[0], y=CENTER[1], zoom=14.0, width=300, height=200)


class Paint:
    """A renderer that fills tiles with a colour, when it is let to."""

    def __init__(self, colour: str, gate: threading.Event | None = None) -> None:
        self.colour, self.gate = colour, gate
        self.threads: set[str] = set()
        self.painted: list[TileAddress] = []
        self.began = threading.Event()

    def render(self, address: TileAddress) -> QImage:
        self.began.set()
        if self.gate is not None:
            self.gate.wait(10)
        self.threads.add(threading.current_thread().name)
        self.painted.append(address)
        image = QImage(TILE, TILE, QImage.Format.Format_RGB32)
        image.fill(QColor(self.colour))
        return image


class Broken:
    def __init__(self) -> None:
        self.asked = 0

    def render(self, address: TileAddress) -> QImage:
        self.asked += 1
        raise ValueError("a damaged tile")


@pytest.fixture
def made(qapp: QApplication) -> Iterator[list[Tiles]]:
    found: list[Tiles] = []
    yield found
    for each in found:
        each.close()
        each.deleteLater()


@pytest.fixture
def tiles_of(made: list[Tiles]) -> Callable[[GroundRenderer], Tiles]:
    def make(renderer: GroundRenderer) -> Tiles:
        made.append(Tiles(lambda: renderer))
        return made[-1]

    return make


def shown(
    ground: Ground, view: Viewport = VIEW, target: Viewport | None = None, ratio: float = 1.0
) -> tuple[Pixels, bool]:
    width, height = round(view.width * ratio), round(view.height * ratio)
    image = QImage(width, height, QImage.Format.Format_RGB32)
    image.fill(QColor("magenta"))
    painter = QPainter(image)
    done = ground.paint(painter, view, ratio, LAND, target or view)
    painter.end()
    pixels = np.frombuffer(image.constBits(), dtype=np.uint8).reshape(height, width, 4)
    return pixels[:, :, 2::-1].copy(), done


def all_of(pixels: Pixels, colour: str) -> bool:
    wanted = QColor(colour)
    return bool((pixels == (wanted.red(), wanted.green(), wanted.blue())).all())


@pytest.mark.parametrize("ratio", [1.0, 1.5, 2.0])
@pytest.mark.parametrize("zoom", [8.0, 12.25, 14.0, 21.0])
def test_the_tiles_of_a_view_cover_it_and_no_more(zoom: float, ratio: float) -> None:
    view = Viewport(x=CENTER[0], y=CENTER[1], zoom=zoom, width=1000, height=700)
    found = covering(view, round(zoom * 4), ratio)
    west, south, east, north = view.bounds
    edges = np.array([it.bounds for it in found])
    assert edges[:, 0].min() <= west and edges[:, 1].min() <= south
    assert edges[:, 2].max() >= east and edges[:, 3].max() >= north
    assert ((edges[:, 0] < east) & (edges[:, 2] > west) & (edges[:, 1] < north) & (edges[:, 3] > south)).all()
    assert len(set(found)) == len(found)
    assert found[0].bounds[0] <= CENTER[0] + 300 * view.resolution


def test_missing_ground_is_land_then_tiles_painted_on_another_thread(
    tiles_of: Callable[..., Tiles], wait_until: Wait
) -> None:
    paint = Paint("#ff0000", threading.Event())
    ground = Ground(tiles_of(paint))
    pixels, done = shown(ground)
    assert all_of(pixels, "#00ff00") and not done
    paint.gate.set()  # type: ignore[union-attr]
    wait_until(lambda: shown(ground)[1])
    assert all_of(shown(ground)[0], "#ff0000")
    assert paint.threads == {"tiles"}


def test_no_tile_is_painted_twice(tiles_of: Callable[..., Tiles], wait_until: Wait) -> None:
    paint = Paint("#ff0000")
    ground = Ground(tiles_of(paint))
    wait_until(lambda: shown(ground)[1])
    for _ in range(5):
        shown(ground)
    assert len(paint.painted) == len(set(paint.painted)) == len(covering(VIEW, 56, 1.0))


def test_while_tiles_are_missing_the_last_ground_is_shown_scaled(
    tiles_of: Callable[..., Tiles], wait_until: Wait
) -> None:
    paint = Paint("#ff0000")
    ground = Ground(tiles_of(paint))
    wait_until(lambda: shown(ground)[1])
    paint.colour, paint.gate = "#0000ff", threading.Event()
    closer = VIEW.zoomed(14.5, 150, 100)
    pixels, done = shown(ground, closer)
    assert all_of(pixels, "#ff0000") and not done
    paint.gate.set()
    wait_until(lambda: shown(ground, closer)[1])
    assert all_of(shown(ground, closer)[0], "#0000ff")


@pytest.mark.parametrize("ratio", [1.0, 1.25, 1.5, 2.0])
def test_scaled_tiles_leave_no_seam(tiles_of: Callable[..., Tiles], wait_until: Wait, ratio: float) -> None:
    ground = Ground(tiles_of(Paint("#ff0000")))
    view = Viewport(x=CENTER[0], y=CENTER[1], zoom=14.0, width=900, height=700)
    wait_until(lambda: shown(ground, view, ratio=ratio)[1])
    for zoom in (14.013, 14.11, 14.37, 14.9):
        pixels, _ = shown(ground, view.zoomed(zoom, 333, 222), view, ratio)
        assert all_of(pixels, "#ff0000")


def test_on_the_way_to_a_closer_view_its_tiles_are_asked_for(tiles_of: Callable[..., Tiles]) -> None:
    tiles = tiles_of(Paint("#ff0000", threading.Event()))
    asked: list[TileAddress] = []
    tiles.want = lambda addresses: bool(asked.extend(addresses))  # type: ignore[method-assign, func-returns-value]
    target = VIEW.panned(5000, 0).zoomed(19.0, 150, 100)
    assert not shown(Ground(tiles), VIEW, target)[1]
    assert set(asked) == set(covering(target, 76, 1.0))
    tiles._make_renderer().gate.set()  # type: ignore[attr-defined]


def test_an_invalid_ground_stays_until_the_new_is_there(
    tiles_of: Callable[..., Tiles], wait_until: Wait
) -> None:
    tiles = tiles_of(Paint("#ff0000"))
    ground = Ground(tiles)
    wait_until(lambda: shown(ground)[1])
    other = Paint("#0000ff", threading.Event())
    tiles.invalidate(lambda: other)
    pixels, done = shown(ground)
    assert all_of(pixels, "#ff0000") and not done
    other.gate.set()  # type: ignore[union-attr]
    wait_until(lambda: shown(ground)[1])
    assert all_of(shown(ground)[0], "#0000ff")


def test_a_forgotten_ground_does_not_come_back_from_the_brush(
    tiles_of: Callable[..., Tiles], wait_until: Wait
) -> None:
    old = Paint("#ff0000", threading.Event())
    tiles = tiles_of(old)
    ground = Ground(tiles)
    shown(ground)
    assert old.began.wait(10)
    new = Paint("#0000ff", threading.Event())
    tiles.forget()
    tiles.invalidate(lambda: new)
    heard: list[int] = []
    tiles.ready.connect(lambda: heard.append(1))
    old.gate.set()  # type: ignore[union-attr]
    wait_until(lambda: heard)
    assert all_of(shown(ground)[0], "#00ff00")
    new.gate.set()  # type: ignore[union-attr]
    wait_until(lambda: shown(ground)[1])


def test_a_damaged_tile_is_land_and_is_not_tried_over_and_over(
    tiles_of: Callable[..., Tiles], wait_until: Wait
) -> None:
    broken = Broken()
    tiles = tiles_of(broken)
    told: list[str] = []
    tiles.trouble.connect(told.append)
    ground = Ground(tiles)
    wait_until(lambda: shown(ground)[1])
    for _ in range(5):
        pixels, done = shown(ground)
    assert all_of(pixels, "#00ff00") and done
    assert broken.asked == len(covering(VIEW, 56, 1.0))
    wait_until(lambda: told)
    assert told == ["a damaged tile"]
    tiles.invalidate(lambda: Paint("#ff0000"))
    wait_until(lambda: shown(ground)[1])
    assert all_of(shown(ground)[0], "#ff0000")


def test_a_ground_that_cannot_be_opened_leaves_a_map_without_one(made: list[Tiles], wait_until: Wait) -> None:
    def refuse() -> GroundRenderer:
        raise OSError("no such package")

    told: list[str] = []
    made.append(Tiles(refuse))
    made[0].trouble.connect(told.append)
    ground = Ground(made[0])
    wait_until(lambda: shown(ground)[1])
    assert all_of(shown(ground)[0], "#00ff00")
    wait_until(lambda: told)
    assert told == ["no such package"]


def test_what_is_kept_is_bounded(tiles_of: Callable[..., Tiles], wait_until: Wait) -> None:
    tiles = tiles_of(Paint("#ff0000"))
    ground = Ground(tiles)
    for step in range(30):
        view = VIEW.panned(600 * step, 0)
        wait_until(lambda view=view: shown(ground, view)[1])
    assert len(tiles._kept) <= KEPT


def test_closing_stops_the_thread_even_while_it_paints(qapp: QApplication) -> None:
    paint = Paint("#ff0000", threading.Event())
    tiles = Tiles(lambda: paint)
    thread = tiles._thread
    tiles.want(covering(VIEW, 56, 1.0))
    paint.gate.set()  # type: ignore[union-attr]
    tiles.close()
    assert not thread.is_alive()
    assert len(paint.painted) <= len(covering(VIEW, 56, 1.0))
    tiles.deleteLater()
