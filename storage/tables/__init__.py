"""The tables, in the order the data is born: organisation, rosters, asking, sending, answering, telling, log."""

from storage.tables.answering import Answer, Envelope, FreeText, Support, Theme, ThemeAuthor
from storage.tables.asking import Discussion, LeftAlonePerson, Look, Participation, Run
from storage.tables.courses import Course, CourseParticipant, SeriesAnswer, SeriesMember, Wave
from storage.tables.log import Erasure, LogEntry
from storage.tables.organisation import Absence, Address, Membership, Person, Role, Unit, UnitBelow
from storage.tables.paper import Poster
from storage.tables.polls import Poll
from storage.tables.rosters import RosteredDays, Shift
from storage.tables.sending import Delivery, Lane, Link
from storage.tables.telling import Decision, Digest, PublicationRow

__all__ = [
    "Absence",
    "Address",
    "Answer",
    "Course",
    "CourseParticipant",
    "Decision",
    "Delivery",
    "Digest",
    "Discussion",
    "Envelope",
    "Erasure",
    "FreeText",
    "Lane",
    "LeftAlonePerson",
    "Link",
    "LogEntry",
    "Look",
    "Membership",
    "Participation",
    "Person",
    "Poll",
    "Poster",
    "PublicationRow",
    "Role",
    "RosteredDays",
    "Run",
    "SeriesAnswer",
    "SeriesMember",
    "Shift",
    "Support",
    "Theme",
    "ThemeAuthor",
    "Unit",
    "UnitBelow",
    "Wave",
]
