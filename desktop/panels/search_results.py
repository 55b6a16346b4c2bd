"""What the search box found, as a list with a title over each kind."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable, Sequence

import msgspec
from qtpy.QtCore import (
    QAbstractListModel,
    QModelIndex,
    QObject,
    QPersistentModelIndex,
    QPointF,
    QRectF,
    QSize,
    Qt,
)
from qtpy.QtGui import QAction, QFont, QFontMetrics, QPainter
from qtpy.QtWidgets import QStyle, QStyledItemDelegate, QStyleOptionViewItem

from desktop.map.viewport import Bounds
from desktop.panels.commands import shortcut_text
from desktop.panels.look import BASE, SMALL, Look, elided, font
from desktop.work.picture import ObjectKey
from layers.definition import LayerDefinition
from layers.model import Quality

Index = QModelIndex | QPersistentModelIndex
RESULT = int(Qt.ItemDataRole.UserRole)
RESULT_ROW, TITLE_ROW = 32, 26
SYMBOL, SYMBOL_AT, TITLE_AT = 18, 12, 38


class Result(msgspec.Struct, frozen=True, kw_only=True):
    """One line: a title over others, or something to go to or to do."""

    title: str
    subtitle: str = ""
    heading: bool = False
    key: ObjectKey | None = None
    place: tuple[float, float] | None = None
    """Web Mercator metres."""
    bounds: Bounds | None = None
    command: str = ""
    """The name of an action."""
    shortcut: str = ""
    matched: tuple[tuple[int, int], ...] = ()
    """Start and end of each part of the title that was typed."""
    symbol: tuple[LayerDefinition, int, Quality] | None = None
    """What stands on the map for it now: its layer, its state, and how far that can be trusted."""


def folded(text: str) -> str:
    """Without case and accents, for comparing."""
    parts = unicodedata.normalize("NFKD", text.casefold().replace("œ", "oe").replace("æ", "ae"))
    return "".join(it for it in parts if not unicodedata.combining(it))


def matching_actions(actions: Iterable[QAction], text: str) -> list[QAction]:
    """The actions whose name holds every word typed, those that begin with the first one foremost."""
    words = folded(text).split()
    found = []
    for place, action in enumerate(actions):
        name = folded(action.text())
        if action.isEnabled() and all(word in name for word in words):
            first = not words or name.startswith(words[0])
            whole = not words or any(it.startswith(words[0]) for it in name.split())
            found.append((not first, not whole, place, action))
    return [action for *_, action in sorted(found, key=lambda it: it[:3])]


def action_result(action: QAction) -> Result:
    """The line of a command."""
    return Result(title=action.text(), command=action.objectName(), shortcut=shortcut_text(action))


class ResultModel(QAbstractListModel):
    """The lines shown; headings cannot be chosen."""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.results: Sequence[Result] = ()

    def show(self, results: Sequence[Result]) -> None:
        """Replace every line."""
        self.beginResetModel()
        self.results = results
        self.endResetModel()

    def rowCount(self, parent: Index | None = None) -> int:
        return len(self.results)

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> object:
        result = self.results[index.row()]
        if role == RESULT:
            return result
        if role == Qt.ItemDataRole.DisplayRole:
            return result.title
        if role == Qt.ItemDataRole.AccessibleTextRole:
            return ", ".join(it for it in (result.title, result.subtitle, result.shortcut) if it)
        return None

    def flags(self, index: Index) -> Qt.ItemFlag:
        if self.results[index.row()].heading:
            return Qt.ItemFlag.NoItemFlags
        return Qt.ItemFlag.ItemIsEnabled | Qt.ItemFlag.ItemIsSelectable

    def next_row(self, row: int, step: int) -> int:
        """The next line that can be chosen, going round; -1 when there is none."""
        count = len(self.results)
        for offset in range(1, count + 1):
            place = (row + step * offset) % count if row >= 0 or step > 0 else (count - offset) % count
            if not self.results[place].heading:
                return place
        return -1


class ResultDelegate(QStyledItemDelegate):
    """Symbol, title, what and where, and the shortcut of a command."""

    def __init__(self, model: ResultModel, look: Look) -> None:
        super().__init__(model)
        self._look = look

    def sizeHint(self, option: QStyleOptionViewItem, index: Index) -> QSize:
        result = index.data(RESULT)
        return QSize(100, TITLE_ROW if isinstance(result, Result) and result.heading else RESULT_ROW)

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        result, theme, rect = index.data(RESULT), self._look.theme, QRectF(option.rect)
        if not isinstance(result, Result):
            return
        painter.save()
        if result.heading:
            painter.setFont(font(SMALL))
            painter.setPen(theme.dim)
            painter.drawText(rect.adjusted(12, 6, 0, 0), Qt.AlignmentFlag.AlignVCenter, result.title)
        else:
            if option.state & QStyle.StateFlag.State_Selected:
                painter.fillRect(rect, theme.blended("accent", "raised", 0.2))
                painter.fillRect(QRectF(rect.left(), rect.top(), 2, rect.height()), theme.accent)
            self._paint_line(painter, rect, result)
        painter.restore()

    def _paint_line(self, painter: QPainter, rect: QRectF, result: Result) -> None:
        theme, middle = self._look.theme, Qt.AlignmentFlag.AlignVCenter
        right = rect.right() - 12
        if result.shortcut:
            painter.setFont(font(SMALL))
            painter.setPen(theme.dim)
            width = QFontMetrics(painter.font()).horizontalAdvance(result.shortcut)
            painter.drawText(
                QRectF(right - width, rect.top(), width + 1, rect.height()), middle, result.shortcut
            )
            right -= width + 12
        if result.symbol is not None:
            ratio = painter.device().devicePixelRatioF()
            at = QPointF(round(rect.left()) + SYMBOL_AT, round(rect.center().y() - SYMBOL / 2))
            painter.drawPixmap(at, self._look.symbol(*result.symbol, SYMBOL, ratio))
        left = self._paint_title(
            painter, result, QRectF(rect.left() + TITLE_AT, rect.top(), 0, rect.height()), right
        )
        left += 12
        if result.subtitle and right - left > 40:
            small = font(SMALL + 1)
            painter.setFont(small)
            painter.setPen(theme.dim)
            text = elided(result.subtitle, right - left, QFontMetrics(small))
            painter.drawText(QRectF(left, rect.top(), right - left, rect.height()), middle, text)

    def _paint_title(self, painter: QPainter, result: Result, box: QRectF, right: float) -> float:
        """The title with what was typed in a stronger face; where it ends."""
        painter.setPen(self._look.theme.text)
        left, place = box.left(), 0
        parts = []
        for start, end in sorted(result.matched):
            if place <= start < end <= len(result.title):
                parts += [(result.title[place:start], False), (result.title[start:end], True)]
                place = end
        parts.append((result.title[place:], False))
        for text, strong in parts:
            face = font(BASE, QFont.Weight.DemiBold if strong else QFont.Weight.Normal)
            metrics = QFontMetrics(face)
            line = text.replace("\n", " ")
            shown = metrics.elidedText(line, Qt.TextElideMode.ElideRight, max(0, int(right - left)))
            painter.setFont(face)
            where = QRectF(left, box.top(), right - left, box.height())
            painter.drawText(where, Qt.AlignmentFlag.AlignVCenter, shown)
            left += metrics.horizontalAdvance(shown)
        return left
