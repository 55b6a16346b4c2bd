"""Settings: a file, the environment over it, and one line for what cannot be used."""

from __future__ import annotations

from pathlib import Path

import pytest

from desktop.paths import Paths, default_paths
from desktop.settings import Settings, SettingsError, load_settings, unknown_variables


@pytest.fixture
def paths(tmp_path: Path) -> Paths:
    found = default_paths({"VIGIE_HOME": str(tmp_path)})
    found.config.mkdir(parents=True)
    return found


def load(paths: Paths, text: str, **variables: str) -> Settings:
    paths.settings_file.write_text(text, encoding="utf-8")
    return load_settings(paths, variables)


def refusal(paths: Paths, text: str, **variables: str) -> str:
    with pytest.raises(SettingsError) as caught:
        load(paths, text, **variables)
    message = str(caught.value)
    assert "\n" not in message
    return message


def test_everything_is_under_one_home(tmp_path: Path) -> None:
    paths = default_paths({"VIGIE_HOME": str(tmp_path)})
    files = (
        paths.settings_file,
        paths.layout_file,
        paths.layers,
        paths.work_db,
        paths.demo,
        paths.cache_db,
        paths.log,
    )
    assert len(set(files)) == 7
    assert all(tmp_path in file.parents for file in files)
    assert not any(tmp_path.iterdir())


def test_without_a_home_the_platform_decides() -> None:
    paths = default_paths({})
    assert all("vigie" in str(folder) for folder in (paths.config, paths.data, paths.cache, paths.log))
    assert all(folder.is_absolute() for folder in (paths.config, paths.data, paths.cache, paths.log))


def test_without_a_file_there_is_the_demo(tmp_path: Path) -> None:
    settings = load_settings(default_paths({"VIGIE_HOME": str(tmp_path)}), {})
    assert settings.is_demo
    assert settings.appearance.theme == "dark"
    assert settings.console


def test_a_file_is_read_and_its_paths_start_at_its_folder(paths: Paths) -> None:
    settings = load(
        paths,
        """
        basemap = "../maps/dijon.vigie"
        console = "PC-04"
        [registry]
        url = "https://registry.example.org/ogc"
        mapping = "mapping.toml"
        verify = "authority.pem"
        interval_s = 15
        allow_hosts = ["files.example.org"]
        [appearance]
        locale = "fr"
        """,
    )
    assert not settings.is_demo
    assert (settings.console, settings.appearance.locale) == ("PC-04", "fr")
    assert settings.basemap == paths.config / "../maps/dijon.vigie"
    assert settings.registry.mapping == paths.config / "mapping.toml"
    assert settings.registry.verify == str(paths.config / "authority.pem")
    assert (settings.registry.interval_s, settings.registry.allow_hosts) == (15.0, ("files.example.org",))


