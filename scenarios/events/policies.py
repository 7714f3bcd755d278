"""Events that are policies: investment and mediation, repression of suspects, humanitarian access.

Investment and repression rise (or fall) in a straight line to their level. In the week w of a ramp of
n weeks that ends at `level`, the value moves by 1 / (n - w) of what is left to go, so that a ramp
ends at its level wherever it began.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from scenarios.directory import Moment
from scenarios.events.base import Event, entry, later, number, texts, when, whole
from scenarios.words import Labels, When, percent, regions_of, since, weeks


@dataclass(frozen=True, kw_only=True)
class Ramp(Event):
    """A policy that takes some weeks to reach its level in some regions."""

    standing: ClassVar[bool] = True
    column: ClassVar[str]
    what: ClassVar[str]

    regions: tuple[str, ...] = entry(texts, names="region")
    level: float = entry(number)
    begin: When = entry(when, key="from")
    weeks: int = entry(whole, low=1, high=260, default=26)

    @property
    def first(self) -> When:
        """First week of the ramp."""
        return self.begin

    @property
    def last(self) -> When:
        """Week in which the level is reached."""
        return later(self.begin, self.weeks - 1)

    def act(self, moment: Moment) -> None:
        """Go this week's part of the way."""
        left = max(self.weeks - (moment.week - moment.at(self.begin)), 1)
        column = getattr(moment.state.policies, self.column)
        grid = moment.grid(moment.directory.regions(self.regions))
        column[grid] += (self.level - column[grid]) / left

    def says(self, labels: Labels) -> str:
        """What reaches which level, where and how fast."""
        where = regions_of(self.regions)
        return f"{since(self.begin)}, {self.what} {where} go to {percent(self.level)} over {weeks(self.weeks)}."


@dataclass(frozen=True, kw_only=True)
class Invest(Ramp):
    """Governments and aid invest early and mediate local disputes, such as those of herders and farmers."""

    kind: ClassVar[str] = "invest"
    column: ClassVar[str] = "investment"
    what: ClassVar[str] = "investment and mediation of local disputes"


@dataclass(frozen=True, kw_only=True)
class Repress(Ramp):
    """Security forces harass communities that they hold to be the enemy's."""

    kind: ClassVar[str] = "repress"
    column: ClassVar[str] = "repression"
    what: ClassVar[str] = "arrests and harassment of suspected communities"


@dataclass(frozen=True, kw_only=True)
class GrantAccess(Event):
    """Aid workers may reach the people of some regions as far as `level` says; a low level is a ban."""

    kind: ClassVar[str] = "grant_access"
    standing: ClassVar[bool] = True

    regions: tuple[str, ...] = entry(texts, names="region")
    level: float = entry(number)
    begin: When = entry(when, key="from")

    @property
    def first(self) -> When:
        """Day from which it holds."""
        return self.begin

    def act(self, moment: Moment) -> None:
        """Set access."""
        moment.state.policies.access[moment.grid(moment.directory.regions(self.regions))] = self.level

    def says(self, labels: Labels) -> str:
        """How far aid gets, and where."""
        access = f"{percent(self.level)} of unhindered"
        return f"{since(self.begin)}, humanitarian access {regions_of(self.regions)} is {access}."
