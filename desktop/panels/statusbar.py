"""The bar under everything: how old what is shown is, where the pointer is, at which scale."""

from __future__ import annotations

from qtpy.QtCore import QPointF, QRectF, QSize, Qt, Signal
from qtpy.QtGui import QGuiApplication, QPainter, QPaintEvent
from qtpy.QtWidgets import QFrame, QHBoxLayout, QMenu, QSizePolicy, QToolButton, QWidget

from desktop.hub import Hub
from desktop.map.viewport import Viewport
from desktop.panels.look import SMALL, Look, font
from desktop.panels.marks import paint_quality
from desktop.panels.parts import plain_tip, text_label
from desktop.panels.places import SYSTEMS, place_text
from desktop.panels.sync_status import SyncStatus
from desktop.panels.wording import one_line
from desktop.work.picture import Source
from layers.model import Quality

HEIGHT = 28
SILENT_AFTER = 15.0
"""Seconds without a message after which a feed that says it is up is held to be uncertain."""
DPI = 96.0
"""Pixels per inch on which written scales rest, as on the web (OGC uses 0.28 mm; screens here are 96 dpi)."""


class SourceLabel(QWidget):
    """A freshness dot and a line about one source."""

    def __init__(self, look: Look, parent: QWidget) -> None:
        super().__init__(parent)
        self._look, self.text, self.quality = look, "", Quality.GOOD
        self.setFont(font(SMALL + 1))
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)

    def show_source(self, text: str, quality: Quality) -> None:
        """Say how the source is."""
        if (text, quality) == (self.text, self.quality):
            return
        self.text, self.quality = text, quality
        self.setAccessibleName(text)
        self.updateGeometry()
        self.update()

    def sizeHint(self) -> QSize:
        return QSize(self.fontMetrics().horizontalAdvance(self.text) + 16, HEIGHT - 1)

    def paintEvent(self, event: QPaintEvent) -> None:
        painter, theme = QPainter(self), self._look.theme
        good = self.quality is Quality.GOOD
        paint_quality(
            painter,
            self.quality,
            QPointF(5, self.height() / 2 + 0.5),
            3.6,
            theme.normal if good else theme.p3,
        )
        painter.setPen(theme.dim if good else theme.p3)
        box = QRectF(15, 0, self.width() - 15, self.height())
        painter.drawText(box, Qt.AlignmentFlag.AlignVCenter, self.text)
        painter.end()


