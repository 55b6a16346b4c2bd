"""Who may sign in, and as what."""

from __future__ import annotations

from pathlib import Path

import pytest

from desktop.work.operators import (
    DEMO_TEAM,
    Identity,
    LocalIdentity,
    Operator,
    OperatorsError,
    Right,
    Role,
    load_operators,
)
from layers import load_layers
from tests.house.source import ROOT

ONE = '[[operator]]\nid = "a"\nname = "Anne"\nrole = "operator"\n'
LAYERS = tuple(load_layers())


def written(folder: Path, text: str) -> Path:
    file = folder / "operators.toml"
    file.write_text(text, encoding="utf-8")
    file.chmod(0o644)
    return file


def test_the_example_holds_every_role() -> None:
    team = load_operators(ROOT / "resources" / "operators-example.toml", LAYERS)
    assert {each.role for each in team} == set(Role)


def test_people_are_read_in_the_order_of_the_file(tmp_path: Path) -> None:
    text = ONE + '[[operator]]\nid = "b"\nname = "Béa"\nrole = "viewer"\nlayers = ["bollards"]\n'
    team = load_operators(written(tmp_path, text), LAYERS)
    assert [each.name for each in team] == ["Anne", "Béa"]
    assert team[1].layers == ("bollards",)


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("operator = 3", "operator"),
        ("[[operators]]\n", "known here: [[operator]]"),
        (ONE + "rank = 3\n", "known here: id, name, role, layers"),
        (ONE.replace('"operator"', '"boss"'), "viewer, operator, supervisor, planner"),
        (ONE.replace('"a"', '" "'), "operator[0].id"),
        (ONE.replace('name = "Anne"\n', ""), "name"),
        (ONE + ONE, "operator[1].id: 'a' is operator[0]'s already"),
        (ONE + 'layers = ["street-light"]\n', "no layer is called 'street-light'"),
        ("[[operator", "not valid TOML"),
        ("é", "not valid TOML"),
    ],
)
def test_what_is_wrong_is_one_line_with_file_and_key(tmp_path: Path, text: str, told: str) -> None:
    file = written(tmp_path, text)
    with pytest.raises(OperatorsError) as raised:
        load_operators(file, LAYERS)
    line = str(raised.value)
    assert line.startswith(f"{file}: ") and told in line and "\n" not in line


def test_bytes_that_are_no_text_are_told(tmp_path: Path) -> None:
    file = tmp_path / "operators.toml"
    file.write_bytes(b"\xff\xfe\x00")
    with pytest.raises(OperatorsError, match="not valid TOML"):
        load_operators(file)


def test_without_a_file_nobody_signs_in_and_the_file_to_write_is_named(tmp_path: Path) -> None:
    identity: Identity = LocalIdentity(tmp_path / "operators.toml", LAYERS)
    assert identity.operators == ()
    assert str(tmp_path / "operators.toml") in identity.notice
    with pytest.raises(OperatorsError):
        identity.sign_in("demo-moreau")


def test_the_demo_has_a_team_until_there_is_a_file(tmp_path: Path) -> None:
    identity = LocalIdentity(tmp_path / "operators.toml", LAYERS, demo=True)
    assert identity.demo and identity.operators == DEMO_TEAM and not identity.notice
    assert identity.sign_in("demo-lefevre").may(Right.READ_AUDIT)
    assert all(each.id.startswith("demo-") for each in DEMO_TEAM)
    assert {layer for each in DEMO_TEAM for layer in each.layers} <= set(LAYERS)
    identity = LocalIdentity(written(tmp_path, ONE), LAYERS, demo=True)
    assert not identity.demo and [each.id for each in identity.operators] == ["a"]


def test_a_file_that_anybody_may_write_is_warned_about(tmp_path: Path) -> None:
    file = written(tmp_path, ONE)
    assert LocalIdentity(file).notice == ""
    file.chmod(0o666)
    assert "anybody may write it" in LocalIdentity(file).notice


@pytest.mark.parametrize(
    ("role", "right", "allowed"),
    [
        (Role.VIEWER, Right.ACKNOWLEDGE, False),
        (Role.PLANNER, Right.COMMAND, False),
        (Role.OPERATOR, Right.COMMAND, True),
        (Role.OPERATOR, Right.READ_AUDIT, False),
        (Role.SUPERVISOR, Right.SUPPRESS, True),
    ],
)
def test_a_role_has_its_rights(role: Role, right: Right, allowed: bool) -> None:
    assert Operator(id="a", name="Anne", role=role).may(right) is allowed


def test_somebody_may_command_only_their_layers() -> None:
    anne = Operator(id="a", name="Anne", role=Role.OPERATOR, layers=("bollards",))
    assert anne.may(Right.COMMAND, "bollards") and not anne.may(Right.COMMAND, "junctions")
    assert anne.may(Right.ACKNOWLEDGE, "junctions")
