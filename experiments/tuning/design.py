"""Design: draws in each of which a few parameters, chosen at random, are moved by a step up or down.

    z = -1, 0 or 1 with chances share/2, 1 - share, share/2,
    x = default factor^z,  or  x = default + z shift (high - low)  where default or range are not positive

Every parameter is moved in many draws, together with other ones each time, so that a line fitted to all draws tells
them apart. Such random balance designs (Satterthwaite 1959, Technometrics 1; with the objections of Box and others
there) need far fewer draws than one change at a time (Morris 1991, Technometrics 33) if few parameters matter much. A
draw is decided by seed and number alone. Every eighth has the defaults.
"""

from __future__ import annotations

from collections.abc import Mapping, Set
from dataclasses import dataclass
from fnmatch import fnmatchcase
from pathlib import Path
from typing import Any

import numpy as np
import yaml
from numpy.typing import NDArray

from experiments.calibration.priors import Prior, Priors
from experiments.parameters import Row, listed
from experiments.values import CONF, nearest

TUNING = CONF / "evidence" / "tuning.yaml"
EVERY = 8
"""Of so many draws, the first is the defaults."""

Values = NDArray[np.float64]


@dataclass(frozen=True)
class Tuning:
    """What is varied and looked at, as `conf/evidence/tuning.yaml` tells it.

    Attributes:
        leave_out: reasons by pattern of parameters.
        start_values: facts that are inputs.
        effects_only: reasons by fact that a suggestion does not aim at.
        pairs: scenario and counterfactual.
        shift: share of a range that is a step where there is no factor.
        furthest: steps that a suggestion may move a parameter.
        level_factor: by which deaths may differ from recorded ones.
        least_lead: mean over standard deviation of a paired difference.
        margin: inside a band, in standard deviations of a draw.
        penalty: of a step.
        clear: least |t| of an effect that counts.
    """

    leave_out: Mapping[str, str]
    start_values: tuple[str, ...]
    effects_only: Mapping[str, str]
    pairs: tuple[tuple[str, str], ...]
    shift: float
    furthest: float
    level_factor: float
    least_lead: float
    margin: float
    penalty: float
    clear: float


def read_tuning(path: Path = TUNING) -> Tuning:
    """The file that says what is tuned.

    Raises:
        ValueError: a key is unknown or missing, or a pattern fits no parameter; one line.
    """
    told: dict[str, Any] = yaml.safe_load(path.read_text(encoding="utf-8"))
    known = tuple(Tuning.__dataclass_fields__)
    for key in told:
        if key not in known:
            raise ValueError(f"{path.name}: unknown '{key}', expected {', '.join(known)}{nearest(key, known)}")
    absent = [key for key in known if key not in told]
    if absent:
        raise ValueError(f"{path.name}: no '{absent[0]}', expected {', '.join(known)}")
    names = [_name(row) for row in listed()]
    for pattern in told["leave_out"]:
        if not any(fnmatchcase(name, pattern) for name in names):
            raise ValueError(
                f"{path.name}: leave_out has '{pattern}', which fits no parameter{nearest(pattern, names)}"
            )
    pairs = tuple((str(first), str(second)) for first, second in told.pop("pairs"))
    return Tuning(**told | {"pairs": pairs, "start_values": tuple(told["start_values"])})


def steps(tuning: Tuning, factor: float, given: Mapping[str, Any], fixed: Set[str]) -> Priors:
    """All parameters that are varied, on a scale on which a step is 1 and the default 0.

    Args:
        tuning: what is left out.
        factor: of a step.
        given: values that somebody set in place of defaults, by PROCESS.NAME; varied from there.
        fixed: parameters that stay as they are.
    """
    rows = [row for row in listed() if not row.forms and _name(row) not in fixed]
    kept = [row for row in rows if not any(fnmatchcase(_name(row), pattern) for pattern in tuning.leave_out)]
    return Priors(tuple(_step(row, float(given.get(_name(row), row.value)), factor, tuning.shift) for row in kept))


def design(ends: Values, draws: int, share: float, seed: int) -> Values:
    """Steps of all parameters in each draw, (draw, parameter).

    Args:
        ends: steps at which ranges end, (2, parameter); a step beyond an end stops there.
        draws: how many; fewer are the first ones of more.
        share: of the parameters that are moved.
        seed: of chance.
    """
    chances = (share / 2, 1 - share, share / 2)
    rows = [np.random.default_rng([seed, d]).choice([-1.0, 0.0, 1.0], ends.shape[1], p=chances) for d in range(draws)]
    z = np.array(rows)
    z[::EVERY] = 0.0
    return np.asarray(np.clip(z, *ends))


def _step(row: Row, value: float, factor: float, shift: float) -> Prior:
    logs = value > 0.0 and row.low >= 0.0
    step = float(np.log(factor)) if logs else shift * (row.high - row.low)
    return Prior(_name(row), value, step, logs, row.low, row.high)


def _name(row: Row) -> str:
    return f"{row.process}.{row.name}"