class StatusBar(QFrame):
    """Sources, sync, coordinates and scale. Clicking the coordinates changes their system."""

    system_changed = Signal(str)

    def __init__(self, hub: Hub, look: Look, system: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("statusbar")
        self.setFixedHeight(HEIGHT)
        self._hub, self._look = hub, look
        self.system = system if system in SYSTEMS else SYSTEMS[0]
        self._place: tuple[float, float] | None = None
        self._center: tuple[float, float] | None = None
        row = QHBoxLayout(self)
        row.setContentsMargins(12, 0, 12, 0)
        row.setSpacing(20)
        self.registry = SyncStatus(hub, look, self)
        row.addWidget(self.registry)
        self._sources: dict[str, SourceLabel] = {}
        self._row = row
        row.addStretch(1)
        self.coordinates = QToolButton(self)
        self.coordinates.setObjectName("flat")
        self.coordinates.setFont(font(SMALL + 1))
        self.coordinates.setToolTip(self.tr("Change the coordinate system (right-click to choose or copy)"))
        self.coordinates.clicked.connect(self.next_system)
        self.coordinates.setContextMenuPolicy(Qt.ContextMenuPolicy.CustomContextMenu)
        self.coordinates.customContextMenuRequested.connect(
            lambda at: self._menu().popup(self.coordinates.mapToGlobal(at))
        )
        row.addWidget(self.coordinates)
        self.scale = text_label("", self, "status")
        self.scale.setFont(font(SMALL + 1))
        row.addWidget(self.scale)
        hub.ticked.connect(self.refresh)
        hub.changed.connect(lambda changes: self.refresh(hub.clock()) if changes.sources else None)
        self.refresh(hub.clock())

    def set_view(self, view: Viewport) -> None:
        """The map shows another place or scale."""
        self._center = (view.x, view.y)
        denominator = view.ground_resolution * DPI / 0.0254
        self.scale.setText(self._look.words.scale(denominator))
        self.scale.setAccessibleName(self.tr("Scale {0}").format(self.scale.text()))
        self._write_place()

    def set_cursor(self, place: tuple[float, float] | None) -> None:
        """The pointer is elsewhere (Web Mercator metres), or off the map: then the centre is told."""
        self._place = place
        self._write_place()

    def set_system(self, system: str) -> None:
        """Write coordinates in another system."""
        if system != self.system:
            self.system = system
            self._write_place()
            self.system_changed.emit(system)

    def next_system(self) -> None:
        """Write coordinates in the next system."""
        self.set_system(SYSTEMS[(SYSTEMS.index(self.system) + 1) % len(SYSTEMS)])

    def copy_place(self) -> None:
        """Put the coordinates on the clipboard."""
        QGuiApplication.clipboard().setText(self.coordinates.text())

    def refresh(self, now: float) -> None:
        """Write the ages again."""
        self.registry.refresh(now)
        for name, source in self._hub.picture.sources.items():
            if name == "registry":
                continue
            if name not in self._sources:
                label = SourceLabel(self._look, self)
                self._row.insertWidget(1 + len(self._sources), label)
                self._sources[name] = label
            self._sources[name].show_source(*self._feed_words(source, now))
            self._sources[name].setToolTip(plain_tip(self._feed_tip(source, now)))

    def source(self, name: str) -> SourceLabel:
        """The label of a source other than the registry."""
        return self._sources[name]

    def _feed_words(self, source: Source, now: float) -> tuple[str, Quality]:
        words = self._look.words
        title = self.tr("Feed") if source.name == "feed" else source.name
        if not source.up:
            if source.lost_at is None:
                return self.tr("{0} · not connected yet").format(title), Quality.BAD
            clock, elapsed = words.moment(source.lost_at, now), words.brief(now - source.lost_at)
            return self.tr("{0} · cut since {1} ({2})").format(title, clock, elapsed), Quality.BAD
        if not source.complete:
            return self.tr("{0} · resynchronising").format(title), Quality.UNCERTAIN
        if not source.last_message:
            return self.tr("{0} · connected, no message yet").format(title), Quality.UNCERTAIN
        if source.catching_up(now):
            return self.tr("{0} · catching up").format(title), Quality.UNCERTAIN
        silence, rate = now - source.last_message, source.rate(now)
        speed = words.number(round(rate)) if rate >= 10 else words.number(rate, 1)
        text = self.tr("{0} · {1} msg/s · {2}").format(title, speed, words.age(silence))
        return text, Quality.UNCERTAIN if silence > SILENT_AFTER else Quality.GOOD

    def _feed_tip(self, source: Source, now: float) -> str:
        """Last message and rate, and what the link says of itself."""
        words = self._look.words
        last = words.moment(source.last_message, now) if source.last_message else "—"
        parts = [
            self.tr("Last message: {0}").format(last),
            self.tr("{0} messages a second").format(words.number(source.rate(now), 1)),
        ]
        if source.up and not source.complete:
            parts.append(self.tr("What it retains is being read: until then its states are uncertain"))
        if source.detail:
            parts.append(one_line(source.detail))
        return " · ".join(parts)

    def _write_place(self) -> None:
        place = self._place or self._center
        if place is not None:
            self.coordinates.setText(place_text(self.system, *place, self._look.words))
            self.coordinates.setAccessibleName(self.tr("Coordinates {0}").format(self.coordinates.text()))

    def _menu(self) -> QMenu:
        menu = QMenu(self)
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        menu.addAction(self.tr("Copy the coordinates"), self.copy_place)
        menu.addSeparator()
        for system in SYSTEMS:
            action = menu.addAction(system)
            action.triggered.connect(lambda *_, it=system: self.set_system(it))
            action.setCheckable(True)
            action.setChecked(system == self.system)
        return menu
