"""The `vigie` command where something is wrong around it: one line that says what, where and what to do."""

from __future__ import annotations

import os
import shutil
import signal
import socket
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.link.serving import Reply, features
from tests.troubled import LAMPS, Troubled, ended, held, lamp, served, started, until, vigie

BELOW_ROOT = (
    "setpriv",
    "--bounding-set=-dac_override,-dac_read_search",
    "--inh-caps=-dac_override,-dac_read_search",
)
"""Has root respect permissions, as any other user must."""


@pytest.fixture
def home(tmp_path: Path) -> Path:
    """A home that is not there yet."""
    return tmp_path / "home"


@pytest.fixture
def url() -> Iterator[str]:
    """The address of a registry with nothing wrong."""
    with served(Troubled()) as url:
        yield url


@pytest.fixture
def ordinary() -> tuple[str, ...]:
    """What makes a command heed permissions."""
    if os.geteuid():
        return ()
    if shutil.which("setpriv") is None or subprocess.run([*BELOW_ROOT, "true"], check=False).returncode:
        pytest.skip("root cannot be made to heed permissions here")
    return BELOW_ROOT


@pytest.fixture
def small_disk(tmp_path: Path) -> Iterator[Path]:
    """A disk with room for an empty cache and little more."""
    folder = tmp_path / "disk"
    folder.mkdir()
    mount = ["mount", "-t", "tmpfs", "-o", "size=400k", "tmpfs", str(folder)]
    if os.geteuid() or subprocess.run(mount, capture_output=True, check=False).returncode:
        pytest.skip("no disk can be mounted here")
    yield folder
    subprocess.run(["umount", str(folder)], check=True)


@pytest.mark.parametrize(
    ("arguments", "line"),
    [
        (["--view", "5.04"], "'5.04' is not a view such as 5.0415,47.3215,13"),
        (["--size", "12x12"], "'12x12' is not a size such as 1920x1080"),
        (["--nonsense"], "No such option"),
        (["registry", "serve", "--port", "99999"], "99999 is not in the range"),
        (["sync"], "no registry is known; give its address, or set registry.url in"),
        (["sync", "ftp://registry.example"], "'ftp://registry.example' is not an http(s) address"),
        (["sync", "http://localhost", "--mapping", "nowhere.toml"], "'nowhere.toml' does not exist"),
    ],
)
def test_a_command_line_that_cannot_be_followed(home: Path, arguments: list[str], line: str) -> None:
    done = vigie(*arguments, home=home)
    assert done.code == 2
    assert line in done.line
    assert done.out == ""


@pytest.mark.parametrize(
    ("arguments", "line"),
    [
        (["--screenshot", "nowhere/map.png"], "nowhere/map.png: there is no folder"),
        (["--screenshot", "map.xyz"], "map.xyz: not the name of a picture; end it in .png or .jpg"),
        (["--layers", "lamps,crews"], "--layers: no layer 'lamps'; there are street-lights,"),
        (["--select", "lamps"], "--select: 'lamps' is not LAYER/ID"),
    ],
)
def test_a_window_that_cannot_be_as_wanted_is_not_opened(home: Path, arguments: list[str], line: str) -> None:
    done = vigie(*arguments, home=home)
    assert done.code == 2
    assert line in done.line
    assert not (home / "cache").exists()
    assert not (home / "data").exists()


@pytest.mark.parametrize(
    ("text", "line"),
    [
        (
            '[registry]\nurll = "http://localhost"',
            "registry: Object contains unknown field `urll`; known here: url,",
        ),
        ("[registry\nurl = 1", "not valid TOML"),
        ("[registry]\nurl = 5", "registry.url: Expected `str | null`, got `int`; correct or remove it"),
        ("\0\xff", "not valid TOML"),
    ],
)
def test_settings_that_are_wrong(home: Path, text: str, line: str) -> None:
    file = home / "config" / "vigie.toml"
    file.parent.mkdir(parents=True)
    file.write_text(text, encoding="utf-8")
    done = vigie("sync", home=home)
    assert done.code == 2
    assert str(file) in done.line
    assert line in done.line


def test_a_misspelt_variable_is_said_and_the_rest_is_done(home: Path, url: str) -> None:
    done = vigie("sync", url, home=home, VIGIE_REGISTRI_URL="x")
    assert done.code == 0
    assert "VIGIE_REGISTRI_URL: no such setting, ignored; did you mean VIGIE_REGISTRY_URL?" in done.line


