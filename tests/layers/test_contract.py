"""What every layer of the catalog promises to the rest of the application."""

from __future__ import annotations

import copy
import re
import unicodedata
from collections.abc import Iterator

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from layers import load_layers
from layers.definition import Action, Argument, Field, LayerDefinition, Severity, Text
from layers.model import Live, Quality

LAYERS = load_layers()
EVERY_LAYER = pytest.mark.parametrize("layer", LAYERS.values(), ids=lambda layer: layer.id)
EVERY_ACTION = pytest.mark.parametrize(
    ("layer", "action"),
    [
        pytest.param(layer, action, id=f"{layer.id}-{action.id}")
        for layer in LAYERS.values()
        for action in layer.actions
    ],
)
TOPIC_SAFE = re.compile(r"[A-Za-z0-9_-]+")
UNACCENTED = re.compile(
    r"\b(defaut|eclairage|arret|declenche|equipe|detecteur|controleur|priorite|batiment|"
    r"camera|velo|meteo|deneigement|ferme|leve|temperature|humidite|debit|telephone|metier)e?s?\b",
    re.IGNORECASE,
)

ANYTHING: st.SearchStrategy[object] = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text() | st.binary(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(), inner, max_size=3),
    max_leaves=5,
)


def fields_of(layer: LayerDefinition) -> tuple[Field, ...]:
    return layer.fields + layer.live


def instructions_of(layer: LayerDefinition) -> Iterator[Text]:
    """What is said of alarms and commands; all of it is translated."""
    for rule in layer.alarms:
        yield from (rule.title, rule.guidance)
    for action in layer.actions:
        yield from (action.title, action.consequence)


def texts_of(layer: LayerDefinition) -> Iterator[Text]:
    yield from (layer.title, layer.singular)
    yield from instructions_of(layer)
    for argument in arguments_of(layer):
        yield argument.label
        yield from (choice.label for choice in argument.choices)
    for field in fields_of(layer):
        yield field.label
        yield from (choice.label for choice in field.choices)
    yield from (fault.label for fault in layer.faults)
    yield from (state.label for state in layer.states)


def arguments_of(layer: LayerDefinition) -> tuple[Argument, ...]:
    return tuple(argument for action in layer.actions for argument in action.arguments)


def value_for(field: Field) -> st.SearchStrategy[object]:
    if field.choices:
        return st.sampled_from([choice.value for choice in field.choices])
    if field.type in ("integer", "number"):
        return st.integers(-2, 20) | st.floats(-5, 150)
    return st.booleans() if field.type == "boolean" else st.text(max_size=5)


def plausible_for(fields: tuple[Field, ...]) -> st.SearchStrategy[dict[str, object]]:
    return st.fixed_dictionaries({}, optional={field.name: value_for(field) for field in fields})


def values_for(fields: tuple[Field, ...]) -> st.SearchStrategy[dict[str, object]]:
    """Records with the layer's own names, each value plausible or of any other type."""
    either = {field.name: value_for(field) | ANYTHING for field in fields}
    return st.fixed_dictionaries({}, optional=either) | st.dictionaries(st.text(), ANYTHING, max_size=3)


def lives_for(layer: LayerDefinition) -> st.SearchStrategy[Live | None]:
    codes = [fault.value for fault in layer.faults]
    fault = st.sampled_from(codes) | st.text() if codes else st.text()
    live = st.builds(
        Live,
        time=st.floats(),
        quality=st.sampled_from(Quality),
        values=values_for(layer.live) | plausible_for(layer.live),
        faults=st.lists(fault, max_size=4).map(tuple),
    )
    return st.none() | live


@EVERY_LAYER
def test_names_can_stand_in_a_topic(layer: LayerDefinition) -> None:
    names = [layer.id, *(state.id for state in layer.states), *(fault.value for fault in layer.faults)]
    names += [field.name for field in fields_of(layer)]
    names += [rule.id for rule in layer.alarms] + [action.id for action in layer.actions]
    names += [argument.name for argument in arguments_of(layer)]
    assert [name for name in names if not TOPIC_SAFE.fullmatch(name)] == []


@EVERY_LAYER
def test_names_are_said_once(layer: LayerDefinition) -> None:
    for names in (
        [state.id for state in layer.states],
        [field.name for field in layer.fields],
        [field.name for field in layer.live],
        [fault.value for fault in layer.faults],
        [rule.id for rule in layer.alarms],
        [action.id for action in layer.actions],
        *([argument.name for argument in action.arguments] for action in layer.actions),
        *([choice.value for choice in argument.choices] for argument in arguments_of(layer)),
        *([choice.value for choice in field.choices] for field in fields_of(layer)),
    ):
        assert len(set(names)) == len(names)


