"""A pretend engine: arrays that are a pure function of seed-free replicate number, fast and easy to predict."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

import numpy as np

from experiments.layout import AXES, Coordinates, mondays


@dataclass(frozen=True)
class Block:
    arrays: dict[str, np.ndarray]


def coordinates(weeks=32, cells=6, histories=("leave", "stay"), many=1):
    regions = ("MLI/Gao", "MLI/Mopti", "BFA/Sahel") * many
    days = mondays(date(2021, 7, 5), weeks)
    return Coordinates(
        history=histories,
        week=days,
        date=(days[3], days[-1]),
        coalition=("jnim", "issp", "mali", "burkina"),
        region=tuple(f"{r}{i // 3 or ''}" for i, r in enumerate(regions)),
        country=("MLI", "BFA"),
        dyad=("jnim-issp",),
        pair=("jnim-issp", "jnim-mali", "jnim-burkina", "issp-mali", "issp-burkina", "mali-burkina"),
        threat=("capital_attacks_bamako", "transnational_jnim"),
        month=days[(weeks - 1) % 4 :: 4],
        end=days[-1:],
        organisation=("katiba_macina", "fama"),
        group=("Dogon", "Fulani"),
        cell=tuple(range(150000, 150000 + cells)),
        lat=tuple(15.25 for _ in range(cells)),
        lon=tuple(-3.25 + 0.5 * i for i in range(cells)),
        cell_region=tuple(regions[i % 3] for i in range(cells)),
        cell_people=tuple(1000.0 * (i + 1) for i in range(cells)),
    )


class Setup:
    """Histories are equal before week `change`; from then on history 0 has 1 more of everything."""

    def __init__(self, names=None, change=10, broken=()):
        self.coordinates = names or coordinates()
        self.change = change
        self.broken = set(broken)
        self.asked = []

    def block(self, first, count):
        self.asked.append((first, count))
        if self.broken & set(range(first, first + count)):
            raise KeyboardInterrupt
        lanes = [self._lane(r) for r in range(first, first + count)]
        return Block({name: np.stack([lane[name] for lane in lanes], axis=1) for name in AXES})

    def _lane(self, replicate):
        chance = np.random.default_rng(replicate)
        return {name: self._array(name, chance, replicate) for name in AXES}

    def _array(self, name, chance, replicate):
        shape = self.coordinates.shape(name)
        if name == "zone":
            one = chance.integers(0, 5, shape).astype(np.int8)
        elif name in ("people", "area", "share", "organisations", "cover", "covered") or AXES[name][0] == "month":
            one = chance.random(shape, np.float32)
        elif name == "contact":
            one = _contact(shape, replicate)
        elif name == "threat":
            one = chance.poisson(2.0, shape).astype(np.float32)
        else:
            one = chance.poisson(0.5, shape).astype(np.int32)
        two = np.stack([one] * len(self.coordinates.history))
        if AXES[name][0] == "week":
            two[0, self.change :] += 1
        if AXES[name][0] == "month":
            after = self.coordinates.week[self.change :]
            two[0, [day in after for day in self.coordinates.month]] += 1
        return two


def _contact(shape, replicate):
    """The first pair is at war in even replicates and 3:1 in a truce in odd ones; the others do not meet."""
    one = np.zeros(shape, np.float32)
    one[:, 0] = (0, 0, 0, 0, 1) if replicate % 2 == 0 else (0, 0, 0.75, 0, 0.25)
    return one
