"""What lies over the map: scale bar, attribution, zoom buttons, the choice of a commune, north."""

from __future__ import annotations

import math
from collections.abc import Callable

from qtpy.QtCore import QEvent, QObject, QPointF, QRectF, QSize, Qt, Signal
from qtpy.QtGui import QColor, QPainter, QPaintEvent, QPen, QPolygonF
from qtpy.QtWidgets import QFrame, QMenu, QPushButton, QVBoxLayout, QWidget

from desktop.hub import Hub
from desktop.map.display import Display
from desktop.map.viewport import Viewport
from desktop.panels.icons import IconButton
from desktop.panels.look import BASE, SMALL, Look, elided, font
from desktop.panels.marks import paint_chevron
from desktop.panels.names import COMMUNES, commune_name
from desktop.panels.parts import bold

MARGIN = 12
LONGEST = 120.0
"""Pixels a scale bar may take."""
STEPS = (1.0, 2.0, 5.0)


def scale_length(ground_resolution: float, longest: float = LONGEST) -> tuple[float, float]:
    """The greatest 1-2-5 length that fits: (metres on the ground, pixels).

    `ground_resolution` is metres on the ground per pixel: the bar is right at the map's latitude.
    """
    room = longest * ground_resolution
    power = 10.0 ** math.floor(math.log10(room))
    metres = max(step * power for step in STEPS if step * power <= room)
    return metres, metres / ground_resolution


class Plate(QFrame):
    """A small panel over the map."""

    def __init__(self, look: Look, parent: QWidget) -> None:
        super().__init__(parent)
        self.setObjectName("plate")
        self.look = look
        look.changed.connect(self.update)


class ScaleBar(Plate):
    """A length on the ground, and north."""

    def __init__(self, look: Look, parent: QWidget) -> None:
        super().__init__(look, parent)
        self.metres, self.pixels = 1000.0, 80.0
        self.setFont(font(SMALL))

    def set_view(self, view: Viewport) -> None:
        """Measure at the centre of a view."""
        self.metres, self.pixels = scale_length(view.ground_resolution)
        self.setAccessibleName(self.look.words.distance(self.metres))
        self.setFixedSize(self.sizeHint())
        self.update()

    def sizeHint(self) -> QSize:
        text = self.fontMetrics().horizontalAdvance(self.look.words.distance(self.metres))
        return QSize(math.ceil(self.pixels) + text + 56, 28)

    def paintEvent(self, event: QPaintEvent) -> None:
        super().paintEvent(event)
        painter, theme = QPainter(self), self.look.theme
        y, left = self.height() / 2, 12.0
        painter.setPen(QPen(theme.normal, 1.0))
        right = left + round(self.pixels)
        corners = [(left, y - 3), (left, y + 2.5), (right, y + 2.5), (right, y - 3)]
        painter.drawPolyline(QPolygonF([QPointF(x + 0.5, round(dy) + 0.5) for x, dy in corners]))
        painter.setPen(theme.dim)
        text = self.look.words.distance(self.metres)
        painter.drawText(QRectF(right + 8, 0, 200, self.height()), Qt.AlignmentFlag.AlignVCenter, text)
        self._paint_north(painter, QPointF(self.width() - 15, y), theme.normal)
        painter.end()

    def _paint_north(self, painter: QPainter, center: QPointF, color: QColor) -> None:
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(QPen(color, 1.0))
        painter.setBrush(color)
        arrow = [(0, -7), (4, 6), (0, 3), (-4, 6)]
        painter.drawPolygon(QPolygonF([center + QPointF(x, y) for x, y in arrow]))


class Attribution(Plate):
    """Whose data the ground is."""

    def __init__(self, text: str, look: Look, parent: QWidget) -> None:
        super().__init__(look, parent)
        self.text = text
        self.setFont(font(SMALL))
        self.setAccessibleName(text)

    def sizeHint(self) -> QSize:
        return QSize(self.fontMetrics().horizontalAdvance(self.text) + 20, 28)

    def paintEvent(self, event: QPaintEvent) -> None:
        super().paintEvent(event)
        painter = QPainter(self)
        painter.setPen(self.look.theme.dim)
        text = elided(self.text, self.width() - 16, self.fontMetrics())
        painter.drawText(QRectF(self.rect()), Qt.AlignmentFlag.AlignCenter, text)
        painter.end()


class ZoomButtons(Plate):
    """Closer, farther, everything."""

    def __init__(
        self, look: Look, zoom_by: Callable[[float], object], fit: Callable[[], object], parent: QWidget
    ) -> None:
        super().__init__(look, parent)
        column = QVBoxLayout(self)
        column.setContentsMargins(2, 2, 2, 2)
        column.setSpacing(0)
        closer = IconButton("plus", self.tr("Zoom in (+)"), look, self)
        farther = IconButton("minus", self.tr("Zoom out (−)"), look, self)
        whole = IconButton("fit", self.tr("Whole territory (Home)"), look, self)
        closer.clicked.connect(lambda: zoom_by(1.0))
        farther.clicked.connect(lambda: zoom_by(-1.0))
        whole.clicked.connect(lambda: fit())
        for button in (closer, farther, whole):
            column.addWidget(button)


