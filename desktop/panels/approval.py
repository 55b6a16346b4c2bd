"""Another desk asks for a second person: who, what, on which targets, and for how long it may be answered."""

from __future__ import annotations

from typing import TYPE_CHECKING

from desktop.hub import Hub
from desktop.map.canvas import Canvas
from desktop.panels.command_words import CommandWords, cause_words
from desktop.panels.look import Look
from desktop.panels.names import label_of
from desktop.panels.side_card import SideCard
from desktop.work.command import ApprovalRequest, Refused
from desktop.work.operators import Right
from desktop.work.picture import ObjectKey

if TYPE_CHECKING:
    from desktop.operations import Operations

NAMED = 6
"""Targets named one by one."""


class ApprovalCard(SideCard):
    """Agree or decline; it goes when it has been answered or when nobody did in time."""

    def __init__(
        self, request: ApprovalRequest, operations: Operations, hub: Hub, canvas: Canvas, look: Look
    ) -> None:
        super().__init__("", canvas, look)
        self.request, self._operations, self._hub = request, operations, hub
        words = CommandWords(look, hub.picture)
        self.title.setText(self.tr("A second person is asked for"))
        who = self.tr("{0}, {1}, asks your agreement:").format(request.operator, request.console)
        self.add_line(who, "dim")
        self.what = self.add_line(words.order(request.layer, request.action, request.arguments), "heading")
        self.targets = self.add_line(self._targets(words))
        definition = hub.picture.layers.get(request.layer)
        action = None if definition is None else definition.action(request.action)
        if action is not None and action.consequence.en:
            self.add_line(action.consequence.localized(look.locale), "dim")
        if request.reason:
            self.add_line(self.tr("Reason: {0}").format(request.reason))
        self.left = self.add_line(name="small")
        self.trouble = self.add_line()
        self.trouble.hide()
        self.decline = self.button(self.tr("Decline"))
        self.show_button = self.button(self.tr("Show on the map"))
        self.approve = self.button(self.tr("Agree"), acts=True)
        self.decline.clicked.connect(lambda *_: self._answer(False))
        self.approve.clicked.connect(lambda *_: self._answer(True))
        self.add_buttons(self.show_button, self.decline, self.approve)
        hub.ticked.connect(self.refresh)
        operations.operator_changed.connect(self._on_operator)
        self.show()
        self.refresh(hub.clock())
        self.place()

    def refresh(self, now: float) -> None:
        """Write the seconds left again; close once there are none."""
        left = self.request.expires - now
        if left <= 0:
            self.leave()
            return
        may = self._operations.operator.may(Right.APPROVE)
        text = self.tr("{0} s left to answer.").format(max(0, round(left)))
        if not may:
            text = f"{text} {self.tr('Sign in with a role that may agree.')}"
        self.left.setText(text)
        for button in (self.approve, self.decline):
            button.setEnabled(may)

    def _on_operator(self) -> None:
        self.refresh(self._hub.clock())

    def _targets(self, words: CommandWords) -> str:
        request = self.request
        if request.count <= 1:
            return words.targets(request.layer, request.targets, request.count)
        names = [label_of(self._hub.picture, ObjectKey(request.layer, it)) for it in request.targets[:NAMED]]
        more = "…" if request.count > len(names) else ""
        whole = words.targets(request.layer, request.targets, request.count)
        return f"{whole}{words.colon}{', '.join(names)}{more}"

    def _answer(self, agreed: bool) -> None:
        answer = self._operations.approve if agreed else self._operations.decline
        try:
            answer(self.request.command)
        except Refused as refused:
            self.trouble.setText(cause_words(refused.cause, refused.detail))
            self.trouble.show()
            self.place()
            return
        self.leave()