def test_a_layer_file_that_is_wrong_is_named(home: Path, url: str) -> None:
    file = home / "config" / "layers" / "bad.py"
    file.parent.mkdir(parents=True)
    file.write_text("raise SystemExit", encoding="utf-8")
    done = vigie("sync", url, home=home)
    assert done.code == 2
    assert f"{file}: SystemExit" in done.line


def test_a_home_that_may_not_be_written_is_named(home: Path, url: str, ordinary: tuple[str, ...]) -> None:
    assert vigie("sync", url, home=home).code == 0
    folders = [home / "cache", home]
    for folder in folders:
        folder.chmod(0o555)
    file = home / "cache" / "cache.db"
    file.chmod(0o444)
    try:
        done = vigie("sync", url, home=home, before=ordinary)
        opened = vigie("--screenshot", "map.png", home=home, before=ordinary, VIGIE_REGISTRY_URL=url)
        made = vigie("registry", "serve", home=home, before=ordinary)
    finally:
        for folder in folders:
            folder.chmod(0o755)
    for one in (done, opened):
        assert one.code == 2
        assert f"{file}: cannot be written; give this user the right to write in {file.parent}" in one.line
    assert made.code == 2
    assert "cannot be written: not permitted; give this user the right" in made.err.splitlines()[-1]
    assert held(home) == LAMPS


def test_a_home_that_cannot_be_made_is_named(tmp_path: Path, url: str) -> None:
    (tmp_path / "home").write_text("a file", encoding="utf-8")
    done = vigie("sync", url, home=tmp_path / "home")
    assert done.code == 2
    assert str(tmp_path / "home") in done.line


def test_a_disk_too_small_for_the_demo_is_said_before_it_is_made(small_disk: Path) -> None:
    made = vigie("registry", "serve", home=small_disk / "other", VIGIE_DEMO_ASSETS="2000")
    assert made.code == 2
    assert "demo metropolis cannot be written: the disk is full; free some space" in made.err.splitlines()[-1]
    assert not list((small_disk / "other" / "data").glob("*"))


def test_a_full_disk_is_said_and_what_was_read_before_is_kept(small_disk: Path) -> None:
    registry, home = Troubled(), small_disk / "home"
    with served(registry) as url:
        registry.items = lambda _: features(*(lamp(number) for number in range(50)))
        assert vigie("sync", url, home=home).code == 0
        registry.items = lambda _: features(*(lamp(number) for number in range(5000)))
        done = vigie("sync", url, home=home)
        assert done.code in (1, 2)
        assert f"{home / 'cache' / 'cache.db'}: the disk is full; free some space there" in done.line
        subprocess.run(["mount", "-o", "remount,size=20m", str(small_disk)], check=True)
        assert held(home) >= 50
        assert vigie("sync", url, home=home).code == 0
        assert held(home) == 5000


