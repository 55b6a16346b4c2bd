"""What is asked before alarms are acknowledged with a note, shelved, or masked during works."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from qtpy.QtCore import QCoreApplication, Qt
from qtpy.QtWidgets import (
    QButtonGroup,
    QDialog,
    QDialogButtonBox,
    QHBoxLayout,
    QLineEdit,
    QPushButton,
    QVBoxLayout,
    QWidget,
)

from desktop.panels.look import Look
from desktop.panels.parts import PlainLabel, bold, text_label
from desktop.panels.wording import HARD, HOUR, MINUTE

SHELVING = (15 * MINUTE, HOUR, 4 * HOUR, 8 * HOUR, 12 * HOUR)
"""For how long alarms may be shelved, seconds. There is no choice without an end."""
WORKS = (4 * HOUR, 8 * HOUR, 12 * HOUR, 24 * HOUR, 72 * HOUR, 168 * HOUR)
"""For how long works may mask alarms, seconds."""
LONGEST = 200
"""Characters of a note or reason."""


def span_words(seconds: int) -> str:
    """A choice of time: 15 min, 4 h."""
    return f"{seconds // MINUTE}{HARD}min" if seconds < HOUR else f"{seconds // HOUR}{HARD}h"


class Asking(QDialog):
    """A question about some alarms: what it is about, a line to write, and what to do."""

    def __init__(self, title: str, subject: str, verb: str, parent: QWidget | None) -> None:
        super().__init__(parent)
        self.setWindowTitle(title)
        self.setModal(True)
        self.setMinimumWidth(440)
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(20, 18, 20, 16)
        self._column.setSpacing(8)
        heading = PlainLabel(title, self, cut=False)
        heading.setFont(bold(16))
        self._column.addWidget(heading)
        self.subject = PlainLabel(subject, self, name="dim", cut=False)
        self._column.addWidget(self.subject)
        self._column.addSpacing(6)
        self.buttons = QDialogButtonBox(self)
        self.go = QPushButton(verb, self)
        self.go.setDefault(True)
        self.buttons.addButton(self.go, QDialogButtonBox.ButtonRole.AcceptRole)
        cancel = QPushButton(self.tr("Cancel"), self)
        self.buttons.addButton(cancel, QDialogButtonBox.ButtonRole.RejectRole)
        self.buttons.accepted.connect(self.accept)
        self.buttons.rejected.connect(self.reject)

    def _add_line(self, label: str, hint: str) -> QLineEdit:
        self._column.addWidget(text_label(label, self, "small"))
        line = QLineEdit(self)
        line.setPlaceholderText(hint)
        line.setAccessibleName(label)
        line.setMaxLength(LONGEST)
        self._column.addWidget(line)
        return line

    def _end(self) -> None:
        self._column.addSpacing(8)
        self._column.addWidget(self.buttons)


class AcknowledgeDialog(Asking):
    """Acknowledge, with a note that every console and the history keep."""

    def __init__(self, subject: str, parent: QWidget | None = None) -> None:
        title = QCoreApplication.translate("AlarmDialogs", "Acknowledge")
        super().__init__(title, subject, title, parent)
        self.line = self._add_line(self.tr("Note"), self.tr("What is known or being done (optional)"))
        self._end()

    @property
    def note(self) -> str:
        """What was written."""
        return self.line.text().strip()


class UntilDialog(Asking):
    """Put aside until a time that must be chosen, for a reason that must be written."""

    def __init__(
        self,
        title: str,
        subject: str,
        verb: str,
        spans: Sequence[int],
        look: Look,
        clock: Callable[[], float],
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(title, subject, verb, parent)
        self._look, self._clock = look, clock
        self._column.addWidget(text_label(self.tr("For how long"), self, "small"))
        self._spans = QButtonGroup(self)
        row = QHBoxLayout()
        row.setSpacing(6)
        for span in spans:
            button = QPushButton(span_words(span), self)
            button.setCheckable(True)
            button.setAutoDefault(False)
            self._spans.addButton(button, span)
            row.addWidget(button)
        row.addStretch(1)
        self._column.addLayout(row)
        self.end = text_label(
            self.tr("Choose when it comes back: nothing is put aside for ever."), self, "small"
        )
        self._column.addWidget(self.end)
        self._column.addSpacing(6)
        self.line = self._add_line(self.tr("Reason"), self.tr("Spare part ordered, works on site…"))
        self.line.textChanged.connect(lambda _: self._judge())
        self._spans.idClicked.connect(lambda _: self._judge())
        self._end()
        self._judge()

    def choose(self, seconds: int) -> None:
        """Choose one of the spans."""
        self._spans.button(seconds).setChecked(True)
        self._judge()

    @property
    def until(self) -> float:
        """Epoch seconds of the end chosen; 0 when none is."""
        span = self._spans.checkedId()
        return self._clock() + span if span > 0 else 0.0

    @property
    def reason(self) -> str:
        """What was written."""
        return self.line.text().strip()

    def _judge(self) -> None:
        if self.until:
            self.end.setText(self.tr("Comes back at {0}.").format(self._look.words.clock(self.until)[:5]))
        self.go.setEnabled(bool(self.until and self.reason))


def shelve_dialog(
    subject: str, look: Look, clock: Callable[[], float], parent: QWidget | None = None
) -> UntilDialog:
    """Ask until when and why alarms are shelved; `clock` tells epoch seconds."""
    title = QCoreApplication.translate("AlarmDialogs", "Shelve")
    dialog = UntilDialog(title, subject, title, SHELVING, look, clock, parent)
    dialog.setWindowModality(Qt.WindowModality.WindowModal)
    return dialog


def works_dialog(
    subject: str, look: Look, clock: Callable[[], float], parent: QWidget | None = None
) -> UntilDialog:
    """Ask until when and for which works alarms of objects are masked; `clock` tells epoch seconds."""
    title = QCoreApplication.translate("AlarmDialogs", "Mask during works")
    verb = QCoreApplication.translate("AlarmDialogs", "Mask")
    return UntilDialog(title, subject, verb, WORKS, look, clock, parent)
