"""The doctor's checks: a function each, in groups that can be asked for by name. A new one is a line here."""

from collections.abc import Mapping

from bot.watching.checks.database import check_database
from bot.watching.checks.entra import check_entra
from bot.watching.checks.flows import check_discussions, check_flows
from bot.watching.checks.machine import check_clock, check_disk, check_keys, check_packages
from bot.watching.checks.people import check_leaders, check_people, check_ways_to_people
from bot.watching.checks.running import check_deliveries, check_run_keys, check_tick
from bot.watching.checks.settings import check_settings
from bot.watching.checks.slack import check_slack
from bot.watching.checks.teams import check_teams
from bot.watching.checks.ways import check_access_log, check_address, check_mail, check_sms
from bot.watching.findings import Check

GROUPS: Mapping[str, tuple[Check, ...]] = {
    "settings": (check_settings,),
    "machine": (check_packages, check_clock, check_disk, check_keys),
    "database": (check_database,),
    "address": (check_address, check_access_log),
    "mail": (check_mail,),
    "sms": (check_sms,),
    "slack": (check_slack,),
    "teams": (check_teams,),
    "entra": (check_entra,),
    "flows": (check_flows, check_discussions),
    "people": (check_people, check_ways_to_people, check_leaders),
    "running": (check_tick, check_deliveries, check_run_keys),
}