@pytest.mark.parametrize("how", ["garbage", "cut", "spoilt"])
def test_a_damaged_cache_is_moved_aside_and_filled_again(home: Path, url: str, how: str) -> None:
    assert vigie("sync", url, home=home).code == 0
    file = home / "cache" / "cache.db"
    whole = file.read_bytes()
    noise = bytes(range(7, 251)) * 600
    middle = len(whole) // 3
    file.write_bytes(
        {
            "garbage": noise,
            "cut": whole[: len(whole) // 2],
            "spoilt": whole[:middle] + noise[: len(whole) // 3] + whole[middle + len(whole) // 3 :],
        }[how]
    )
    assert vigie("doctor", home=home, VIGIE_REGISTRY_URL=url).code in (1, 2)
    done = vigie("sync", url, home=home)
    if done.code:  # found in the middle of the work: the next run begins anew
        assert f"{file}: the database is damaged" in done.line
        done = vigie("sync", url, home=home)
    else:
        assert f"{file}: the cache was damaged; it was moved aside and is filled anew" in done.line
    assert done.code == 0
    assert held(home) == LAMPS
    assert len(list(file.parent.glob("cache.db.damaged-*"))) == 1


def test_a_port_that_is_taken_is_named(home: Path) -> None:
    folder = home / "data" / "demo"
    folder.mkdir(parents=True)
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = str(taken.getsockname()[1])
        done = vigie("registry", "serve", "--port", port, home=home, VIGIE_DEMO_ASSETS="2000")
    assert done.code == 2
    last = done.err.splitlines()[-1]
    assert (
        last
        == f"vigie registry serve: 127.0.0.1:{port}: Address already in use; choose another --port or --host"
    )


def test_a_registry_that_is_silent_or_refuses_or_is_not_trusted(home: Path, tmp_path: Path) -> None:
    with socket.socket() as silent:
        silent.bind(("127.0.0.1", 0))
        silent.listen()
        port = silent.getsockname()[1]
        done = vigie("sync", f"http://127.0.0.1:{port}", home=home, VIGIE_REGISTRY_TIMEOUT_S="0.5")
        assert done.code == 2
        assert "no answer within 0.5 s; check registry.url and the network" in done.line
    done = vigie("sync", f"http://127.0.0.1:{port}", home=home)
    assert "no answer" in done.line
    assert "refused" in done.line


def test_a_certificate_nobody_vouches_for_is_refused(home: Path, tmp_path: Path) -> None:
    key, certificate = tmp_path / "key.pem", tmp_path / "certificate.pem"
    if shutil.which("openssl") is None:
        pytest.skip("needs openssl to make a certificate")
    made = ["openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes"]
    subject = ["-subj", "/CN=localhost", "-addext", "subjectAltName=IP:127.0.0.1", "-days", "2"]
    subprocess.run([*made, *subject, "-keyout", key, "-out", certificate], check=True, capture_output=True)
    serve = (
        "import ssl,sys,http.server as h\n"
        "s=h.HTTPServer(('127.0.0.1',0),h.SimpleHTTPRequestHandler)\n"
        "c=ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)\nc.load_cert_chain(sys.argv[1],sys.argv[2])\n"
        "s.socket=c.wrap_socket(s.socket,server_side=True)\nprint(s.server_port,flush=True)\ns.serve_forever()\n"
    )
    command = [sys.executable, "-c", serve, str(certificate), str(key)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True) as server:
        assert server.stdout is not None
        url = f"https://127.0.0.1:{server.stdout.readline().strip()}"
        refused = vigie("sync", url, home=home)
        trusted = vigie("sync", url, home=home, VIGIE_REGISTRY_VERIFY=str(certificate))
        server.kill()
    assert refused.code == 2
    assert "its certificate is not accepted" in refused.line
    assert "set registry.verify to your authority's file" in refused.line
    assert "its certificate" not in trusted.line


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM, signal.SIGKILL])
def test_a_sync_that_is_stopped_leaves_a_sound_cache(home: Path, number: signal.Signals) -> None:
    registry, total = Troubled(), 6000
    asked: list[str] = []

    def slowly(path: str) -> Reply:
        asked.append(path)
        start = int(path.partition("offset=")[2] or 0)
        if start == 4000 and len(asked) == 5:
            until(lambda: stopped)  # the sync is stopped while it waits for this page
        more = f',"links":[{{"rel":"next","href":"?offset={start + 1000}"}}]' if start + 1000 < total else ""
        return features(*(lamp(each) for each in range(start, start + 1000)), more=more)

    registry.items, stopped = slowly, False
    with served(registry) as url:
        process = started("sync", url, home=home)
        until(lambda: len(asked) == 5)
        process.send_signal(number)
        process.wait(20)
        stopped = True
        done = ended(process)
        assert done.code == (-9 if number == signal.SIGKILL else 128 + number)
        if number != signal.SIGKILL:
            assert done.line == "vigie sync: stopped; what was done so far is kept"
        again = vigie("sync", url, home=home)
    assert (again.code, again.err) == (0, "")
    assert held(home) == total


def test_two_at_once_share_a_home(home: Path) -> None:
    registry = Troubled()
    registry.items = lambda _: features(*(lamp(number) for number in range(3000)))
    with served(registry) as url:
        both = [started("sync", url, home=home) for _ in range(2)]
        for done in map(ended, both):
            assert (done.code, done.err) == (0, "")
    assert held(home) == 3000
    assert not list((home / "cache").glob("*damaged*"))


def test_a_picture_of_a_registry_that_is_down_says_so_and_nothing_else(home: Path, tmp_path: Path) -> None:
    with served(Troubled("communes")) as url:
        assert vigie("sync", url, home=home).code == 0
    picture = tmp_path / "map.png"
    done = vigie("--screenshot", str(picture), "--size", "800x600", home=home, VIGIE_REGISTRY_URL=url)
    assert done.code == 0
    assert picture.stat().st_size > 10_000
    assert done.line.startswith(f"vigie: {url}/: no answer (")
    assert done.out == ""
    assert held(home) == LAMPS
