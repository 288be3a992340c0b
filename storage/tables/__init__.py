"""The tables, in the order the data is born: organisation, rosters, installing, asking, sending, answering, telling,
log."""

from storage.tables.answering import Answer, Envelope, FreeText, Support, Theme, ThemeAuthor
from storage.tables.asking import Discussion, LeftAlonePerson, Look, Participation, Run
from storage.tables.courses import Course, CourseParticipant, SeriesMember, SeriesTraces, Wave
from storage.tables.directory import Account, DirectoryCursor
from storage.tables.installing import Installation
from storage.tables.log import Erasure, LogEntry
from storage.tables.organisation import Absence, Address, Membership, Person, Role, Unit, UnitBelow
from storage.tables.paper import Poster
from storage.tables.polls import DeclaredPerson, Poll
from storage.tables.rosters import RosteredDays, Shift
from storage.tables.sending import Delivery, Lane, Link
from storage.tables.telling import Decision, Digest, PublicationRow

__all__ = [
    "Absence",
    "Account",
    "Address",
    "Answer",
    "Course",
    "CourseParticipant",
    "Decision",
    "DeclaredPerson",
    "Delivery",
    "Digest",
    "DirectoryCursor",
    "Discussion",
    "Envelope",
    "Erasure",
    "FreeText",
    "Installation",
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
    "SeriesMember",
    "SeriesTraces",
    "Shift",
    "Support",
    "Theme",
    "ThemeAuthor",
    "Unit",
    "UnitBelow",
    "Wave",
]