class CommuneChooser(QPushButton):
    """Which commune is shown, or the whole territory."""

    chosen = Signal(object)
    """An INSEE code, or None."""

    def __init__(self, hub: Hub, display: Display, look: Look, parent: QWidget) -> None:
        super().__init__(parent)
        self.setObjectName("chooser")
        self._hub, self._display, self._look = hub, display, look
        self.setFixedHeight(28)
        self.clicked.connect(self.open)
        display.filter_changed.connect(lambda _: self.refresh())
        hub.changed.connect(lambda changes: self.refresh() if COMMUNES in changes.replaced else None)
        look.changed.connect(self.update)
        self.refresh()

    def communes(self) -> list[tuple[str, str]]:
        """(name, INSEE code) of every commune, by name."""
        table = self._hub.picture.table(COMMUNES)
        if table is None:
            return []
        return sorted((table.label_of(row), table.id_of(row)) for row in range(len(table)))

    def refresh(self) -> None:
        """Write the choice again."""
        self.setAccessibleName(f"{self._title()} {self._detail()}".strip())
        self.setFixedWidth(self.sizeHint().width())
        self.update()
        parent = self.parentWidget()
        if parent is not None:
            self.move(MARGIN, MARGIN)

    def menu_of_communes(self) -> QMenu:
        """The menu of what can be shown."""
        menu = QMenu(self)
        self._entry(menu, self.tr("Whole territory"), None)
        menu.addSeparator()
        for name, code in self.communes():
            self._entry(menu, name, code)
        return menu

    def open(self) -> None:
        """Open the menu."""
        menu = self.menu_of_communes()
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        menu.popup(self.mapToGlobal(self.rect().bottomLeft()))

    def sizeHint(self) -> QSize:
        strong, plain = bold(BASE), font(BASE)
        self.setFont(strong)
        title = self.fontMetrics().horizontalAdvance(self._title())
        self.setFont(plain)
        rest = self.fontMetrics().horizontalAdvance(self.tr("Map") + self._detail())
        return QSize(title + rest + 54, 28)

    def paintEvent(self, event: QPaintEvent) -> None:
        super().paintEvent(event)
        painter, theme = QPainter(self), self._look.theme
        painter.setFont(font(BASE))
        painter.setPen(theme.dim)
        middle, height = Qt.AlignmentFlag.AlignVCenter, self.height()
        word = self.tr("Map")
        painter.drawText(QRectF(10, 0, 200, height), middle, word)
        left = 10 + painter.fontMetrics().horizontalAdvance(word) + 6
        paint_chevron(painter, QPointF(left + 3, height / 2 + 0.5), True, theme.dim)
        left += 14
        painter.setFont(bold(BASE))
        painter.setPen(theme.text)
        painter.drawText(QRectF(left, 0, 400, height), middle, self._title())
        left += painter.fontMetrics().horizontalAdvance(self._title()) + 8
        painter.setFont(font(BASE))
        painter.setPen(theme.dim)
        painter.drawText(QRectF(left, 0, 200, height), middle, self._detail())
        painter.end()

    def _entry(self, menu: QMenu, text: str, code: str | None) -> None:
        action = menu.addAction(text.replace("&", "&&"), lambda: self.chosen.emit(code))
        action.setCheckable(True)
        action.setChecked(code == self._display.commune)

    def _title(self) -> str:
        code = self._display.commune
        return self.tr("Whole territory") if code is None else commune_name(self._hub.picture, code)

    def _detail(self) -> str:
        count = len(self.communes())
        if self._display.commune is not None:
            return self.tr("the others are hidden")
        return self.tr("{0} communes").format(count) if count else ""


class Furniture(QObject):
    """Keeps the plates in the corners of the map."""

    def __init__(
        self,
        canvas: QWidget,
        hub: Hub,
        display: Display,
        look: Look,
        attribution: str,
        zoom_by: Callable[[float], object],
        fit: Callable[[], object],
    ) -> None:
        super().__init__(canvas)
        self._canvas = canvas
        self.covered = 0
        self.chooser = CommuneChooser(hub, display, look, canvas)
        self.buttons = ZoomButtons(look, zoom_by, fit, canvas)
        self.scale_bar = ScaleBar(look, canvas)
        self.attribution = Attribution(attribution, look, canvas)
        self.attribution.setVisible(bool(attribution))
        canvas.installEventFilter(self)
        self.place()

    def set_view(self, view: Viewport) -> None:
        """The map shows another place or scale."""
        self.scale_bar.set_view(view)
        self.place()

    def cover(self, width: int) -> None:
        """So many pixels at the right of the map are under another panel."""
        self.covered = width
        self.place()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() == QEvent.Type.Resize:
            self.place()
        return False

    def place(self) -> None:
        """Put every plate in its corner."""
        width, height = self._canvas.width() - self.covered, self._canvas.height()
        self.chooser.move(MARGIN, MARGIN)
        self.buttons.adjustSize()
        self.buttons.move(width - MARGIN - self.buttons.width(), MARGIN)
        self.scale_bar.move(MARGIN, height - MARGIN - self.scale_bar.height())
        hint = self.attribution.sizeHint()
        room = width - 3 * MARGIN - self.scale_bar.width()
        self.attribution.setFixedSize(max(40, min(hint.width(), room)), hint.height())
        self.attribution.move(
            width - MARGIN - self.attribution.width(), height - MARGIN - self.attribution.height()
        )
