"""Who is at the desk: the name and role at the right of the top bar, and the menu to sign in and out."""

from __future__ import annotations

from typing import TYPE_CHECKING

from qtpy.QtCore import Qt, Signal
from qtpy.QtWidgets import QMenu, QToolButton, QWidget

from desktop.panels.command_words import role_words
from desktop.panels.look import BASE, font
from desktop.panels.parts import plain_tip
from desktop.panels.wording import one_line
from desktop.work.operators import ABSENT, OperatorsError

if TYPE_CHECKING:
    from desktop.operations import Operations


class OperatorMenu(QToolButton):
    """« poste 3 · opérateur ». Its menu lists the people of the room."""

    failed = Signal(str)
    """Why somebody could not sign in, one line."""

    def __init__(self, operations: Operations, console: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._operations, self._console = operations, console
        self.setObjectName("flat")
        self.setFont(font(BASE))
        self.setPopupMode(QToolButton.ToolButtonPopupMode.InstantPopup)
        self.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonTextOnly)
        self.setMenu(QMenu(self))
        self.menu().aboutToShow.connect(self.fill)
        operations.operator_changed.connect(self.refresh)
        self.refresh()

    def refresh(self) -> None:
        """Say who is here."""
        operator = self._operations.operator
        here = operator != ABSENT
        role = role_words(operator.role) if here else self.tr("nobody signed in")
        self.setText(" · ".join(part for part in (self._console, role) if part).replace("&", "&&"))
        name = one_line(operator.name)
        tip = self.tr("{0}, {1}").format(name, role) if here else self.tr("Sign in to act from this desk")
        self.setToolTip(plain_tip(tip))
        self.setAccessibleName(tip)

    def fill(self) -> None:
        """Write the menu: everybody who may sign in, and the way out."""
        menu, present = self.menu(), self._operations.operator
        menu.clear()
        if not self._operations.operators:
            menu.addAction(self.tr("No operator is declared in operators.toml")).setEnabled(False)
        for operator in self._operations.operators:
            text = f"{one_line(operator.name)} · {role_words(operator.role)}".replace("&", "&&")
            action = menu.addAction(text)
            action.setCheckable(True)
            action.setChecked(operator.id == present.id)
            action.triggered.connect(lambda *_, it=operator.id: self.sign_in(it))
        if self._operations.notice:
            menu.addSeparator()
            menu.addAction(one_line(self._operations.notice).replace("&", "&&")).setEnabled(False)
        if present != ABSENT:
            menu.addSeparator()
            menu.addAction(self.tr("Sign out"), self._operations.sign_out)

    def sign_in(self, operator_id: str) -> None:
        """Let somebody take the desk; `failed` says why not."""
        try:
            self._operations.sign_in(operator_id)
        except OperatorsError as error:
            self.failed.emit(str(error))

    def open(self) -> None:
        """Open the menu."""
        self.showMenu()
