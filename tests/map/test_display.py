"""What the operator chose to see, and how it is drawn at any density of screen and in both themes."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pytest
from qtpy.QtGui import QImage, QPainter
from qtpy.QtWidgets import QApplication

from desktop.map.annotations import Occupancy
from desktop.map.atlas import Atlas
from desktop.map.badges import cluster_radius, short_count
from desktop.map.display import Display
from desktop.map.selection import Selection
from desktop.map.theme import load_theme
from layers import load_layers
from tests.map.scene import Pixels, Scene, key, near
from tests.map.town import HIGH, LAYERS, LOW, NORMAL, reporting, table

MakeScene = Callable[..., Scene]


def test_choices_are_told_once_and_only_when_they_change() -> None:
    display = Display(LAYERS)
    changed: list[str] = []
    filtered: list[str] = []
    display.changed.connect(changed.append)
    display.filter_changed.connect(filtered.append)
    for _ in range(2):
        display.set_visible("lamps", False)
        display.set_opacity("lamps", 7.0)
        display.set_opacity("shops", -1.0)
        display.set_conditions("shops", (("name", "=", "x"),))
        display.set_commune("21231")
    assert changed == ["lamps", "shops", "shops"]
    assert filtered == ["shops", ""]
    assert (display.of("lamps").opacity, display.of("shops").opacity) == (1.0, 0.0)
    assert display.conditions("shops") == (("name", "=", "x"), ("commune", "=", "21231"))
    display.set_commune(None)
    assert display.conditions("lamps") == ()


def test_a_selection_is_an_ordered_set() -> None:
    selection = Selection()
    told: list[int] = []
    selection.changed.connect(lambda: told.append(1))
    selection.set([key("lamps", 1), key("lamps", 2), key("lamps", 1)])
    selection.set([key("lamps", 1), key("lamps", 2)])
    assert len(told) == 1
    assert selection.current == key("lamps", 2)
    selection.toggle(key("lamps", 1))
    selection.toggle(key("lamps", 1))
    assert selection.current == key("lamps", 1)
    assert key("lamps", 2) in selection and len(selection) == 2
    selection.clear()
    selection.clear()
    assert len(told) == 4
    assert selection.current is None


@pytest.mark.parametrize("name", ["lamps", "shops", "posts", "cars"])
def test_a_faded_layer_lets_the_ground_through(scene: Scene, name: str) -> None:
    made = table(name, [(0, 0)], [HIGH])
    if made.definition.is_live:
        reporting(made)
    if made.definition.moving:
        made.heading[:] = 45.0
    scene.put(made)
    scene.look(17.0)
    land = scene.colour("land")
    loud = scene.around(0, 0, 16)
    assert near(loud, scene.colour("p1")) > 100
    for opacity in (0.4, 0.0):
        scene.display.set_opacity(name, opacity)
        scene.settle()
        assert near(scene.around(0, 0, 16), scene.colour("p1")) == 0
    assert near(scene.around(0, 0, 10), land, 2) == 400


def test_wedges_go_with_their_layer(make_scene: MakeScene) -> None:
    layers = load_layers()
    scene = make_scene(layers)
    made = table("cameras", [(0, 0)], ids=["c"], layer=layers["cameras"])
    facts = {"c": {"bearing": 90.0, "view_angle": 60.0, "view_range": 60.0}}
    scene.put(reporting(made), facts=facts)
    scene.look(17.0)

    def beside() -> Pixels:
        return scene.around(22, 0, 4)

    land = scene.colour("land")
    assert near(beside(), land, 3) < 20
    scene.hide("cameras", np.array([False]))
    assert near(beside(), land, 3) == 64
    scene.hide("cameras", None)
    assert near(beside(), land, 3) < 20
    scene.display.set_visible("cameras", False)
    scene.settle()
    assert near(beside(), land, 3) == 64


def test_a_sprite_keeps_its_shape_at_any_pixel_offset(make_scene: MakeScene) -> None:
    """Symbols stand on whole pixels: a plate never looks different from its neighbour."""
    for ratio in (1.0, 1.5, 2.0):
        scene = make_scene(ratio=ratio)
        scene.put(table("posts", [(-60.3, 0.4), (0.0, 0.0), (60.7, 0.9)], [HIGH] * 3))
        scene.look(17.0)
        frame = scene.canvas.frame
        assert frame is not None
        seen = []
        page = scene.pixels()
        half = int(9 * ratio)
        for x, y in frame.symbols.places:
            side = np.ceil(34 * ratio)
            left, top = (int(np.floor(it - side / 2 + 0.5) + side // 2) for it in (x, y))
            seen.append(page[top - half : top + half, left - half : left + half])
        assert (seen[0] == seen[1]).all() and (seen[1] == seen[2]).all()
        assert near(seen[0], scene.colour("p1"), 4) > 100 * ratio * ratio


@pytest.mark.parametrize("ratio", [1.0, 1.25, 1.5, 2.0])
def test_symbols_have_their_size_and_place_at_any_density(make_scene: MakeScene, ratio: float) -> None:
    scene = make_scene(ratio=ratio)
    scene.put(table("posts", [(50, -30)], [HIGH]))
    scene.look(16.0)
    red = np.abs(scene.pixels().astype(int) - scene.colour("p1")).max(axis=2) < 30
    rows, columns = np.flatnonzero(red.any(axis=1)) / ratio, np.flatnonzero(red.any(axis=0)) / ratio
    assert columns.max() - columns.min() == pytest.approx(20, abs=1.5)
    x, y = scene.at(50, -30)
    assert (columns.max() + columns.min()) / 2 == pytest.approx(x, abs=1)
    assert (rows.max() + rows.min()) / 2 == pytest.approx(y, abs=1)
    assert scene.canvas.object_at(x, y) == key("posts", 0)
    assert scene.canvas.object_at(x + 9, y) == key("posts", 0)
    assert scene.canvas.object_at(x + 16, y) is None
    scene.click((x, y))
    assert scene.selection.keys == (key("posts", 0),)


@pytest.mark.parametrize("ratio", [1.0, 1.5, 2.0])
def test_clusters_are_hit_at_any_density(make_scene: MakeScene, ratio: float) -> None:
    scene = make_scene(ratio=ratio)
    scene.put(reporting(table("lamps", np.random.default_rng(1).uniform(-3, 3, (30, 2)))))
    scene.look(11.0, east=4000)
    assert len(scene.canvas.cluster_at(*scene.at(0, 0))) == 30
    x, y = scene.at(0, 0)
    assert scene.canvas.cluster_at(x + 40, y) == []
    ring = scene.around(0, 0, 24)
    assert near(ring, scene.colour("normal"), 60) > 30 * ratio


def test_another_density_is_drawn_anew(scene: Scene) -> None:
    scene.put(table("posts", [(0, 0)], [HIGH]))
    scene.look(16.0)
    once = near(scene.around(0, 0), scene.colour("p1"))
    scene.canvas.density = 2.0
    assert near(scene.around(0, 0), scene.colour("p1")) == pytest.approx(4 * once, rel=0.25)


def test_another_theme_is_drawn_at_once(scene: Scene) -> None:
    scene.put(table("posts", [(0, 0)], [LOW]))
    scene.look(16.0)
    dark = scene.colour("land")
    scene.canvas.set_theme(load_theme("light"))
    scene.settle()
    page = scene.pixels()
    assert near(page, dark, 2) == 0
    assert near(page, scene.colour("land"), 2) > 640 * 400
    assert near(scene.around(0, 0), scene.colour("p3")) > 10


@pytest.mark.parametrize("theme", ["dark", "light"])
@pytest.mark.parametrize("ratio", [1.0, 1.5])
def test_every_sprite_of_every_layer_is_in_the_atlas(qapp: QApplication, theme: str, ratio: float) -> None:
    layers = load_layers()
    atlas = Atlas(layers, load_theme(theme), ratio)
    image = atlas.pixmap.toImage().convertToFormat(QImage.Format.Format_ARGB32)
    alpha = np.frombuffer(image.constBits(), dtype=np.uint8).reshape(image.height(), image.width(), 4)[
        :, :, 3
    ]
    assert len(atlas.rects)
    taken = np.zeros(alpha.shape, dtype=bool)
    for left, top, width, height in atlas.rects.astype(int).tolist():
        piece = (slice(top, top + height), slice(left, left + width))
        assert alpha[piece].shape == (height, width)
        assert alpha[piece].any()
        assert not taken[piece].any()
        taken[piece] = True


@pytest.mark.parametrize(
    ("count", "text"),
    [
        (2, "2"),
        (999, "999"),
        (1000, "1k"),
        (1250, "1,2k"),
        (9999, "9,9k"),
        (34_000, "34k"),
        (1_200_000, "1M"),
    ],
)
def test_counts_are_short(count: int, text: str) -> None:
    assert short_count(count, ",") == text
    assert len(text) <= 4


def test_bigger_clusters_are_bigger_and_bounded() -> None:
    sizes = [cluster_radius(10**power) for power in range(8)]
    assert sizes == sorted(sizes)
    assert max(sizes) <= 23


def test_a_rectangle_is_free_until_something_covers_it() -> None:
    taken = Occupancy(200, 100)
    assert taken.is_free(20, 20, 60, 40)
    taken.cover(50, 30, 55, 35)
    assert not taken.is_free(20, 20, 60, 40)
    assert taken.is_free(70, 20, 110, 40)
    assert not taken.is_free(150, 20, 210, 40)
    assert not taken.is_free(-5, 20, 40, 40)
    taken.cover(-50, -50, 500, 500)
    assert not taken.is_free(0, 0, 5, 5)


def labelled(scene: Scene, east: float, north: float = 0.0) -> Pixels:
    """Where something was written, for a post in trouble at a place."""
    scene.put(table("posts", [(east, north)], [HIGH], labels=["Poste de la Liberté"]))
    scene.look(16.0)
    with_label = scene.pixels()
    scene.put(table("posts", [(east, north)], [HIGH], labels=[" "]))
    scene.look(16.0)
    return (with_label != scene.pixels()).any(axis=2)


@pytest.mark.parametrize("side", [-1, 1])
def test_a_label_is_not_cut_off_by_the_edge_of_the_map(scene: Scene, side: int) -> None:
    half = 310 * scene.canvas.view.zoomed(16.0, 0, 0).resolution
    written = labelled(scene, side * half)
    columns = np.flatnonzero(written.any(axis=0))
    assert columns.max() - columns.min() > 60
    assert columns.min() > 0 and columns.max() < 639


@pytest.mark.parametrize("side", [-1, 1])
def test_a_label_without_room_beside_its_symbol_is_pushed_onto_the_map(scene: Scene, side: int) -> None:
    pixel = scene.canvas.view.zoomed(16.0, 0, 0).resolution
    where = [(side * at * pixel, 0) for at in (310, 270)]
    pages = []
    for name in ("Poste de la Liberté, rue de la Liberté", " "):
        scene.put(table("posts", where, [HIGH, HIGH], labels=[name, " "]))
        scene.look(16.0)
        pages.append(scene.pixels())
    columns = np.flatnonzero((pages[0] != pages[1]).any(axis=(0, 2)))
    assert columns.max() - columns.min() > 150
    assert columns.min() >= 0 and columns.max() <= 639


def test_symbols_are_painted_without_any_index_yet(scene: Scene) -> None:
    scene.put(reporting(table("cars", [(0, 0)], [HIGH])), table("posts", [(100, 0)], [NORMAL]))
    image = QImage(640, 480, QImage.Format.Format_RGB32)
    painter = QPainter(image)
    scene.canvas.paint_view(painter)
    painter.end()
    assert set(scene.drawn("cars")) == {"cars-0"}
    assert not scene.drawn("posts")
    assert not scene.canvas.complete
