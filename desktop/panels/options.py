"""How one layer is shown: opacity and filters, in a small window beside the tree."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from qtpy.QtCore import QPoint, QPointF, Qt
from qtpy.QtGui import QPainter, QPaintEvent
from qtpy.QtWidgets import (
    QComboBox,
    QFormLayout,
    QFrame,
    QHBoxLayout,
    QLabel,
    QLineEdit,
    QPushButton,
    QSlider,
    QVBoxLayout,
    QWidget,
)

from desktop.map.display import Condition, Display
from desktop.panels.look import Look
from desktop.panels.marks import paint_chevron
from desktop.panels.parts import text_label
from layers.definition import Field, LayerDefinition

ANY = None


class ChoiceBox(QComboBox):
    """A combo box with the frame's own arrow."""

    def __init__(self, look: Look, parent: QWidget) -> None:
        super().__init__(parent)
        self._look = look

    def paintEvent(self, event: QPaintEvent) -> None:
        super().paintEvent(event)
        painter = QPainter(self)
        paint_chevron(
            painter, QPointF(self.width() - 14, self.height() / 2 + 0.5), True, self._look.theme.dim
        )
        painter.end()


class LayerOptions(QFrame):
    """Opacity, and one line for each field by which the layer can be filtered. Every change shows at once."""

    def __init__(self, layer: LayerDefinition, display: Display, look: Look, parent: QWidget) -> None:
        super().__init__(parent, Qt.WindowType.Popup)
        self.setObjectName("popover")
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setMinimumWidth(320)
        self._layer, self._display, self._look = layer, display, look
        self._read: dict[str, Callable[[], Condition | None]] = {}
        column = QVBoxLayout(self)
        column.setContentsMargins(16, 12, 16, 16)
        column.setSpacing(8)
        title = text_label(look.title(layer), self, "heading")
        title.setTextFormat(Qt.TextFormat.PlainText)
        column.addWidget(title)
        form = QFormLayout()
        form.setHorizontalSpacing(16)
        form.setVerticalSpacing(8)
        form.setLabelAlignment(Qt.AlignmentFlag.AlignLeft)
        column.addLayout(form)
        form.addRow(self.tr("Opacity"), self._opacity())
        fields = [field for field in layer.fields if field.filterable and field.name != "commune"]
        if fields:
            form.addRow(text_label(self.tr("Show only"), self, "section"))
            for field in fields:
                form.addRow(field.label.localized(look.locale), self._editor(field))
            self._reset = QPushButton(self.tr("Remove the filters"), self)
            self._reset.clicked.connect(self._clear)
            column.addWidget(self._reset, 0, Qt.AlignmentFlag.AlignLeft)
            self._reset.setEnabled(bool(display.of(layer.id).conditions))

    def open_at(self, where: QPoint) -> None:
        """Show it with its top left corner there (global pixels)."""
        self.adjustSize()
        self.move(where)
        self.show()
        self.setFocus()

    def _opacity(self) -> QWidget:
        box = QWidget(self)
        row = QHBoxLayout(box)
        row.setContentsMargins(0, 0, 0, 0)
        slider = QSlider(Qt.Orientation.Horizontal, box)
        slider.setRange(10, 100)
        slider.setSingleStep(5)
        slider.setPageStep(10)
        slider.setAccessibleName(self.tr("Opacity"))
        value = QLabel(box)
        value.setMinimumWidth(44)
        value.setAlignment(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)

        def moved(percent: int) -> None:
            value.setText(self._look.words.percent(percent / 100))
            self._display.set_opacity(self._layer.id, percent / 100)

        slider.setValue(round(100 * self._display.of(self._layer.id).opacity))
        value.setText(self._look.words.percent(slider.value() / 100))
        slider.valueChanged.connect(moved)
        row.addWidget(slider, 1)
        row.addWidget(value)
        return box

    def _editor(self, field: Field) -> QWidget:
        chosen = {name: value for name, _, value in self._display.of(self._layer.id).conditions}
        if field.choices or field.type == "boolean":
            return self._choice(field, chosen.get(field.name))
        return self._line(field, chosen.get(field.name))

    def _choice(self, field: Field, chosen: object) -> QComboBox:
        box = ChoiceBox(self._look, self)
        box.setAccessibleName(field.label.localized(self._look.locale))
        box.addItem(self.tr("all"), ANY)
        if field.type == "boolean":
            box.addItem(self.tr("yes"), True)
            box.addItem(self.tr("no"), False)
        for choice in field.choices:
            box.addItem(choice.label.localized(self._look.locale), choice.value)
        box.setCurrentIndex(max(0, box.findData(chosen)))
        box.currentIndexChanged.connect(self._apply)

        def read() -> Condition | None:
            value = box.currentData()
            return None if value is ANY else (field.name, "=", value)

        self._read[field.name] = read
        return box

    def _line(self, field: Field, chosen: object) -> QLineEdit:
        line = QLineEdit(self)
        line.setAccessibleName(field.label.localized(self._look.locale))
        numeric = field.type in ("integer", "number")
        exact = numeric or field.type == "reference"
        line.setPlaceholderText(self.tr("equals") if exact else self.tr("contains"))
        line.setClearButtonEnabled(True)
        line.setText("" if chosen is None else str(chosen))
        line.editingFinished.connect(self._apply)

        def read() -> Condition | None:
            text = line.text().strip()
            if not text:
                return None
            if not numeric:
                return (field.name, "=" if field.type == "reference" else "contains", text)
            value = _number(text)
            return None if value is None else (field.name, "=", value)

        self._read[field.name] = read
        return line

    def _apply(self, *_: Any) -> None:  # noqa: ANN401 - signals with and without a value
        conditions = tuple(it for read in self._read.values() if (it := read()) is not None)
        self._display.set_conditions(self._layer.id, conditions)
        self._reset.setEnabled(bool(conditions))

    def _clear(self) -> None:
        for box in self.findChildren(QComboBox):
            box.setCurrentIndex(0)
        for line in self.findChildren(QLineEdit):
            line.clear()
        self._apply()


def _number(text: str) -> float | int | None:
    try:
        value = float(text.replace(",", "."))
    except ValueError:
        return None
    return int(value) if value.is_integer() else value