def test_the_environment_is_over_the_file(paths: Paths) -> None:
    settings = load(
        paths,
        '[registry]\nurl = "https://old.example.org"\npage_size = 50\n[appearance]\ntheme = "light"',
        VIGIE_REGISTRY_URL="http://127.0.0.1:8080/ogc",
        VIGIE_REGISTRY_VERIFY="false",
        VIGIE_REGISTRY_ALLOW_HOSTS="a.example.org, b.example.org",
        VIGIE_THEME="dark",
        VIGIE_APPEARANCE_REDUCED_MOTION="true",
        VIGIE_APPEARANCE_SCALE="1.5",
        VIGIE_DEMO_ASSETS="1000000",
        VIGIE_TERRITORY_NAME="",
    )
    registry = settings.registry
    assert (registry.url, registry.page_size, registry.verify) == ("http://127.0.0.1:8080/ogc", 50, False)
    assert registry.allow_hosts == ("a.example.org", "b.example.org")
    assert (settings.appearance.theme, settings.appearance.reduced_motion) == ("dark", True)
    assert (settings.appearance.scale, settings.demo.assets) == (1.5, 1_000_000)
    assert settings.territory.name == "Dijon Métropole"


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("regsitry = 1", "regsitry"),
        ('[registry]\nulr = "https://x.example"', "ulr"),
        ("[registry]\nurl = 3", "registry.url"),
        ('[registry]\nurl = "registry.example.org"', "registry.url"),
        ('[registry]\nurl = "file:///etc/passwd"', "registry.url"),
        ('[registry]\nurl = "https://[broken"', "registry.url"),
        ("[registry]\npage_size = 0", "registry.page_size"),
        ("[registry]\ntimeout_s = -1", "registry.timeout_s"),
        ('[appearance]\ntheme = "pink"', "appearance.theme"),
        ('[appearance]\nreduced_motion = "yes"', "appearance.reduced_motion"),
        ("[demo]\nassets = 1", "demo.assets"),
        ("basemap = 3", "path"),
        ("[registry", "TOML"),
        ("x = [" * 5000, "TOML"),
    ],
)
def test_a_wrong_file_is_one_line_that_names_it_and_the_setting(paths: Paths, text: str, says: str) -> None:
    message = refusal(paths, text)
    assert message.startswith(f"{paths.settings_file}: ") and says in message


def test_a_misspelt_setting_comes_with_those_there_are(paths: Paths) -> None:
    assert "known here: url, mapping" in refusal(paths, '[registry]\nulr = "https://x.example"')


def test_a_file_in_another_encoding_is_one_line(paths: Paths) -> None:
    paths.settings_file.write_bytes('[territory]\nname = "Métropole"'.encode("latin-1"))
    with pytest.raises(SettingsError, match="not valid TOML"):
        load_settings(paths, {})


def test_a_folder_in_place_of_the_file_is_one_line(paths: Paths) -> None:
    paths.settings_file.mkdir()
    with pytest.raises(SettingsError, match="cannot be read"):
        load_settings(paths, {})


@pytest.mark.parametrize(
    ("variable", "value"),
    [
        ("VIGIE_REGISTRY_URL", "nowhere"),
        ("VIGIE_DEMO_ASSETS", "many"),
        ("VIGIE_LOCALE", "de"),
        ("VIGIE_REGISTRY_TIMEOUT_S", "0"),
    ],
)
def test_a_wrong_variable_is_one_line_that_names_it(paths: Paths, variable: str, value: str) -> None:
    assert refusal(paths, "", **{variable: value}).startswith(f"{variable}='{value}': ")


def test_variables_that_are_no_settings_are_known() -> None:
    given = {"VIGIE_HOME": "/x", "VIGIE_REGISTRY_ULR": "x", "VIGIE_LOCALE": "fr", "HOME": "/root"}
    assert unknown_variables(given) == ["VIGIE_REGISTRY_ULR"]


def test_the_feed_is_configured_and_its_files_are_beside_the_settings(paths: Paths) -> None:
    text = '[feed]\nurl = "mqtts://broker:8883"\nca = "ca.pem"\n'
    feed = load(paths, text, VIGIE_FEED_KEEPALIVE_S="7").feed
    assert feed.url == "mqtts://broker:8883"
    assert feed.ca == paths.config / "ca.pem"
    assert feed.keepalive_s == 7


def test_a_feed_s_address_is_of_a_broker_and_holds_no_password(paths: Paths) -> None:
    assert "feed.url" in refusal(paths, '[feed]\nurl = "https://broker"\n')
    said = refusal(paths, '[feed]\nurl = "mqtt://desk:s3cret@broker"\n')
    assert "keyring" in said and "s3cret" not in said
    assert "s3cret" not in refusal(paths, '[feed]\nurl = "http://desk:s3cret@broker"\n')


def test_a_feed_s_password_in_the_environment_is_no_unknown_setting() -> None:
    assert unknown_variables({"VIGIE_FEED_PASSWORD": "s3cret"}) == []
