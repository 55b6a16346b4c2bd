"""What the map says while there is nothing to show: why, and what will fill it."""

from __future__ import annotations

from qtpy.QtCore import QEvent, QObject, QRectF
from qtpy.QtGui import QPainter, QPaintEvent
from qtpy.QtWidgets import QFrame, QVBoxLayout, QWidget

from desktop.hub import Hub
from desktop.panels.look import Look
from desktop.panels.parts import PlainLabel, text_label
from desktop.panels.sync_status import SyncStatus
from desktop.work.sync_summary import SyncFailed, SyncProgress, SyncStarted, SyncSummary

WIDTH = 440


class Bar(QWidget):
    """How far it is; nothing while that is not known."""

    def __init__(self, look: Look, parent: QWidget) -> None:
        super().__init__(parent)
        self._look, self.share = look, 0.0
        self.setFixedHeight(4)

    def paintEvent(self, event: QPaintEvent) -> None:
        painter, theme = QPainter(self), self._look.theme
        painter.fillRect(QRectF(self.rect()), theme.line)
        painter.fillRect(QRectF(0, 0, self.width() * self.share, self.height()), theme.accent)
        painter.end()


class Opening(QFrame):
    """In the middle of the map until the first object has come. `status` tells how far the reading is."""

    def __init__(self, hub: Hub, look: Look, status: SyncStatus, canvas: QWidget) -> None:
        super().__init__(canvas)
        self.setObjectName("plate")
        self._canvas, self._hub, self._status, self._phase = canvas, hub, status, ""
        column = QVBoxLayout(self)
        column.setContentsMargins(20, 16, 20, 20)
        column.setSpacing(8)
        self.title = text_label("", self, "heading")
        self.text = PlainLabel("", self, name="dim", cut=False)
        self.progress = PlainLabel("", self)
        self.bar = Bar(look, self)
        for widget in (self.title, self.text, self.progress, self.bar):
            column.addWidget(widget)
        self.setFixedWidth(WIDTH)
        self.hide()
        canvas.installEventFilter(self)
        hub.received.connect(self._take)
        hub.changed.connect(lambda _: self.refresh())

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() == QEvent.Type.Resize:
            self._place()
        return False

    def refresh(self) -> None:
        """Say it again, or go when there is something on the map."""
        tables, layers = self._hub.picture.tables, self._hub.picture.layers
        empty = len(tables) == len(layers) and not any(len(table) for table in tables.values())
        if not (empty and self._phase):
            self.hide()
            return
        self._write()
        self._place()
        self.show()
        self.raise_()

    def _take(self, message: object) -> None:
        if isinstance(message, SyncProgress):
            self._phase = "making" if message.phase == "making" else "reading"
        elif isinstance(message, SyncStarted):
            self._phase = "reading"
        elif isinstance(message, SyncFailed):
            self._phase = "failed"
        elif isinstance(message, SyncSummary):
            self._phase = "failed" if message.errors else "empty"
        else:
            return
        self.refresh()

    def _write(self) -> None:
        title, text = self._words()
        self.title.setText(title)
        self.text.setText(text)
        under_way = self._phase in ("making", "reading")
        self.progress.setText(self._status.text if under_way else "")
        self.bar.share = self._status.share or 0.0
        for widget in (self.progress, self.bar):
            widget.setVisible(under_way)
        self.setAccessibleName(f"{title}. {text}")

    def _words(self) -> tuple[str, str]:
        if self._phase == "making":
            return self.tr("Vigie is building its demo metropolis"), self.tr(
                "No registry is configured yet, so Vigie builds a simulated city to work on: 23 communes, "
                "their streets and their equipment. This is done once and takes some ten seconds; "
                "afterwards Vigie opens at once."
            )
        if self._phase == "reading":
            return self.tr("First reading of the registry"), self.tr(
                "This console holds nothing yet. The layers appear one after the other as they are read, and "
                "stay available without the network."
            )
        if self._phase == "failed":
            return self.tr("Nothing to show yet"), self.tr(
                "The registry does not answer, and this console has never read it. Vigie tries again by "
                "itself; F5 tries now. If it lasts, check the registry’s address and the network."
            )
        return self.tr("The registry is empty"), self.tr(
            "It answers, but none of its collections feeds a layer of Vigie. Check the mapping."
        )

    def _place(self) -> None:
        self.adjustSize()
        self.move((self._canvas.width() - self.width()) // 2, (self._canvas.height() - self.height()) // 2)
