"""Correction: simulated futures with level and place as recorded before the origin, as weather services correct theirs.

Every future was simulated from weeks before the origin on, so those weeks tell how far the simulator was off. Let R_r
be the recorded events a month in region r before the origin (a share `fresh` by weights that halve every `memory`
months, the rest by weights that halve every `usual` months), worth M months, and S_r the simulated ones in the whole
months before the origin. Then

    theta_r ~ Gamma(pull + R_r M / clumps, pull / theta_c + S_r M / clumps),   theta_c = (R_c M + 1) / (S_c M + 1)

is drawn once for each future: a Gamma-Poisson posterior that is shrunk to the ratio theta_c of its country, with events
in clumps counted less than their number. What the simulator drifts from the months before the origin to each month
ahead, country by country, is taken off but for a share `trend`; what the record used to gain from the months before an
origin to those after it is put on (`growth`), more where a country has had fewer events than its neighbours, because
war spread (`spread`, the power of the mean of the countries over the own level). The doubt about level stays for the
whole future, grows with the horizon and has a part that is new each month. Then events of a future are kept, left out
or doubled:

- a share 1 - `borrowed` of what is wanted comes from the events of a region itself, at theta_r;
- a share `borrowed` from all events of its country, at theta_c, put into regions as recorded (drawn anew for each
  future with the same doubt), so that places of which the simulator knows nothing get events too;
- of these all and of the former a share `dressed`, an event goes to a cell of its region in proportion to events
  recorded there within `pattern` months and in cells near by; the rest stay where they were simulated.

Sizes go over to recorded ones at the same rank, see `experiments.evidence.sizes`. When, who, which event is larger than
which, and the course of a future as a whole stay as simulated. Gamma-Poisson ratios: Clayton & Kaldor
1987, Biometrics 43; drift by lead time: Stockdale 1997, Monthly Weather Review 125; dressing: Roulston & Smith 2003,
Tellus 55A.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from experiments.evidence.areas import COUNTRIES, Areas
from experiments.evidence.picking import Made, chosen, copies
from experiments.evidence.sizes import Sizes, ranks, resized, sizes_of
from sim.parameters import Parameters, quantity

type Reals = NDArray[np.float64]
type Positions = NDArray[np.intp]

LEARNT = "hindcasts from origins of 2017 to 2019, targets to the end of 2020"
YEARS = 4
"""Recorded events that are older are left out."""

STREAM = 1993
"""Tells the chance of a correction from that of other things drawn for the same future."""


@dataclass(frozen=True)
class Correcting(Parameters):
    """Hyperparameters of the correction."""

    memory: float = quantity(4.0, unit="months", low=0.5, high=60.0, source=LEARNT)
    usual: float = quantity(24.0, unit="months", low=0.5, high=120.0, source=LEARNT)
    fresh: float = quantity(0.8, unit="share", low=0.0, high=1.0, source=LEARNT)
    growth: float = quantity(0.4, unit="log level", low=-1.0, high=1.0, source=LEARNT)
    spread: float = quantity(0.3, unit="exponent", low=0.0, high=1.0, source=LEARNT)
    pull: float = quantity(6.0, unit="events", low=0.1, high=50.0, source=LEARNT)
    clumps: float = quantity(6.0, unit="events a clump", low=1.0, high=50.0, source=LEARNT)
    trend: float = quantity(0.0, unit="exponent", low=0.0, high=1.0, source=LEARNT)
    borrowed: float = quantity(0.75, unit="share", low=0.0, high=1.0, source=LEARNT)
    dressed: float = quantity(0.75, unit="share", low=0.0, high=1.0, source=LEARNT)
    pattern: float = quantity(24.0, unit="months", low=1.0, high=120.0, source=LEARNT)
    near: float = quantity(0.55, unit="cells", low=0.05, high=5.0, source=LEARNT)
    anywhere: float = quantity(0.05, unit="share", low=0.0, high=1.0, source=LEARNT)
    lasting: float = quantity(0.4, unit="log level", low=0.0, high=2.0, source=LEARNT)
    growing: float = quantity(0.3, unit="log level in a year", low=0.0, high=2.0, source=LEARNT)
    monthly: float = quantity(0.3, unit="share of level", low=0.01, high=2.0, source=LEARNT)
    resized: float = quantity(1.0, unit="share", low=0.0, high=1.0, source=LEARNT)
    alike: float = quantity(0.25, unit="share", low=0.0, high=1.0, source=LEARNT)


class Ground(NamedTuple):
    """The areas by position.

    Attributes:
        region: of each cell, (cell,).
        country: of each region, (region,).
        gid: of each cell, sorted.
        names: of the regions.
    """

    region: Positions
    country: Positions
    gid: NDArray[np.int64]
    names: tuple[str, ...]


class Bias(NamedTuple):
    """What the months before the origin say.

    Attributes:
        recorded: events a month, (region,).
        simulated: events a month of a future, (region,).
        months: what the recorded are worth.
        drift: simulated events a month ahead over those before the origin, (country, month).
        pattern: worth of each cell as a place, adding up to 1 in a region, (cell,).
        sizes: recorded deaths per event.
    """

    recorded: Reals
    simulated: Reals
    months: float
    drift: Reals
    pattern: Reals
    sizes: Sizes


def ground_of(where: Areas) -> Ground:
    """Positions of the regions and countries of the areas."""
    names = where.regions
    region = np.array([names.index(name) for name in where.region], np.intp)
    country = np.array([COUNTRIES.index(name[:3]) for name in names], np.intp)
    return Ground(region, country, where.gid, names)


def corrected(
    future: pd.DataFrame, known: pd.DataFrame, where: Areas, span: tuple[int, int], how: Correcting, seed: int
) -> pd.DataFrame:
    """The events ahead of all futures with number and place corrected; in the columns of `future`.

    Args:
        future: simulated events as they would have been recorded, also of months before the origin.
        known: recorded events of the same kind, see `panel.shared_out`; those after the origin are left out.
        where: the areas that are scored; what happens elsewhere is left out.
        span: first month ahead, and how many.
        how: hyperparameters.
        seed: of chance; a future's chance is its own.

    Raises:
        ValueError: no whole month was simulated before the origin; one line.
    """
    ground = ground_of(where)
    inside = future[future["gid"].isin(ground.gid)]
    bias = bias_of(inside, known, where, ground, span, how)
    first, count = span
    ahead = inside[inside["month"].between(first, first + count - 1)].sort_values("draw", kind="stable")
    made = _made(ahead, ground, first)
    numbers, starts = np.unique(ahead["draw"].to_numpy(), return_index=True)
    ends = np.append(starts, len(ahead))[1:]
    parts = [
        (a, *_of_draw(made.part(a, b), bias, ground, how, _chance(seed, int(number))))
        for number, a, b in zip(numbers, starts, ends, strict=True)
    ]
    row = np.concatenate([start + kept for start, kept, *_ in parts])
    place, deaths = (np.concatenate(column) for column in zip(*(part[2:] for part in parts), strict=True))
    names = np.array(ground.names, object)[ground.region[place]]
    return ahead.iloc[row].assign(gid=ground.gid[place], region=names, deaths=deaths).reset_index(drop=True)


def _made(ahead: pd.DataFrame, ground: Ground, first: int) -> Made:
    cell = np.searchsorted(ground.gid, ahead["gid"].to_numpy())
    deaths = ahead["deaths"].to_numpy(np.float64)
    return Made(cell, ahead["month"].to_numpy() - first, deaths, *ranks(deaths, ground.country[ground.region[cell]]))


def bias_of(
    future: pd.DataFrame, known: pd.DataFrame, where: Areas, ground: Ground, span: tuple[int, int], how: Correcting
) -> Bias:
    """Compare recorded with simulated events of the months before the origin.

    Raises:
        ValueError: no whole month was simulated before the origin; one line.
    """
    first, count = span
    whole = int(future["month"].min()) + 1
    if whole >= first:
        raise ValueError("correction=regional needs whole months before the origin, give spinup of 9 weeks or more")
    draws, size = int(future["draw"].max()) + 1, len(ground.names)
    region = ground.region[np.searchsorted(ground.gid, future["gid"].to_numpy())]
    month = future["month"].to_numpy()
    before = (month >= whole) & (month < first)
    simulated = np.bincount(region[before], minlength=size) / (draws * (first - whole))
    ahead = (month >= first) & (month < first + count)
    at = ground.country[region[ahead]] * count + month[ahead] - first
    course = np.bincount(at, minlength=len(COUNTRIES) * count).reshape(-1, count) / draws
    usual = np.bincount(ground.country, simulated, len(COUNTRIES))[:, None]
    drift = np.divide(course, usual, out=np.ones_like(course), where=(usual > 0) & (course > 0))
    recorded, months, pattern, sizes = _recorded(known, where, ground, first, how)
    return Bias(recorded, simulated, months, drift, pattern, sizes)


def _recorded(
    known: pd.DataFrame, where: Areas, ground: Ground, first: int, how: Correcting
) -> tuple[Reals, float, Reals, Sizes]:
    """Recorded events a month by region, the months they are worth, the worth of cells as places, and sizes."""
    events = known[(known["deaths"] > 0) & known["gid"].isin(ground.gid)]
    age = first - 1 - events["month"].to_numpy()
    fresh = (age >= 0) & (age < 12 * YEARS)
    cell, age = np.searchsorted(ground.gid, events["gid"].to_numpy())[fresh], age[fresh]
    fading = [np.exp2(-np.arange(12 * YEARS) / half) for half in (how.memory, how.usual)]
    shares = (how.fresh, 1.0 - how.fresh)
    left = sum(share * weights / weights.sum() for share, weights in zip(shares, fading, strict=True))
    rate = np.bincount(ground.region[cell], left[age], len(ground.names))
    density = np.bincount(cell, np.exp2(-age / how.pattern), len(ground.gid))
    deaths, country = events["deaths"].to_numpy(np.float64)[fresh], ground.country[ground.region[cell]]
    sizes = sizes_of(deaths, country, age, len(COUNTRIES), how.alike)
    return rate, float(1.0 / (left**2).sum()), _pattern(density, where, ground, how), sizes


def _pattern(density: Reals, where: Areas, ground: Ground, how: Correcting) -> Reals:
    """Smooth a density over near cells of the same region; the shares of a region's cells add up to 1."""
    wide = np.cos(np.radians(where.lat.mean()))
    away = np.hypot(where.lat[:, None] - where.lat, (where.lon[:, None] - where.lon) * wide) / 0.5
    kernel = np.exp(-away / how.near) * (ground.region[:, None] == ground.region)
    smooth = (kernel / kernel.sum(axis=0)) @ density + 1e-9
    cells = np.bincount(ground.region, minlength=len(ground.names))[ground.region]
    share = smooth / np.bincount(ground.region, smooth, len(ground.names))[ground.region]
    return np.asarray((1.0 - how.anywhere) * share + how.anywhere / cells)


