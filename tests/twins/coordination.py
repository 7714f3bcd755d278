"""Openings: attacks of this week on the same enemy, near by, by those with whom one times one's own."""

import numpy as np

from sim.state import Field
from sim.world import Kind


def openings(scene, c, o, e, events):
    """Positions in `events` of the openings of o against e around a cell."""
    near = [n for n, _ in scene.around(c)]
    return [
        i
        for i, row in enumerate(events)
        if row[Field.SIDE_B] == e and row[Field.CELL] in near and attuned(scene, c, row[Field.SIDE_A], o)
    ]


def attuned(scene, c, a, o):
    kinds = {scene.world.organisations.kind[a], scene.world.organisations.kind[o]}
    return kinds == {Kind.JIHADIST, Kind.REBEL} and scene.hostility(a, o, c) <= np.float32(scene.p.peace)