@EVERY_LAYER
def test_place_in_its_group_is_its_own(layer: LayerDefinition) -> None:
    same = [other.id for other in LAYERS.values() if (other.group, other.order) == (layer.group, layer.order)]
    assert same == [layer.id]


@EVERY_LAYER
def test_first_state_is_the_plain_normal_one(layer: LayerDefinition) -> None:
    assert layer.states[0].severity is Severity.NORMAL
    assert not layer.states[0].badge
    assert layer.state_of({}, None) == 0


@EVERY_LAYER
@settings(max_examples=60, deadline=None)
@given(data=st.data())
def test_state_is_found_for_any_record_and_any_news(layer: LayerDefinition, data: st.DataObject) -> None:
    state = layer.state_of(data.draw(values_for(layer.fields)), data.draw(lives_for(layer)))
    assert type(state) is int
    assert 0 <= state < len(layer.states)


@EVERY_LAYER
def test_every_fault_shows_as_abnormal(layer: LayerDefinition) -> None:
    shown = {fault.value: state_with(layer, fault.value) for fault in layer.faults}
    assert [fault for fault, severity in shown.items() if severity is Severity.NORMAL] == []


@EVERY_LAYER
def test_a_second_fault_never_hides_a_worse_one(layer: LayerDefinition) -> None:
    codes = [fault.value for fault in layer.faults]
    for first in codes:
        for second in codes:
            both = state_with(layer, first, second)
            assert both == max(state_with(layer, first), state_with(layer, second)), (first, second)


def state_with(layer: LayerDefinition, *faults: str) -> Severity:
    return layer.states[layer.state_of({}, Live(time=0.0, faults=faults))].severity


@EVERY_LAYER
def test_every_word_is_said_in_both_languages(layer: LayerDefinition) -> None:
    texts = list(texts_of(layer))
    assert [text for text in texts if not text.en.strip() or not text.fr.strip()] == []
    # One word may be the same in both ("Plan", "Intrusion"); a phrase that is the same was not translated.
    assert [text for text in texts if text.en == text.fr and " " in text.en] == []
    same = [text for text in texts if text.en == text.fr]
    assert len(same) <= len(texts) / 2, same


@EVERY_LAYER
def test_alarms_and_commands_are_explained_in_both_languages(layer: LayerDefinition) -> None:
    texts = list(instructions_of(layer))
    assert [text for text in texts if not text.en.strip() or not text.fr.strip()] == []
    assert [text for text in texts if text.en == text.fr] == []


@EVERY_LAYER
def test_french_is_well_typeset(layer: LayerDefinition) -> None:
    for text in texts_of(layer):
        french = text.fr
        assert french == french.strip() == unicodedata.normalize("NFC", french)
        assert "'" not in french, f"{french!r}: the apostrophe is ’"
        assert '"' not in french, f"{french!r}: the quotation marks are « and »"
        assert not re.search(r" [;:!?]", french), f"{french!r}: the space before is not a breaking one"
        assert not UNACCENTED.search(french), f"{french!r}: an accent is missing"


@EVERY_LAYER
def test_fields_say_what_their_type_needs(layer: LayerDefinition) -> None:
    for field in fields_of(layer):
        assert (field.type == "choice") == bool(field.choices), field.name
        assert (field.type == "reference") == bool(field.layer), field.name
        assert field.digits is None or field.type == "number", field.name
        if field.layer:
            assert field.layer in LAYERS, field.name


@EVERY_LAYER
def test_fields_it_names_exist(layer: LayerDefinition) -> None:
    registry = {field.name for field in layer.fields}
    everything = {field.name for field in fields_of(layer)}
    assert {layer.label_field} - {""} <= registry
    assert set(layer.state_fields) <= registry
    assert {layer.bearing_field, layer.view_angle_field, layer.view_range_field} - {""} <= everything
    assert {layer.line.by} - {""} <= registry


@EVERY_LAYER
@settings(max_examples=200, deadline=None)
@given(data=st.data())
def test_state_reads_no_registry_field_it_does_not_declare(
    layer: LayerDefinition, data: st.DataObject
) -> None:
    values = data.draw(st.none() | plausible_for(layer.live))
    live = None if values is None else Live(time=0.0, values=values)
    record = data.draw(plausible_for(layer.fields))
    kept = {name: value for name, value in record.items() if name in layer.state_fields}
    assert layer.state_of(record, live) == layer.state_of(kept, live)


