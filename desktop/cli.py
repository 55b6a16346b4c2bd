"""The `vigie` command."""

from __future__ import annotations

import importlib
import importlib.metadata
import sys
from pathlib import Path
from types import ModuleType
from typing import Any, NoReturn

import click

from desktop.options import Options

EXAMPLES = {
    "vigie": "\b\nExamples:\n  vigie\n"
    "  vigie --screenshot map.png --size 1920x1080 --view 5.0415,47.3215,13 --locale fr",
    "sync": "\b\nExample:\n  vigie sync https://registry.example.org/ogc --mapping mapping.toml --json",
    "serve": "\b\nExample:\n  vigie registry serve --port 8080",
    "doctor": "\b\nExample:\n  vigie doctor",
    "field": "\b\nExample:\n  vigie field --broker mqtt://127.0.0.1 --script storm.toml",
    "audit": "\b\nExamples:\n  vigie audit verify --anchor /mnt/share/audit-anchors-desk-3.jsonl\n"
    "  vigie audit export november.csv",
}


class Size(click.ParamType[tuple[int, int]]):
    """WIDTHxHEIGHT in pixels."""

    name = "WIDTHxHEIGHT"

    def convert(
        self, value: object, param: click.Parameter | None, ctx: click.Context | None
    ) -> tuple[int, int]:
        """Two whole numbers from 320 to 7680."""
        if isinstance(value, tuple):
            return value
        parts = str(value).lower().split("x")
        if len(parts) != 2 or not all(part.isdigit() and 320 <= int(part) <= 7680 for part in parts):
            self.fail(f"{value!r} is not a size such as 1920x1080 (320 to 7680 each way)", param, ctx)
        return int(parts[0]), int(parts[1])


class View(click.ParamType[tuple[float, float, float]]):
    """LON,LAT,ZOOM."""

    name = "LON,LAT,ZOOM"

    def convert(
        self, value: object, param: click.Parameter | None, ctx: click.Context | None
    ) -> tuple[float, float, float]:
        """Degrees east and north, and a zoom from 8 to 21."""
        if isinstance(value, tuple):
            return value
        try:
            longitude, latitude, zoom = (float(part) for part in str(value).split(","))
        except ValueError:
            self.fail(f"{value!r} is not a view such as 5.0415,47.3215,13", param, ctx)
        if not (-180 <= longitude <= 180 and -85 <= latitude <= 85 and 8 <= zoom <= 21):
            self.fail(f"{value!r} is out of range: longitude ±180, latitude ±85, zoom 8 to 21", param, ctx)
        return longitude, latitude, zoom


class Commands(click.Group):
    """Says what is wrong with a command line in one line, and ends."""

    def main(self, *args: Any, **options: Any) -> NoReturn:  # noqa: ANN401 - as click has it
        """Run the command line; does not return."""
        options.setdefault("prog_name", "vigie")
        try:
            code = super().main(*args, **{**options, "standalone_mode": False})
        except click.UsageError as error:
            command = "vigie" if error.ctx is None else error.ctx.command_path
            message = " ".join(error.format_message().split())
            if error.ctx is not None and message == " ".join(error.ctx.get_help().split()):
                error.show()  # a command that needs a word more, and was given none
            else:
                click.echo(f"{command}: {message.rstrip('.')}; see {command} --help", err=True)
            sys.exit(error.exit_code)
        except click.ClickException as error:
            click.echo(f"vigie: {' '.join(error.format_message().split())}", err=True)
            sys.exit(error.exit_code)
        except click.Abort:
            click.echo("vigie: stopped", err=True)
            sys.exit(130)
        sys.exit(code if isinstance(code, int) else 0)


def _tell_version(context: click.Context, _option: click.Parameter, asked: bool) -> None:
    if not asked or context.resilient_parsing:
        return
    try:
        version = importlib.metadata.version("vigie")
    except importlib.metadata.PackageNotFoundError:
        version = "not installed, run from its source"
    click.echo(f"vigie, {version}")
    context.exit()


def _load(module: str) -> ModuleType:
    # Qt and the numerics are loaded by the command that needs them: `vigie sync` runs on a server without Qt.
    return importlib.import_module(module)


version_option = click.option(
    "--version",
    is_flag=True,
    is_eager=True,
    expose_value=False,
    callback=_tell_version,
    help="Say which version.",
)