class Level(NamedTuple):
    """One future's draw of the level.

    Attributes:
        own: wanted over simulated events, by region, (region,).
        whole: the same by country, (country,).
        course: doubt and drift, (country, month).
        share: of a country's events that each region gets of the borrowed ones, (region,).
    """

    own: Reals
    whole: Reals
    course: Reals
    share: Reals


def level_of(bias: Bias, ground: Ground, how: Correcting, chance: np.random.Generator) -> Level:
    """Draw the level of one future."""
    size, count = bias.drift.shape
    recorded, simulated = (np.bincount(ground.country, x, size) * bias.months for x in (bias.recorded, bias.simulated))
    ratio = (recorded + 1.0) / (simulated + 1.0)
    shape = how.pull + bias.recorded * bias.months / how.clumps
    own = chance.gamma(shape) / (how.pull / ratio[ground.country] + bias.simulated * bias.months / how.clumps)
    shapes = how.pull + recorded / how.clumps
    whole = chance.gamma(shapes) * ratio / shapes
    steps = np.cumsum(chance.standard_normal((size, count)), axis=1) / np.sqrt(12.0)
    level = np.bincount(ground.country, bias.recorded, size) + SELDOM
    gain = how.growth + how.spread * np.log(level.mean() / level)[:, None]
    lasting = np.exp(gain + how.lasting * chance.standard_normal((size, 1)) + how.growing * steps)
    monthly = chance.gamma(how.monthly**-2, how.monthly**2, (size, count))
    share = chance.gamma((bias.recorded * bias.months + RARE) / how.clumps)
    return Level(own, whole, lasting * monthly * bias.drift ** (how.trend - 1.0), share)


