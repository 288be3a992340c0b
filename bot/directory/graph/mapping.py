"""The mapping file: what is read from Entra, and what it becomes here. Checked as flow files are."""

from pathlib import Path
from typing import Annotated, Literal, Self
from uuid import UUID

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, ValidationError, model_validator

from bot.directory.values import clean, read_path
from flows.mistakes import Mistake, refuse
from flows.remedies import tell
from flows.yaml_file import Problem, name_file, read_text, read_yaml
from storage.directory.records import walk_path
from storage.tables.organisation import RoleName

EXTENSION = "extension_attribute_"  # fifteen of them, which personnel systems often fill
NUMBERS = ("employee_id", "object_id", *(f"{EXTENSION}{place}" for place in range(1, 16)))


class MappingInvalid(Exception):
    """The file cannot be used; the text has every problem with its line."""


def _read_group(text: str) -> str:
    try:
        return str(UUID(text))
    except ValueError:
        raise ValueError(f"{text!r} is no object id; copy it from the group's page in Entra") from None


def _read_path(text: str) -> str:
    try:
        return read_path(clean(text))
    except ValueError as error:
        raise ValueError(f"{text!r} {error}") from None


def _read_number(text: str) -> str:
    if text not in NUMBERS:
        raise ValueError(f"{text!r} cannot be the number; write employee_id, object_id or {EXTENSION}1 to 15")
    return text


Group = Annotated[str, AfterValidator(_read_group)]
Path_ = Annotated[str, AfterValidator(_read_path)]


class _Part(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True, strict=True)


class UnitSource(_Part):
    """Who belongs to a unit: the members of a group, or the accounts with this department."""

    path: Path_
    group: Group | None = None
    department: str | None = None
    employer: str | None = None  # if nothing is said: as it was, or the top of the path


class ResourceGroup(_Part):
    """A group that cuts across units, with those who ask on its behalf."""

    path: Path_
    group: Group
    coordinators: Group | None = None


class GroupRole(_Part):
    """What the members of a group answer for."""

    role: Annotated[RoleName, Field(strict=False)]
    path: Path_
    group: Group


class Mapping(_Part):
    """`people`: who says who works here. Where it is the file from the personnel system (csv), nobody comes in or
    leaves by Entra: it adds addresses in Teams and resource groups. Where it is entra, people, units and leaders come
    from there, and what Entra does not know stays as the file said."""

    people: Literal["csv", "entra"] = "csv"
    number: Annotated[str, AfterValidator(_read_number)] = "employee_id"
    only: Annotated[tuple[Group, ...], Field(strict=False)] = ()  # if nothing is said: everybody in the tenant
    language: Literal["nb", "nn", "en"] = "nb"  # of those who come in
    leaders: Literal["manager", "csv"] = "manager"
    units: Annotated[tuple[UnitSource, ...], Field(strict=False)] = ()
    resource_groups: Annotated[tuple[ResourceGroup, ...], Field(strict=False)] = ()
    roles: Annotated[tuple[GroupRole, ...], Field(strict=False)] = ()

    @property
    def is_source(self) -> bool:
        """Whether Entra says who works here."""
        return self.people == "entra"

    @property
    def group_paths(self) -> frozenset[str]:
        """The resource groups, whose members come from Entra, whoever says who works here."""
        return frozenset(one.path for one in self.resource_groups)

    @property
    def groups(self) -> dict[str, str]:
        """Every group that is read, with the place that it is for."""
        found = dict.fromkeys(self.only, "only")
        found |= {one.group: one.path for one in self.units if one.group}
        found |= {one.group: one.path for one in self.resource_groups}
        found |= {one.coordinators: one.path for one in self.resource_groups if one.coordinators}
        return found | {one.group: one.path for one in self.roles}

    @property
    def select(self) -> tuple[str, ...]:
        """The properties of a user that are asked for: no others are."""
        by_number = {"employee_id": ("employeeId",), "object_id": ()}
        fields = ["id", "accountEnabled", "userType", "userPrincipalName", "mail"]
        fields += by_number.get(self.number, ("onPremisesExtensionAttributes",))
        if self.is_source:
            fields.append("displayName")
            fields += ["department"] if any(one.department for one in self.units) else []
            fields += ["manager"] if self.leaders == "manager" else []
        return tuple(fields)

    @model_validator(mode="after")
    def _fits_together(self) -> Self:
        mistakes = [*self._find_foreign(), *self._find_units(), *self._find_paths()]
        if mistakes:
            refuse(mistakes)
        return self

    def _find_foreign(self) -> list[Mistake]:
        if self.is_source:
            return [] if self.units else [(("people",), "says entra, so units must say who belongs where; add them")]
        says = "comes from the file where people come from there; take it away, or write people: entra"
        return [((key,), says) for key in ("units", "roles") if getattr(self, key)]

    def _find_units(self) -> list[Mistake]:
        mistakes: list[Mistake] = []
        seen: set[tuple[str, str | None]] = set()
        for place, one in enumerate(self.units):
            if bool(one.group) == bool(one.department):
                mistakes.append((("units", place), "needs a group or a department, and not both"))
                continue
            source = ("group", one.group) if one.group else ("department", one.department)
            if source in seen:
                mistakes.append((("units", place, source[0]), "stands at another unit too; keep one of them"))
            seen.add(source)
        return mistakes

    def _find_paths(self) -> list[Mistake]:
        units = {above for one in self.units for above in walk_path(one.path)}
        seen: set[str] = set()
        mistakes: list[Mistake] = []
        for place, group in enumerate(self.resource_groups):
            if group.path in units:
                says = "is a unit by the units above; a group that cuts across has a path of its own"
                mistakes.append((("resource_groups", place, "path"), says))
            if group.path in seen:
                mistakes.append((("resource_groups", place, "path"), "stands here twice; keep one of them"))
            seen.add(group.path)
        parts = [(key, place, one) for key in ("units", "resource_groups", "roles") for place, one in self._each(key)]
        tops = [next(walk_path(one.path)) for _, _, one in parts]
        for (key, place, _), top in zip(parts, tops, strict=True):
            if top != tops[0]:
                mistakes.append(((key, place, "path"), f"is not under «{tops[0]}»; write the path from the top"))
        return mistakes

    def _each(self, key: str) -> list[tuple[int, UnitSource | ResourceGroup | GroupRole]]:
        return list(enumerate(getattr(self, key)))


PARTS: dict[str, type[BaseModel]] = {
    "": Mapping,
    "units": UnitSource,
    "resource_groups": ResourceGroup,
    "roles": GroupRole,
}


def read_mapping(path: Path | None) -> Mapping:
    """The mapping in a file; where there is none, people come from elsewhere and get addresses alone. Raises
    MappingInvalid."""
    if path is None:
        return Mapping()
    content = read_text(path)
    document = content if isinstance(content, Problem) else read_yaml(name_file(path), content)
    if isinstance(document, Problem):
        raise MappingInvalid(str(document))
    data = document.data if document.data is not None else {}
    try:
        return Mapping.model_validate(data)
    except ValidationError as error:
        raise MappingInvalid("\n".join(map(str, tell(name_file(path), document, data, error, PARTS)))) from None