@click.group(cls=Commands, invoke_without_command=True, epilog=EXAMPLES["vigie"])
@click.option(
    "--screenshot", type=click.Path(path_type=Path, dir_okay=False), help="Write a picture and leave."
)
@click.option("--size", type=Size(), help="Size of the window.")
@click.option("--view", type=View(), help="Where the map looks.")
@click.option("--layers", help="Show only these layers: ids separated by commas.")
@click.option("--theme", type=click.Choice(["dark", "light"]), help="Colours.")
@click.option("--locale", type=click.Choice(["fr", "en"]), help="Language.")
@click.option("--select", metavar="LAYER/ID", help="Select an object.")
@version_option
@click.pass_context
def main(
    context: click.Context,
    screenshot: Path | None,
    size: tuple[int, int] | None,
    view: tuple[float, float, float] | None,
    layers: str | None,
    theme: str | None,
    locale: str | None,
    select: str | None,
) -> None:
    """Vigie: the live map of a metropolis's control room. Without a command, opens it."""
    if context.invoked_subcommand is not None:
        return
    options = Options(
        screenshot=screenshot,
        size=size,
        view=view,
        layers=None if layers is None else tuple(name.strip() for name in layers.split(",") if name.strip()),
        theme=theme,
        locale=locale,
        select=select,
    )
    sys.exit(_load("desktop.app").run(options))


@main.command(epilog=EXAMPLES["sync"])
@click.argument("url", required=False)
@click.option("--mapping", type=click.Path(path_type=Path, exists=True, dir_okay=False), help="Mapping file.")
@click.option("--json", "as_json", is_flag=True, help="Print the summary as JSON.")
@click.option("--yes", is_flag=True, help="Agree to remove many features the registry no longer lists.")
def sync(url: str | None, mapping: Path | None, as_json: bool, yes: bool) -> None:
    """Bring the cache in step with a registry (the configured one unless URL is given)."""
    sys.exit(_load("desktop.terminal").sync(url, mapping, as_json, yes))


@main.group()
def registry() -> None:
    """The demo metropolis's own registry."""


@registry.command(epilog=EXAMPLES["serve"])
@click.option("--host", default="127.0.0.1", show_default=True, help="Address to listen on.")
@click.option(
    "--port", default=8080, show_default=True, type=click.IntRange(0, 65535), help="Port to listen on."
)
def serve(host: str, port: int) -> None:
    """Serve the demo metropolis as an OGC API Features registry until interrupted."""
    sys.exit(_load("desktop.terminal").serve(host, port))


@main.command(epilog=EXAMPLES["field"])
@click.option("--broker", required=True, metavar="URL", help="Where to publish: mqtt, mqtts, ws or wss.")
@click.option(
    "--script", type=click.Path(path_type=Path, exists=True, dir_okay=False), help="Events to make happen."
)
@click.option("--assets", type=click.IntRange(2_000, 2_000_000), help="About how many objects the city has.")
@click.option("--seed", type=int, help="Which city, and what happens in it by chance.")
def field(broker: str, script: Path | None, assets: int | None, seed: int | None) -> None:
    """Run the demo metropolis's equipment against an MQTT broker until interrupted."""
    sys.exit(_load("desktop.terminal").field(broker, script, assets, seed))


@main.command(epilog=EXAMPLES["doctor"])
@click.option("--json", "as_json", is_flag=True, help="Print the checks as JSON.")
def doctor(as_json: bool) -> None:
    """Say what is installed, reachable, writable or damaged; the exit code is 0 when all is well."""
    sys.exit(_load("desktop.terminal").doctor(as_json))


audit_file = click.option(
    "--file",
    type=click.Path(path_type=Path, dir_okay=False),
    help="Work file, such as a copy; this user's when not given.",
)


@main.group(epilog=EXAMPLES["audit"])
def audit() -> None:
    """The log of who did what, which nobody can quietly alter."""


@audit.command("verify")
@click.option(
    "--anchor", type=click.Path(path_type=Path, dir_okay=False), help="Anchors file kept somewhere else."
)
@click.option("--json", "as_json", is_flag=True, help="Print the verdict as JSON.")
@audit_file
def audit_verify(anchor: Path | None, as_json: bool, file: Path | None) -> None:
    """Say whether the log is as it was written: 0 when it is, 1 when it is not, 2 when it cannot be read."""
    sys.exit(_load("desktop.audit_terminal").verify_log(file, anchor, as_json))


@audit.command("export")
@click.argument("target", metavar="FILE", type=click.Path(path_type=Path, dir_okay=False))
@audit_file
def audit_export(target: Path, file: Path | None) -> None:
    """Write every entry to FILE, named .csv or .jsonl."""
    sys.exit(_load("desktop.audit_terminal").export_log(file, target))


@audit.command("anchor")
@click.argument("target", metavar="[FILE]", required=False, type=click.Path(path_type=Path, dir_okay=False))
@audit_file
def audit_anchor(target: Path | None, file: Path | None) -> None:
    """Add where the log ends to FILE (this user's anchors when not given), and print it."""
    sys.exit(_load("desktop.audit_terminal").anchor_log(file, target))