RARE = 0.3
"""Events that a region without any is taken to have had (judgement)."""

SELDOM = 0.5
"""Events a month that every country is taken to have had besides, for `spread` (judgement)."""


def _of_draw(
    made: Made, bias: Bias, ground: Ground, how: Correcting, chance: np.random.Generator
) -> tuple[Positions, Positions, Reals]:
    """Positions of the events of one future that are kept, some twice, and a cell and deaths for each."""
    level = level_of(bias, ground, how, chance)
    region = ground.region[made.cell]
    country = ground.country[region]
    course = level.course[country, made.month]
    own = copies((1.0 - how.borrowed) * level.own[region] * course, chance)
    lent = copies(how.borrowed * level.whole[country] * course, chance)
    home = np.concatenate([region[own], chosen(country[lent], ground.country, level.share, chance)])
    placed = np.concatenate([chance.random(len(own)) >= how.dressed, np.zeros(len(lent), bool)])
    row = np.concatenate([own, lent])
    place = np.where(placed, made.cell[row], chosen(home, ground.region, bias.pattern, chance))
    recorded = resized(made.low[row], made.high[row], country[row], bias.sizes, chance)
    changed = (chance.random(len(row)) < how.resized) & (recorded > 0)
    return row, place, np.where(changed, recorded, made.deaths[row])


def _chance(seed: int, draw: int) -> np.random.Generator:
    return np.random.Generator(np.random.Philox(key=[seed, draw], counter=[0, 0, 0, STREAM]))
