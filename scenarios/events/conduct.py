"""Events that change how forces behave for a time: patrols halted, an offensive toward some regions."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import ClassVar

import numpy as np

from scenarios.directory import Moment, Positions
from scenarios.events.base import Context, Episode, Event, entry, number, order_problems, text, texts, when
from scenarios.words import Labels, When, day, name, percent, regions_of, since

TINY = 1e-12
"""Keeps shares of nothing from being divided by 0."""


@dataclass(frozen=True, kw_only=True)
class HaltPatrols(Episode):
    """A force patrols and operates less (or more) in some regions between two dates."""

    kind: ClassVar[str] = "halt_patrols"

    organisation: str = entry(text, names="organisation")
    begin: When = entry(when, key="from")
    end: When = entry(when, key="to")
    regions: tuple[str, ...] = entry(texts, names="region", default=("all",))
    tempo: float = entry(number, low=0.05, high=2.0, default=0.1)

    @property
    def first(self) -> When:
        """Day from which patrols halt."""
        return self.begin

    @property
    def last(self) -> When:
        """Day on which they resume."""
        return self.end

    def act(self, moment: Moment) -> None:
        """Multiply the tempo at the beginning, divide it again at the end."""
        regions = moment.directory.regions(self.regions)
        change_tempo(moment, self.organisation, regions, self.tempo, (self.begin, self.end))

    def says(self, labels: Labels) -> str:
        """Who halts patrols where and how far."""
        who, until = name(self.organisation, labels), f"until {day(self.end)}"
        tempo = f"keeps to {percent(self.tempo)} of its tempo {regions_of(self.regions)}"
        return f"{since(self.begin)}, {who} {tempo} {until}."

    def contradictions(self, context: Context) -> Iterator[str]:
        """It cannot end before it begins."""
        yield from order_problems([("from", self.begin), ("to", self.end)])


def change_tempo(moment: Moment, who: str, regions: Positions, factor: float, span: tuple[When, When]) -> None:
    """Multiply an organisation's tempo when `span` begins and undo it when it ends."""
    begin, end = span
    grid = np.ix_(moment.lanes, [moment.directory.organisation(who)], regions)
    if moment.is_week_of(begin):
        moment.state.organisations.tempo[grid] *= factor
    # What was in force before the run began is not known here, so it is not undone either.
    if moment.is_week_of(end) and not moment.began_before_start(begin):
        moment.state.organisations.tempo[grid] /= factor


@dataclass(frozen=True, kw_only=True)
class Offensive(Event):
    """A side turns a share of its attention to some regions, at the expense of all others, for a time.

    Each week the regions get at least `share` of the effort of every organisation of the side. Inside
    them it is divided as before, or equally if there was none. When the offensive ends, the
    organisations' own reviews move attention on.
    """

    kind: ClassVar[str] = "offensive"

    by: str = entry(text, names="party")
    regions: tuple[str, ...] = entry(texts, names="region")
    begin: When = entry(when, key="from")
    end: When = entry(when, key="to")
    share: float = entry(number, high=0.95)

    @property
    def first(self) -> When:
        """First day of the offensive."""
        return self.begin

    @property
    def last(self) -> When:
        """Last day of the offensive."""
        return self.end

    def act(self, moment: Moment) -> None:
        """Raise the regions to their share, and lower the rest so that effort still sums to 1."""
        directory, effort = moment.directory, moment.state.organisations.effort
        regions = directory.regions(self.regions)
        grid = np.ix_(moment.lanes, directory.party(self.by))
        now = effort[grid]
        inside = now[..., regions].sum(axis=-1, keepdims=True)
        even = np.full(regions.size, self.share / regions.size)
        aimed = np.where(inside > 0.0, now[..., regions] * self.share / np.maximum(inside, TINY), even)
        raised = now * (1.0 - self.share) / np.maximum(1.0 - inside, TINY)
        raised[..., regions] = aimed
        effort[grid] = np.where(inside < self.share, raised, now)

    def says(self, labels: Labels) -> str:
        """Who turns where, how strongly and how long."""
        share = f"turns at least {percent(self.share)} of its attention to operations"
        return f"{since(self.begin)}, {name(self.by, labels)} {share} {regions_of(self.regions)} until {day(self.end)}."

    def contradictions(self, context: Context) -> Iterator[str]:
        """It cannot end before it begins, and has to aim somewhere."""
        yield from order_problems([("from", self.begin), ("to", self.end)])
        if self.regions == ("all",):
            yield "regions is all, expected the regions that the offensive is aimed at"
