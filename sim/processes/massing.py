"""Massing: how many fighters can gather before they are seen and struck.

    exponential   M = M0 * skill * exp(-P / p0)
    threshold     M = M0 * skill where P < p0, and a handful beyond
    unbounded     M = M0 * skill

This is the relation that a withdrawal switches off: hundreds gathered in northern Mali once French
aircraft had left (CTP February 2023; CTP December 2023). Whether safety ends gradually or at once
is not known: the forms are the two ends.
"""

from __future__ import annotations

import math

from sim.streams import inlined

MASSING = ("exponential", "threshold", "unbounded")
"""Names of the forms, in their order."""

EXPONENTIAL, THRESHOLD = 0, 1

HANDFUL = 0.04
"""Share of M0 * skill that can still gather beyond the threshold: an ambush party of twenty (judgement)."""


@inlined
def safe_mass(mass, skill, pressure, scale, form):  # type: ignore[no-untyped-def]
    """Most fighters that can gather under a pressure; `form` is the position of its name in `MASSING`."""
    if form == EXPONENTIAL:
        return mass * skill * math.exp(-pressure / scale)
    if form == THRESHOLD and pressure >= scale:
        return mass * skill * HANDFUL
    return mass * skill
