"""The fields in which an order is written: its values within their limits, how long it holds, and why."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from qtpy.QtWidgets import QComboBox, QDoubleSpinBox, QFormLayout, QLineEdit, QSpinBox, QWidget

from desktop.panels.command_offers import facts_of
from desktop.panels.look import Look
from desktop.panels.parts import text_label
from desktop.panels.wording import HARD, HOUR, MINUTE
from desktop.work.command_checks import listed
from desktop.work.picture import ObjectKey, Picture
from layers.definition import Action, Argument

SPANS = (15 * MINUTE, 30 * MINUTE, HOUR, 2 * HOUR, 4 * HOUR, 8 * HOUR, 12 * HOUR)
"""For how long an override may hold, seconds."""
USUAL = HOUR
LONGEST_REASON = 200
FARTHEST = 1_000_000.0
Editor = QSpinBox | QDoubleSpinBox | QComboBox | QLineEdit


def span_words(seconds: float) -> str:
    """A choice of time: 15 min, 4 h."""
    return f"{seconds // MINUTE:.0f}{HARD}min" if seconds < HOUR else f"{seconds // HOUR:.0f}{HARD}h"


class CommandForm(QWidget):
    """Asks for an action's arguments, its duration when it expires, and the reason."""

    def __init__(
        self, action: Action, keys: Sequence[ObjectKey], picture: Picture, look: Look, parent: QWidget
    ) -> None:
        super().__init__(parent)
        self._action, self._keys, self._picture, self._look = action, keys, picture, look
        self.editors: dict[str, Editor] = {}
        form = QFormLayout(self)
        form.setContentsMargins(0, 0, 0, 0)
        form.setHorizontalSpacing(12)
        form.setVerticalSpacing(8)
        form.setFieldGrowthPolicy(QFormLayout.FieldGrowthPolicy.AllNonFixedFieldsGrow)
        for argument in action.arguments:
            editor = self._editor(argument)
            title = argument.label.localized(look.locale)
            editor.setAccessibleName(title)
            self.editors[argument.name] = editor
            form.addRow(text_label(self._limits(argument, title), self, "dim"), editor)
        self.span = QComboBox(self)
        for seconds in SPANS:
            self.span.addItem(span_words(seconds), seconds)
        self.span.setCurrentIndex(SPANS.index(USUAL))
        self.span.setAccessibleName(self.tr("For"))
        self.span.setVisible(action.expires)
        if action.expires:
            form.addRow(text_label(self.tr("For"), self, "dim"), self.span)
        self.reason = QLineEdit(self)
        self.reason.setMaxLength(LONGEST_REASON)
        self.reason.setPlaceholderText(self.tr("Kept in the log"))
        self.reason.setAccessibleName(self.tr("Reason"))
        form.addRow(text_label(self.tr("Reason"), self, "dim"), self.reason)

    @property
    def arguments(self) -> dict[str, Any]:
        """The values as they stand in the fields."""
        return {name: _value(editor) for name, editor in self.editors.items()}

    @property
    def lasts_s(self) -> float | None:
        """How long it holds, seconds; None for what does not expire."""
        return float(self.span.currentData()) if self._action.expires else None

    @property
    def first(self) -> QWidget:
        """The field to begin with."""
        return next(iter(self.editors.values()), self.reason)

    def _limits(self, argument: Argument, title: str) -> str:
        low, high = argument.minimum, argument.maximum
        if argument.type not in ("integer", "number") or low is None or high is None:
            return title
        words = self._look.words
        return f"{title} ({words.number(_whole(low))}–{words.quantity(_whole(high), argument.unit)})"

    def _editor(self, argument: Argument) -> Editor:
        if argument.type == "choice":
            return self._choices(argument)
        if argument.type == "text":
            line = QLineEdit(self)
            line.setText(str(argument.default or ""))
            return line
        low = -FARTHEST if argument.minimum is None else argument.minimum
        high = FARTHEST if argument.maximum is None else argument.maximum
        return self._spin(argument, low, high)

    def _spin(self, argument: Argument, low: float, high: float) -> QSpinBox | QDoubleSpinBox:
        first = low if argument.default is None else argument.default
        if argument.type == "integer":
            whole = QSpinBox(self)
            whole.setRange(int(low), int(high))
            whole.setSingleStep(int(argument.step))
            whole.setValue(int(first))
            whole.setButtonSymbols(QSpinBox.ButtonSymbols.NoButtons)
            whole.setSuffix(f"{HARD}{argument.unit}" if argument.unit else "")
            return whole
        spin = QDoubleSpinBox(self)
        spin.setRange(low, high)
        spin.setSingleStep(argument.step)
        spin.setValue(float(first))
        spin.setButtonSymbols(QDoubleSpinBox.ButtonSymbols.NoButtons)
        spin.setSuffix(f"{HARD}{argument.unit}" if argument.unit else "")
        return spin

    def _choices(self, argument: Argument) -> QComboBox:
        box = QComboBox(self)
        if argument.declared_in:
            per_object = [
                set(listed(facts_of(self._picture, key).get(argument.declared_in))) for key in self._keys
            ]
            first = listed(facts_of(self._picture, self._keys[0]).get(argument.declared_in))
            for value in first:
                if all(value in each for each in per_object):
                    box.addItem(value, value)
        for choice in argument.choices:
            box.addItem(choice.label.localized(self._look.locale), choice.value)
        return box


def _value(editor: Editor) -> Any:  # noqa: ANN401 - as the argument's type says
    if isinstance(editor, QComboBox):
        return editor.currentData()
    if isinstance(editor, QLineEdit):
        return editor.text()
    return editor.value()


def _whole(value: float) -> float:
    return int(value) if float(value).is_integer() else value
