"""The way in: `medvirk` in a terminal. Nobody but the commands asks what time it is."""

import click

from bot.commands.course import course
from bot.commands.db import db
from bot.commands.demo import demo
from bot.commands.directory import directory
from bot.commands.discussion import discussion
from bot.commands.doctor import doctor
from bot.commands.flow import flow
from bot.commands.links import revoke, write_links
from bot.commands.log import log
from bot.commands.mail import mail
from bot.commands.paper import poster, write_slips
from bot.commands.people import people
from bot.commands.person import person
from bot.commands.progress import pause, resume, show, watch
from bot.commands.rehearse import rehearse
from bot.commands.roster import roster
from bot.commands.run import run
from bot.commands.serve import serve
from bot.commands.settings import show_settings


@click.group(context_settings={"help_option_names": ["-h", "--help"]})
def main() -> None:
    """Medvirk: employees take part in their own workplace, one small question at a time."""


for command in (
    *(serve, demo, people, directory, person, roster, course, flow, run, discussion, mail, log, poster, db, doctor),
    show_settings,
):
    main.add_command(command)
people.add_command(write_links)
people.add_command(revoke)
people.add_command(write_slips)
flow.add_command(rehearse)
for command in (show, watch, pause, resume):
    run.add_command(command)


if __name__ == "__main__":
    main()
