"""From probabilities of zone classes to one picture: who holds a cell, and who attacks there."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
import xarray as xr
from numpy.typing import NDArray

from experiments.figures import style

GROUND_HELD = ("support", "contested", "control")
NOBODY = -1


class Picture(NamedTuple):
    """What a control-of-terrain map says of each cell; coalitions are positions, -1 is nobody."""

    holder: NDArray[np.int64]  # coalition that holds or contests the cell
    zone: NDArray[np.str_]  # its zone: "control", "contested", "support", or "none"
    rival: NDArray[np.int64]  # the other side of a contested cell
    attacker: NDArray[np.int64]  # armed group with an attack zone over the cell
    chance: NDArray[np.float64]  # share of replicates that agree with holder and zone


def picture(grid: xr.Dataset) -> Picture:
    """The most probable picture of a grid of one date and history.

    For each coalition the zone class that most replicates give the cell counts. Of the
    coalitions that hold ground by it, control comes before contested, and contested before a
    support zone; ties go to the larger mean share of control. A state's control and support
    zones count together as state-held. The likeliest attack zone of an armed group is laid over
    whoever holds the cell.
    """
    names = [str(name) for name in grid["coalition"].values]
    probability = _probability(grid, names)
    share = grid["share_mean"].transpose("coalition", "cell").values.astype(np.float64)
    zones = [str(zone) for zone in grid["zone"].values]
    mode = np.array(zones)[probability.argmax(axis=1)]  # (coalition, cell)
    holder = _strongest(np.select([mode == zone for zone in GROUND_HELD], [1.0, 2.0, 3.0], 0.0), share)
    zone = _pick(mode, holder, "none")
    armed = np.array([style.family(name) not in ("state", "foreign") for name in names])
    attacking = probability[:, zones.index("attack")] * ((mode == "attack") & armed[:, None])
    return Picture(
        holder=holder,
        zone=zone,
        rival=np.where(zone == "contested", _rival(names, mode, share, holder), NOBODY),
        attacker=np.where(attacking.max(axis=0) > 0, attacking.argmax(axis=0), NOBODY),
        chance=np.where(holder == NOBODY, 1.0, _pick(probability.max(axis=1), holder, 1.0)),
    )


def _probability(grid: xr.Dataset, names: list[str]) -> NDArray[np.float64]:
    # (coalition, zone, cell); a state's support zone joins its control, both are "state-held".
    probability = grid["zone_probability"].transpose("coalition", "zone", "cell").values.astype(np.float64)
    zones = [str(zone) for zone in grid["zone"].values]
    support, control = zones.index("support"), zones.index("control")
    for row in (row for row, name in enumerate(names) if style.family(name) == "state"):
        probability[row, control] += probability[row, support]
        probability[row, support] = 0.0
    return probability


def _strongest(rank: NDArray[np.float64], share: NDArray[np.float64]) -> NDArray[np.int64]:
    # Shares are below 1.01 by construction, so they only break ties between ranks.
    score = np.where(rank > 0, rank * 2 + share, 0.0)
    return np.where(score.max(axis=0) > 0, score.argmax(axis=0), NOBODY)


def _rival(
    names: list[str], mode: NDArray[np.str_], share: NDArray[np.float64], holder: NDArray[np.int64]
) -> NDArray[np.int64]:
    families = np.array([style.family(name) for name in names])
    own = families[:, None] == families[holder][None, :]
    score = np.where(own, -1.0, share + 2.0 * (mode == "contested"))
    return np.where(score.max(axis=0) > 0, score.argmax(axis=0), holder)


def _pick[T: np.generic](values: NDArray[T], row: NDArray[np.int64], otherwise: object) -> NDArray[T]:
    picked = values[row, np.arange(values.shape[1])]
    return np.where(row == NOBODY, otherwise, picked)  # type: ignore[call-overload, no-any-return]
