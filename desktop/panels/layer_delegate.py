"""Paints the rows of the layer tree: visibility, title, freshness, worst state and count."""

from __future__ import annotations

from qtpy.QtCore import QModelIndex, QPersistentModelIndex, QPointF, QRect, QRectF, QSize, Qt
from qtpy.QtGui import QColor, QFontMetrics, QPainter, QPen
from qtpy.QtWidgets import QStyle, QStyledItemDelegate, QStyleOptionViewItem

from desktop.panels.layer_model import NODE, LayerModel, Node
from desktop.panels.look import BASE, ROW, SMALL, elided, font
from desktop.panels.marks import (
    paint_badge,
    paint_chevron,
    paint_quality,
    paint_visibility,
)
from desktop.work.assets import Summary
from layers.definition import LayerDefinition, Severity
from layers.model import Quality

GROUP_ROW = 28
EDGE = 12
"""Pixels between the panel's sides and what a row shows."""
DOT_AT, TITLE_AT, CHEVRON_AT = 22, 36, 10
ENTRY_AT, ENTRY_SYMBOL = 36, 20

Index = QModelIndex | QPersistentModelIndex


class LayerDelegate(QStyledItemDelegate):
    """One row of the tree, all of it painted here: it stays crisp and quick at any scale."""

    def __init__(self, model: LayerModel) -> None:
        super().__init__(model)
        self._model = model

    def sizeHint(self, option: QStyleOptionViewItem, index: Index) -> QSize:
        node = index.data(NODE)
        tall = isinstance(node, Node) and node.kind == "group" and node.row > 0
        return QSize(100, GROUP_ROW + 2 if tall else GROUP_ROW - 2 if node.kind == "group" else ROW)

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        node = index.data(NODE)
        if not isinstance(node, Node):
            return
        painter.save()
        if node.kind == "group":
            self._paint_group(painter, option.rect, node)
        elif node.entry is not None:
            self._paint_entry(painter, option.rect, node)
        else:
            self._paint_layer(painter, option, node, index)
        painter.restore()

    def _paint_group(self, painter: QPainter, rect: QRect, node: Node) -> None:
        theme = self._model.look.theme
        if node.row:
            painter.setPen(QPen(theme.line, 1.0))
            painter.drawLine(QPointF(0, rect.top() + 4.5), QPointF(rect.right() + 1, rect.top() + 4.5))
        painter.setFont(font(SMALL))
        painter.setPen(theme.dim)
        box = QRectF(EDGE, rect.bottom() - 24, rect.width() - 2 * EDGE, 24)
        painter.drawText(box, Qt.AlignmentFlag.AlignVCenter, self._model.title(node))

    def _paint_layer(self, painter: QPainter, option: QStyleOptionViewItem, node: Node, index: Index) -> None:
        theme, rect, layer = self._model.look.theme, option.rect, node.layer
        if layer is None:
            return
        self._paint_ground(painter, option)
        middle = rect.center().y() + 0.5
        display = self._model.display.of(layer.id)
        opened = bool(option.state & QStyle.StateFlag.State_Open)
        if opened or option.state & (QStyle.StateFlag.State_MouseOver | QStyle.StateFlag.State_Selected):
            paint_chevron(painter, QPointF(CHEVRON_AT, middle), opened, theme.dim)
        paint_visibility(painter, display.visible, QPointF(DOT_AT, middle), theme)
        title, metrics = self._model.title(node), QFontMetrics(font(BASE))
        wanted = metrics.horizontalAdvance(title) + TITLE_AT + 8 + (18 if display.conditions else 0)
        right = self._paint_counts(painter, rect.right() - EDGE + 1, middle, layer, wanted)
        if display.conditions:
            right = self._paint_funnel(painter, right, middle)
        painter.setFont(font(BASE))
        painter.setPen(theme.text if display.visible else theme.dim)
        room = right - 8 - TITLE_AT
        title = elided(title, room, metrics)
        box = QRectF(TITLE_AT, rect.top(), room, rect.height())
        painter.drawText(box, Qt.AlignmentFlag.AlignVCenter, title)

    def _paint_counts(
        self, painter: QPainter, right: float, middle: float, layer: LayerDefinition, wanted: float
    ) -> float:
        """Count, worst state and freshness from the right; where they begin. The title needs `wanted`."""
        theme, words = self._model.look.theme, self._model.look.words
        summary = self._model.summary(layer.id)
        text = self._model.count_words(layer.id)
        painter.setFont(font(BASE))
        painter.setPen(theme.dim)
        width = QFontMetrics(painter.font()).horizontalAdvance(text)
        painter.drawText(
            QRectF(right - width - 2, middle - 13, width + 2, 26),
            Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignRight,
            text,
        )
        left = right - width
        if summary is None:
            return left
        if summary.worst is not Severity.NORMAL:
            count = words.number(summary.by_severity[summary.worst])
            left = paint_badge(painter, summary.worst, count, left - 8, middle, theme)
        return self._paint_freshness(painter, left, middle, layer, summary, wanted)

    def _paint_freshness(
        self,
        painter: QPainter,
        right: float,
        middle: float,
        layer: LayerDefinition,
        summary: Summary,
        wanted: float,
    ) -> float:
        count = summary.uncertain + summary.unknown
        if not layer.is_live or not count:
            return right
        theme = self._model.look.theme
        quality = Quality.BAD if summary.unknown else Quality.UNCERTAIN
        color = theme.dim if quality is Quality.UNCERTAIN else theme.p3
        painter.setFont(font(SMALL))
        # When it is true of all of them, the total beside it is the number already.
        text = "" if count == summary.shown else self._model.look.words.rounded(count)
        width = QFontMetrics(painter.font()).horizontalAdvance(text)
        if right - 8 - width - 14 < wanted:  # the dot alone leaves the title its room
            text, width = "", 0
        painter.setPen(color)
        painter.drawText(
            QRectF(right - 8 - width, middle - 13, width + 1, 26), Qt.AlignmentFlag.AlignVCenter, text
        )
        paint_quality(painter, quality, QPointF(right - 8 - width - (9 if text else 4), middle), 4.0, color)
        return right - 8 - width - (14 if text else 9)

    def _paint_funnel(self, painter: QPainter, right: float, middle: float) -> float:
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(QPen(self._model.look.theme.accent, 1.4))
        x = right - 18
        for half, dy in ((5, -3), (3, 0), (1, 3)):
            painter.drawLine(QPointF(x + 5 - half, middle + dy), QPointF(x + 5 + half, middle + dy))
        return x

    def _paint_entry(self, painter: QPainter, rect: QRect, node: Node) -> None:
        look, layer, entry = self._model.look, node.layer, node.entry
        if layer is None or entry is None:
            return
        middle = rect.center().y() + 0.5
        count = self._model.entry_count(layer.id, entry)
        self._paint_sample(painter, QPointF(ENTRY_AT + ENTRY_SYMBOL / 2, middle), node)
        loud = bool(count) and entry.state >= 0 and layer.states[entry.state].severity is not Severity.NORMAL
        painter.setFont(font(SMALL + 1))
        painter.setPen(look.theme.text if loud else look.theme.dim)
        number = look.words.number(count) if layer.geometry == "point" or count else ""
        width = QFontMetrics(painter.font()).horizontalAdvance(number)
        room = rect.width() - EDGE - width - 8 - ENTRY_AT - ENTRY_SYMBOL - 8
        box = QRectF(ENTRY_AT + ENTRY_SYMBOL + 8, rect.top(), room, rect.height())
        text = elided(self._model.title(node), room, QFontMetrics(painter.font()))
        painter.drawText(box, Qt.AlignmentFlag.AlignVCenter, text)
        side = QRectF(rect.width() - EDGE - width - 2, rect.top(), width + 2, rect.height())
        painter.drawText(side, Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignRight, number)

    def _paint_sample(self, painter: QPainter, center: QPointF, node: Node) -> None:
        look, layer, entry = self._model.look, node.layer, node.entry
        if layer is None or entry is None:
            return
        if layer.geometry == "point":
            ratio = painter.device().devicePixelRatioF()
            pixmap = look.symbol(layer, max(0, entry.state), entry.quality, ENTRY_SYMBOL, ratio)
            half = ENTRY_SYMBOL / 2
            painter.drawPixmap(QPointF(round(center.x() - half), round(center.y() - half)), pixmap)
            return
        token = layer.line.color
        color = QColor(token) if token.startswith("#") else look.theme.color(token)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        pen = QPen(color, max(1.2, layer.line.width))
        if layer.line.dash:
            pen.setDashPattern([it / pen.widthF() for it in layer.line.dash])
        painter.setPen(pen)
        if layer.geometry == "line":
            painter.drawLine(center - QPointF(9, 0), center + QPointF(9, 0))
            return
        fill = QColor(
            layer.line.fill if layer.line.fill.startswith("#") else look.theme.color(layer.line.fill)
        )
        fill.setAlphaF(layer.line.fill_opacity)
        painter.setBrush(fill)
        painter.drawRoundedRect(QRectF(center.x() - 9, center.y() - 6, 18, 12), 2, 2)

    def _paint_ground(self, painter: QPainter, option: QStyleOptionViewItem) -> None:
        theme, rect = self._model.look.theme, option.rect
        row = QRect(0, rect.top(), rect.right() + 1, rect.height())
        if option.state & QStyle.StateFlag.State_Selected:
            painter.fillRect(row, theme.raised)
        elif option.state & QStyle.StateFlag.State_MouseOver:
            painter.fillRect(row, theme.blended("text", "panel", 0.05))
        if option.state & QStyle.StateFlag.State_Selected and option.state & QStyle.StateFlag.State_HasFocus:
            painter.setPen(QPen(theme.accent, 1.0))
            painter.drawRect(QRectF(row).adjusted(0.5, 0.5, -0.5, -0.5))
