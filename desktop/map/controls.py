"""Mouse, wheel, touch and keyboard on the map."""

from __future__ import annotations

from typing import TYPE_CHECKING

from qtpy.QtCore import QEvent, QObject, QPoint, QPointF, Qt, QTimer
from qtpy.QtGui import QContextMenuEvent, QKeyEvent, QMouseEvent, QNativeGestureEvent, QWheelEvent
from qtpy.QtWidgets import QGestureEvent, QPinchGesture

if TYPE_CHECKING:
    from desktop.map.canvas import Canvas

DRAG_PX = 4
WHEEL_NOTCH = 120.0
WHEEL_STEP = 0.5
"""Zoom levels a notch of the wheel."""
KEY_PAN_PX = 160
HOVER_MS = 80
"""After the map or its objects moved under a pointer that did not, for this long, it is looked up again."""
REST_MS = 160
"""After a pinch or a fine wheel, the map settles on a resting zoom once it is left alone for this long."""


class Controls(QObject):
    """Turns events of a canvas into moves, hovers and selections."""

    def __init__(self, canvas: Canvas) -> None:
        super().__init__(canvas)
        self._canvas = canvas
        self._pressed: QPointF | None = None
        self._last = QPointF()
        self._dragging = False
        self._fine = 0.0
        self._rest = QTimer(self, interval=REST_MS, singleShot=True)
        self._rest.timeout.connect(canvas.come_to_rest)
        self._pointer: tuple[float, float] | None = None
        self._again = QTimer(self, interval=HOVER_MS, singleShot=True)
        self._again.timeout.connect(self._hover)
        canvas.view_changed.connect(self._moved_under)
        canvas.hub.ticked.connect(self._moved_under)
        canvas.grabGesture(Qt.GestureType.PinchGesture)
        canvas.installEventFilter(self)

    def eventFilter(self, watched: QObject | None, event: QEvent | None) -> bool:
        """Handle an event of the canvas; True when it was one of ours."""
        if isinstance(event, QWheelEvent):
            return self._wheel(event)
        if isinstance(event, QMouseEvent):
            return self._mouse(event)
        if isinstance(event, QKeyEvent) and event.type() == QEvent.Type.KeyPress:
            return self._key(event)
        if isinstance(event, QContextMenuEvent):
            self._context(event)
            return True
        if isinstance(event, QGestureEvent):
            return self._pinch(event)
        if isinstance(event, QNativeGestureEvent):
            return self._native(event)
        if event is not None and event.type() == QEvent.Type.Leave:
            self._pointer = None
            self._canvas.point_at(None, None)
            self._canvas.cursor_moved.emit(None)
        return False

    def _moved_under(self, _: object) -> None:
        if self._pointer is not None:
            self._again.start()

    def _hover(self) -> None:
        """Show what is under the pointer."""
        canvas, where = self._canvas, self._pointer
        if where is None or self._pressed is not None:
            return
        key = canvas.object_at(*where)
        canvas.point_at(where, key)
        clickable = key is not None or bool(canvas.on_cluster(*where))
        canvas.setCursor(Qt.CursorShape.PointingHandCursor if clickable else Qt.CursorShape.ArrowCursor)

    def _wheel(self, event: QWheelEvent) -> bool:
        at = (event.position().x(), event.position().y())
        # A touchpad's scroll has phases; X11 gives pixels for wheels too.
        touchpad = event.phase() != Qt.ScrollPhase.NoScrollPhase and not event.pixelDelta().isNull()
        if not touchpad or event.modifiers() & Qt.KeyboardModifier.ControlModifier:
            self._fine += event.angleDelta().y() / WHEEL_NOTCH * WHEEL_STEP
            steps = round(self._fine * 4) / 4
            if steps:
                self._fine -= steps
                self._canvas.zoom_by(steps, at)
        else:
            self._canvas.pan_by(event.pixelDelta().x(), event.pixelDelta().y())
            self._rest.start()
        return True

    def _mouse(self, event: QMouseEvent) -> bool:
        kind, position = event.type(), event.position()
        if kind == QEvent.Type.MouseButtonPress and event.button() in (
            Qt.MouseButton.LeftButton,
            Qt.MouseButton.MiddleButton,
        ):
            self._canvas.setFocus()
            self._pressed = self._last = position
            self._dragging = False
        elif kind == QEvent.Type.MouseMove:
            if not event.buttons():
                self._pressed, self._dragging = None, False  # let go where the map did not see it
            self._move(position)
        elif kind == QEvent.Type.MouseButtonRelease and self._pressed is not None:
            self._release(event)
        elif kind == QEvent.Type.MouseButtonDblClick and event.button() == Qt.MouseButton.LeftButton:
            self._double(position)
        else:
            return False
        return True

    def _move(self, position: QPointF) -> None:
        canvas = self._canvas
        canvas.cursor_moved.emit(canvas.view.to_map(position.x(), position.y()))
        self._pointer = (position.x(), position.y())
        if self._pressed is None:
            self._hover()
            return
        if not self._dragging:
            if (position - self._pressed).manhattanLength() < DRAG_PX:
                return
            self._dragging = True
            canvas.point_at(None, None)
            canvas.setCursor(Qt.CursorShape.ClosedHandCursor)
        step = position - self._last
        self._last = position
        canvas.pan_by(step.x(), step.y())

    def _release(self, event: QMouseEvent) -> None:
        self._pressed = None
        if self._dragging:
            self._dragging = False
            self._canvas.setCursor(Qt.CursorShape.ArrowCursor)
            self._canvas.come_to_rest()
        elif event.button() == Qt.MouseButton.LeftButton:
            self._click(event)

    def _click(self, event: QMouseEvent) -> None:
        canvas, where = self._canvas, (event.position().x(), event.position().y())
        key = canvas.object_at(*where)
        if key is not None:
            if event.modifiers() & Qt.KeyboardModifier.ControlModifier:
                canvas.selection.toggle(key)
            else:
                canvas.selection.set([key])
            return
        found = canvas.cluster_at(*where)
        if found:
            canvas.open_cluster(found, where, event.globalPosition().toPoint())
        elif not event.modifiers() & Qt.KeyboardModifier.ControlModifier:
            canvas.selection.clear()

    def _double(self, position: QPointF) -> None:
        where = (position.x(), position.y())
        key = self._canvas.object_at(*where)
        if key is not None:
            self._canvas.activated.emit(key)
        else:
            self._canvas.zoom_by(1.0, where)

    def _key(self, event: QKeyEvent) -> bool:
        canvas, key = self._canvas, event.key()
        moves = {
            Qt.Key.Key_Left: (KEY_PAN_PX, 0),
            Qt.Key.Key_Right: (-KEY_PAN_PX, 0),
            Qt.Key.Key_Up: (0, KEY_PAN_PX),
            Qt.Key.Key_Down: (0, -KEY_PAN_PX),
        }
        plain = not event.modifiers() & ~Qt.KeyboardModifier.KeypadModifier
        if key in moves and plain:
            canvas.pan_by(*moves[Qt.Key(key)], animated=True)
        elif key in (Qt.Key.Key_Plus, Qt.Key.Key_Equal):
            canvas.zoom_by(WHEEL_STEP)
        elif key == Qt.Key.Key_Minus:
            canvas.zoom_by(-WHEEL_STEP)
        elif key == Qt.Key.Key_Home and plain:
            canvas.fit_home()
        elif key == Qt.Key.Key_Escape and len(canvas.selection):
            canvas.selection.clear()
        elif key in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and canvas.selection.current is not None:
            canvas.activated.emit(canvas.selection.current)
        else:
            return False
        return True

    def _context(self, event: QContextMenuEvent) -> None:
        at: QPoint = event.pos()
        self._canvas.context_requested.emit(self._canvas.object_at(at.x(), at.y()), event.globalPos())

    def _pinch(self, event: QGestureEvent) -> bool:
        gesture = event.gesture(Qt.GestureType.PinchGesture)
        if not isinstance(gesture, QPinchGesture):
            return False
        at = self._canvas.mapFromGlobal(gesture.centerPoint().toPoint())
        self._scale(gesture.scaleFactor(), QPointF(at))
        return True

    def _native(self, event: QNativeGestureEvent) -> bool:
        if event.gestureType() != Qt.NativeGestureType.ZoomNativeGesture:
            return False
        self._scale(1.0 + event.value(), event.position())
        return True

    def _scale(self, factor: float, at: QPointF) -> None:
        self._canvas.scale_by(factor, (at.x(), at.y()))
        self._rest.start()