@EVERY_LAYER
def test_zooms_are_in_order(layer: LayerDefinition) -> None:
    assert 0 <= layer.min_zoom < layer.max_zoom <= 24
    for zoom in (layer.cluster_below, layer.dot_below, layer.label_from):
        assert 0 <= zoom <= layer.max_zoom
    assert layer.dot_below == 0 or layer.cluster_below <= layer.dot_below <= layer.label_from
    if layer.geometry != "point":
        assert (layer.cluster_below, layer.dot_below) == (0, 0)


@EVERY_LAYER
def test_what_is_live_has_an_age(layer: LayerDefinition) -> None:
    carries_news = bool(layer.live or layer.faults or layer.moving)
    assert layer.is_live == carries_news
    assert layer.stale_after is None or layer.stale_after > 0


@EVERY_LAYER
def test_every_fault_has_an_alarm(layer: LayerDefinition) -> None:
    faults = [fault.value for fault in layer.faults]
    states = {state.id for state in layer.states}
    assert sorted(rule.fault for rule in layer.alarms if rule.fault) == sorted(faults)
    for rule in layer.alarms:
        assert bool(rule.fault) != bool(rule.state), rule.id
        assert rule.id == (rule.fault or rule.state)
        assert rule.severity is not Severity.NORMAL
        assert rule.on_delay >= 0 <= rule.off_delay
        assert not rule.state or rule.state in states


@EVERY_LAYER
def test_what_explains_an_alarm_is_a_reference_to_a_layer_that_raises_it(layer: LayerDefinition) -> None:
    for rule in layer.alarms:
        if not rule.upstream:
            assert rule.upstream_alarms == ()
            continue
        field = layer.field(rule.upstream)
        assert field is not None and field.type == "reference", rule.id
        assert set(rule.upstream_alarms) <= {cause.id for cause in LAYERS[field.layer].alarms}


@EVERY_ACTION
def test_commands_name_fields_and_commands_that_exist(layer: LayerDefinition, action: Action) -> None:
    if action.declared_in:
        field = layer.field(action.declared_in)
        assert field is not None and field.type in ("boolean", "text")
    if action.expires:
        cancel = layer.action(action.cancelled_by)
        assert cancel is not None and not cancel.expires and not cancel.arguments
        assert not cancel.needs_fresh, "an override must be lifted even when the equipment is silent"
    else:
        assert action.cancelled_by == ""
    assert action.effect_timeout > 0
    assert action.several or (action.select_above is None and action.two_persons_above is None)


@EVERY_ACTION
def test_arguments_have_limits_or_approved_values(layer: LayerDefinition, action: Action) -> None:
    for argument in action.arguments:
        if argument.type == "choice":
            assert bool(argument.choices) != bool(argument.declared_in), argument.name
            assert not argument.declared_in or layer.field(argument.declared_in) is not None
        else:
            assert argument.minimum is not None and argument.maximum is not None, argument.name
            assert argument.minimum < argument.maximum and argument.step > 0
            assert argument.minimum <= argument.default <= argument.maximum


@EVERY_ACTION
@settings(max_examples=60, deadline=None)
@given(data=st.data())
def test_effect_and_interlock_are_found_for_any_record_and_any_news(
    layer: LayerDefinition, action: Action, data: st.DataObject
) -> None:
    likely = {it.name: st.integers(-1, 101) | st.text(max_size=3) | ANYTHING for it in action.arguments}
    arguments = data.draw(st.fixed_dictionaries({}, optional=likely))
    record, live = data.draw(values_for(layer.fields)), data.draw(lives_for(layer))
    if live is not None:
        kept = copy.deepcopy((arguments, live.values))
        seen = action.effect(arguments, live)
        assert type(seen) is bool
        assert action.effect(arguments, live) is seen
        assert repr((arguments, live.values)) == repr(kept)
    if action.interlock is not None:
        reason = action.interlock(record, live)
        assert reason is None or (reason.en and reason.fr and reason.en != reason.fr)
        assert action.interlock(record, live) == reason


@EVERY_ACTION
@settings(max_examples=60, deadline=None)
@given(data=st.data())
def test_interlock_reads_only_facts_that_are_at_hand(
    layer: LayerDefinition, action: Action, data: st.DataObject
) -> None:
    if action.interlock is None:
        return
    record, live = data.draw(plausible_for(layer.fields)), data.draw(lives_for(layer))
    kept = {name: value for name, value in record.items() if name in layer.needed_facts}
    assert action.interlock(record, live) == action.interlock(kept, live)
