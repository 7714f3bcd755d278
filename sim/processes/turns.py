"""Turns: what changes slowly is renewed in a quarter of the regions each week.

A region is renewed as a whole, so that a network of kin (one group in one region) is renewed at once
and each of its members answers to the same picture of the others.
"""

from __future__ import annotations

from sim.streams import inlined

TURNS = 4
"""Weeks between two renewals of a region."""


@inlined
def has_turn(region, week):  # type: ignore[no-untyped-def]
    """Whether a region is renewed this week."""
    return (region + week) % TURNS == 0
