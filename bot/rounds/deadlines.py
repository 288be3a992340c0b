"""When a round closes: so many days after it opened, and never just after the digest that is to tell about it."""

from datetime import datetime, time, timedelta

from bot.parts import Parts
from flows.model import Flow
from flows.schedule import Occurrence, Schedule, add_days, find_moment, find_occurrences, local_day

AN_INSTANT = timedelta(microseconds=1)


def find_deadline(parts: Parts, flow: Flow, occurrence: Occurrence) -> datetime:
    """When the run of this occurrence closes: at the same wall clock, whatever clocks have done in between; on the day
    of a digest with it at the latest."""
    return close_by_digest(parts, add_days(occurrence.at, flow.deadline_days, occurrence.zone))


def close_by_digest(parts: Parts, closes_at: datetime) -> datetime:
    """`closes_at` (UTC); after a digest of the same day the moment of that digest. A round that closed an hour later
    would be told of in the next one, a week too late. A tick closes before it makes digests."""
    zone = parts.settings.zone
    midnight = find_moment(datetime.combine(local_day(closes_at, zone), time()), zone)
    digests = find_occurrences(digest_schedule(parts), zone, midnight - AN_INSTANT, closes_at)
    return digests[-1].at if digests else closes_at


def digest_schedule(parts: Parts) -> Schedule:
    return Schedule(cron=parts.settings.digest_cron)
