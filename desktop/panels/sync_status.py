"""How the registry's copy is: when it was last in step, or how far the present sync is."""

from __future__ import annotations

from qtpy.QtCore import QCoreApplication, QPointF, QRectF, QSize, Qt, Signal
from qtpy.QtGui import QPainter, QPaintEvent
from qtpy.QtWidgets import QSizePolicy, QWidget

from desktop.hub import Hub
from desktop.panels.look import SMALL, Look, font
from desktop.panels.marks import paint_quality
from desktop.work.sync_summary import Removal, RemovalHeld, SyncFailed, SyncProgress, SyncStarted, SyncSummary
from layers.model import Quality

OLD_AFTER = 600.0
"""Seconds after which a copy that was not brought in step is held to be uncertain."""
BAR_WIDTH = 96


class SyncStatus(QWidget):
    """Follows the reports of the sync. A problem is told by `problem`, its end by `mended`."""

    problem = Signal(str)
    removal_held = Signal(object)
    mended = Signal()

    def __init__(self, hub: Hub, look: Look, parent: QWidget) -> None:
        super().__init__(parent)
        self._hub, self._look = hub, look
        self.text, self.quality = "", Quality.UNCERTAIN
        self.share: float | None = None
        self.synced_at = 0.0
        self.running = False
        self._progress: SyncProgress | None = None
        self._failed = False
        self.setFont(font(SMALL + 1))
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        hub.received.connect(self.take)

    def take(self, report: object) -> None:
        """Note a report of the sync; anything else is ignored."""
        if isinstance(report, SyncStarted):
            self.running, self._progress = True, None
        elif isinstance(report, SyncProgress):
            self.running, self._progress = True, report
        elif isinstance(report, SyncSummary):
            self._finish(report)
        elif isinstance(report, SyncFailed):
            self.running, self._progress, self._failed = False, None, True
            self.problem.emit(self.tr("Registry not reached: {0}").format(report.message))
        elif isinstance(report, RemovalHeld):
            self.removal_held.emit(report.removal)
        else:
            return
        self.refresh(self._hub.clock())

    def refresh(self, now: float) -> None:
        """Write the line again."""
        self.share = None
        if self.running:
            text, quality = self._running_words(), Quality.GOOD
        else:
            text, quality = self._rest_words(now)
        if (text, quality) != (self.text, self.quality):
            self.text, self.quality = text, quality
            self.setAccessibleName(text)
            self.updateGeometry()
        self.update()

    def sizeHint(self) -> QSize:
        bar = BAR_WIDTH + 10 if self.running else 0
        return QSize(self.fontMetrics().horizontalAdvance(self.text) + 16 + bar, 27)

    def paintEvent(self, event: QPaintEvent) -> None:
        painter, theme = QPainter(self), self._look.theme
        good = self.quality is Quality.GOOD
        center = QPointF(5, self.height() / 2 + 0.5)
        paint_quality(painter, self.quality, center, 3.6, theme.normal if good else theme.p3)
        painter.setPen(theme.dim if good else theme.p3)
        painter.drawText(QRectF(15, 0, self.width(), self.height()), Qt.AlignmentFlag.AlignVCenter, self.text)
        if self.running:
            bar = QRectF(self.width() - BAR_WIDTH, self.height() / 2 - 1, BAR_WIDTH, 3)
            painter.fillRect(bar, theme.line)
            painter.fillRect(
                QRectF(bar.left(), bar.top(), bar.width() * (self.share or 0.0), 3), theme.accent
            )
        painter.end()

    def _finish(self, summary: SyncSummary) -> None:
        self.running, self._progress = False, None
        self._failed = bool(summary.errors)
        if summary.errors:
            more = len(summary.errors) - 1
            text = summary.errors[0]
            if more:
                text = self.tr("{0} (and {1} more)").format(text, self._look.words.number(more))
            self.problem.emit(self.tr("Registry read in part: {0}").format(text))
        elif not summary.cancelled:
            self.synced_at = summary.read_at or self._hub.clock()
            if not summary.held:
                self.mended.emit()

    def _running_words(self) -> str:
        progress, words = self._progress, self._look.words
        if progress is None:
            return self.tr("Registry · asking what has changed")
        layer = self._hub.picture.layers.get(progress.layer)
        title = progress.title if layer is None else self._look.title(layer)
        if progress.phase == "making":
            self.share = progress.done / 100
            return self.tr("Making the demo metropolis · {0} %").format(words.number(progress.done))
        phase = {
            "asking": self.tr("asking"),
            "reading": self.tr("reading"),
            "comparing": self.tr("comparing"),
            "removing": self.tr("removing"),
            "placing": self.tr("placing in communes"),
            "indexing": self.tr("indexing"),
        }[progress.phase]
        parts = [f"{title or self.tr('Registry')} · {phase}"]
        done = words.number(progress.done)
        if progress.total:
            parts.append(self.tr("{0} of {1}").format(done, words.number(progress.total)))
            self.share = min(1.0, progress.done / progress.total)
        elif progress.done:
            parts.append(done)
        if progress.rate >= 1:
            parts.append(self.tr("{0}/s").format(words.number(round(progress.rate))))
        if progress.seconds_left is not None and progress.seconds_left >= 1:
            parts.append(self.tr("{0} left").format(words.brief(progress.seconds_left)))
        return " · ".join(parts)

    def _rest_words(self, now: float) -> tuple[str, Quality]:
        synced = max(self.synced_at, self._hub.picture.sources["registry"].last_message)
        if not synced:
            text = self.tr("Registry · unreachable") if self._failed else self.tr("Registry · never read")
            return text, Quality.BAD
        age = self._look.words.age(now - synced)
        if self._failed:
            return self.tr("Registry · unreachable · picture of {0}").format(age), Quality.BAD
        quality = Quality.UNCERTAIN if now - synced > OLD_AFTER else Quality.GOOD
        return self.tr("Registry · in step {0}").format(age), quality


def removal_words(removal: Removal, look: Look, title: str) -> str:
    """The question about features the registry no longer lists."""
    number = look.words.number
    words = QCoreApplication.translate(
        "SyncStatus", "{0}: the registry no longer lists {1} of {2} objects. They are kept."
    )
    return words.format(title, number(removal.count), number(removal.of))
