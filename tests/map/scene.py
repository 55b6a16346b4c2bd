"""A real map on a made-up town, and the hand, the wheel and the eye of whoever looks at it."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping

import numpy as np
from numpy.typing import NDArray
from qtpy.QtCore import QEvent, QObject, QPoint, QPointF, Qt, Signal
from qtpy.QtGui import QColor, QImage, QMouseEvent, QPainter, QWheelEvent
from qtpy.QtTest import QTest
from qtpy.QtWidgets import QApplication

from desktop.map.canvas import Canvas
from desktop.map.display import Display
from desktop.map.ground import GroundSource
from desktop.map.selection import Selection
from desktop.map.theme import load_theme
from desktop.map.viewport import Viewport
from desktop.panels.look import SANS
from desktop.work.assets import LayerTable
from desktop.work.picture import Changes, ObjectKey, Picture
from layers.definition import LayerDefinition
from tests.map.town import CENTER, LAYERS, NOW

Pixels = NDArray[np.uint8]
PATIENCE_S = 10.0
NO_MODIFIER = Qt.KeyboardModifier.NoModifier
SIZE = (640, 480)


class News(QObject):
    """The part of the hub that a map listens to."""

    changed = Signal(object)
    ticked = Signal(float)
    failed = Signal(str)

    def __init__(self, picture: Picture) -> None:
        super().__init__()
        self.picture = picture


class Sharp(Canvas):
    """A canvas on a screen of any density."""

    density = 1.0

    def devicePixelRatioF(self) -> float:
        return self.density


class Scene:
    """One canvas, shown off screen, 640 by 480 logical pixels."""

    def __init__(
        self,
        layers: Mapping[str, LayerDefinition] = LAYERS,
        *,
        theme: str = "dark",
        ratio: float = 1.0,
        reduced_motion: bool = True,
    ) -> None:
        self.picture = Picture(layers)
        self.hub = News(self.picture)
        self.display, self.selection = Display(layers), Selection()
        self.canvas = Sharp(
            self.hub,  # type: ignore[arg-type]
            self.display,
            self.selection,
            load_theme(theme),
            GroundSource(None, SANS),
            family=SANS,
            locale="en",
            reduced_motion=reduced_motion,
        )
        self.canvas.density = ratio
        self.canvas.resize(*SIZE)
        self.canvas.show()

    def close(self) -> None:
        self.canvas.close_threads()
        self.canvas.close()
        self.canvas.deleteLater()

    def put(self, *tables: LayerTable, facts: Mapping[str, Mapping[str, object]] | None = None) -> None:
        """Hand tables over, without waiting for what is made of them."""
        for each in tables:
            self.hub.changed.emit(self.picture.replace(each, facts or {}, NOW))

    def tell(self, *messages: object, now: float = NOW) -> None:
        """News from the feed."""
        self.hub.changed.emit(self.picture.apply(messages, now))

    def hide(self, name: str, mask: NDArray[np.bool_] | None) -> None:
        """Filter a layer: True is shown."""
        self.picture.tables[name].mask = mask
        self.picture.tables[name].touch()
        self.hub.changed.emit(Changes(filtered=frozenset({name})))

    def look(self, zoom: float, east: float = 0.0, north: float = 0.0) -> None:
        """Look at a place, in metres from the centre of the town, and wait for the picture."""
        x, y = CENTER[0] + east, CENTER[1] + north
        self.canvas.show_view(
            Viewport(x=x, y=y, zoom=zoom, width=self.canvas.width(), height=self.canvas.height())
        )
        self.settle()

    def settle(self) -> None:
        """Wait until all there is to show is shown, and no cluster is being counted again."""
        self.wait(lambda: self.canvas.complete)
        self.canvas.repaint()
        self.wait(lambda: self.canvas.complete)

    def wait(self, condition: Callable[[], object]) -> None:
        deadline = time.monotonic() + PATIENCE_S
        while not condition():
            assert time.monotonic() < deadline, "it takes too long"
            QApplication.processEvents()
            time.sleep(0.001)

    def recount(self) -> None:
        """Wait until the clusters on the map are counted from what holds now."""
        indexer = self.canvas._indexer

        def counted() -> bool:
            self.canvas.repaint()
            pyramid, frame = indexer.pyramid, self.canvas.frame
            assert pyramid is not None and indexer.index is not None and frame is not None
            known = dict(pyramid._known).values()
            return (
                frame.gathered.clusters is None or (indexer.index.version, frame.gathered.clusters) in known
            )

        self.wait(counted)

    def pixels(self) -> Pixels:
        """What is on the map now: device pixels, (height, width, 3) red, green, blue."""
        canvas = self.canvas
        ratio = canvas.density
        image = QImage(
            round(canvas.width() * ratio), round(canvas.height() * ratio), QImage.Format.Format_RGB32
        )
        image.setDevicePixelRatio(ratio)
        image.fill(QColor("magenta"))
        painter = QPainter(image)
        canvas.paint_view(painter)
        painter.end()
        raw = np.frombuffer(image.constBits(), dtype=np.uint8).reshape(image.height(), image.width(), 4)
        return raw[:, :, 2::-1].copy()

    def at(self, east: float, north: float) -> tuple[float, float]:
        """The logical pixel of a place."""
        return self.canvas.view.to_screen(CENTER[0] + east, CENTER[1] + north)

    def around(self, east: float, north: float, reach: int = 12) -> Pixels:
        """The pixels about a place."""
        x, y = (round(it * self.canvas.density) for it in self.at(east, north))
        reach = round(reach * self.canvas.density)
        return self.pixels()[max(0, y - reach) : y + reach, max(0, x - reach) : x + reach]

    def colour(self, token: str) -> tuple[int, int, int]:
        found = self.canvas.theme.color(token)
        return found.red(), found.green(), found.blue()

    def move(self, at: tuple[float, float]) -> None:
        self.mouse(QEvent.Type.MouseMove, at)

    def mouse(
        self,
        kind: QEvent.Type,
        at: tuple[float, float],
        button: Qt.MouseButton = Qt.MouseButton.NoButton,
        held: Qt.MouseButton = Qt.MouseButton.NoButton,
    ) -> None:
        """Tell the map alone of the mouse, wherever its window lies among others."""
        where = QPointF(*at)
        globally = QPointF(self.canvas.mapToGlobal(where.toPoint()))
        QApplication.sendEvent(self.canvas, QMouseEvent(kind, where, globally, button, held, NO_MODIFIER))

    def drag(
        self,
        start: tuple[float, float],
        *ways: tuple[float, float],
        button: Qt.MouseButton = Qt.MouseButton.LeftButton,
    ) -> None:
        self.mouse(QEvent.Type.MouseButtonPress, start, button, button)
        for way in ways:
            self.mouse(QEvent.Type.MouseMove, way, held=button)
        self.mouse(QEvent.Type.MouseButtonRelease, ways[-1], button)

    def click(
        self,
        at: tuple[float, float],
        modifiers: Qt.KeyboardModifier = NO_MODIFIER,
        button: Qt.MouseButton = Qt.MouseButton.LeftButton,
    ) -> None:
        QTest.mouseClick(self.canvas, button, modifiers, QPoint(round(at[0]), round(at[1])))

    def double_click(self, at: tuple[float, float]) -> None:
        where = QPoint(round(at[0]), round(at[1]))
        QTest.mouseClick(self.canvas, Qt.MouseButton.LeftButton, NO_MODIFIER, where)
        QTest.mouseDClick(self.canvas, Qt.MouseButton.LeftButton, NO_MODIFIER, where)

    def wheel(
        self,
        at: tuple[float, float],
        angle: int,
        pixels: QPoint | None = None,
        phase: Qt.ScrollPhase = Qt.ScrollPhase.NoScrollPhase,
        modifiers: Qt.KeyboardModifier = NO_MODIFIER,
    ) -> None:
        where = QPointF(*at)
        event = QWheelEvent(
            where,
            QPointF(self.canvas.mapToGlobal(where.toPoint())),
            pixels or QPoint(),
            QPoint(0, angle),
            Qt.MouseButton.NoButton,
            modifiers,
            phase,
            False,
        )
        QApplication.sendEvent(self.canvas, event)

    def leave(self) -> None:
        QApplication.sendEvent(self.canvas, QEvent(QEvent.Type.Leave))

    def drawn(self, name: str) -> dict[str, int]:
        """The objects of a layer that have a symbol, and how many each stands for."""
        frame = self.canvas.frame
        assert frame is not None
        mine = frame.symbols.take(frame.symbols.layers == frame.names.index(name))
        made = self.picture.tables[name]
        return {made.id_of(row): n for row, n in zip(mine.rows.tolist(), mine.repeats.tolist(), strict=True)}

    def counted(self) -> int:
        """How many objects the clusters on the map say they hold."""
        frame = self.canvas.frame
        assert frame is not None
        return (
            0
            if frame.gathered.clusters is None
            else int(frame.gathered.clusters.count[frame.gathered.rows].sum())
        )


def key(name: str, row: int) -> ObjectKey:
    return ObjectKey(name, f"{name}-{row}")


def near(pixels: Pixels, colour: tuple[int, int, int], tolerance: int = 40) -> int:
    """How many pixels are about of a colour."""
    return int((np.abs(pixels.astype(int) - colour).max(axis=2) <= tolerance).sum())
