"""The way in: `medvirk` in a terminal. Nobody but the commands asks what time it is."""

import gc
from collections.abc import Mapping
from importlib import import_module

import click

# Where each command stands, and those that are given below it. Only the one that is given is imported: what the others
# need would make every start slower, and `serve` larger for as long as it runs.
COMMANDS: Mapping[str, tuple[str, ...]] = {
    "serve": ("serve:serve",),
    "demo": ("demo:demo",),
    "people": ("people:people", "links:write_links", "links:revoke", "paper:write_slips"),
    "directory": ("directory:directory", "slack_groups:find_groups_in_slack", "sync:sync"),
    "teams": ("teams:teams", "package:package"),
    "person": ("person:person",),
    "roster": ("roster:roster",),
    "course": ("course:course",),
    "flow": ("flow:flow", "rehearse:rehearse"),
    "run": ("run:run", "progress:show", "progress:watch", "progress:pause", "progress:resume"),
    "discussion": ("discussion:discussion",),
    "mail": ("mail:mail",),
    "slack": ("slack:slack",),
    "log": ("log:log",),
    "poster": ("paper:poster",),
    "db": ("db:db",),
    "doctor": ("doctor:doctor",),
    "settings": ("settings:show_settings",),
}


class Commands(click.Group):
    """The commands, each imported when it is asked for."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        return sorted(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        if cmd_name not in COMMANDS:
            return None
        command, *below = (_find(place) for place in COMMANDS[cmd_name])
        if isinstance(command, click.Group):
            for one in below:
                command.add_command(one)
        return command


def _find(place: str) -> click.Command:
    module, _, name = place.partition(":")
    gc.disable()  # what is imported stays: looking for waste in it, time after time, took a tenth of a start
    try:
        command = getattr(import_module(f"bot.commands.{module}"), name)
    finally:
        gc.enable()
    assert isinstance(command, click.Command), f"{place} is no command"
    return command


@click.group(cls=Commands, context_settings={"help_option_names": ["-h", "--help"]})
def main() -> None:
    """Medvirk: employees take part in their own workplace, one small question at a time."""


if __name__ == "__main__":
    main()
