"""What a twin works on: a copy of one lane, and the few things that several twins ask of it."""

import math

import numpy as np

from sim.state import Field, Posture, State, take
from sim.world import Kind, Skill
from tests.twins.chance import Chance

EXPOSURE = {
    Posture.CONFINED: 0.05,
    Posture.REST: 0.25,
    Posture.GARRISON: 0.25,
    Posture.GOVERN: 0.5,
    Posture.MASS: 1.0,
    Posture.PATROL: 1.0,
    Posture.COLUMN: 1.0,
}


def precise(array):
    """Real numbers in double precision, whatever the state keeps."""
    return array.astype(np.float64) if array.dtype == np.float32 else array


class Scene:
    """One lane in one week: `state` has no axis of lanes, `events` is a list of dictionaries."""

    def __init__(self, world, state, lane):
        copy = take(state, lane)
        count = int(copy.events.count[0])
        self.world = world
        self.state = State(*(type(part)(*(precise(a[0]) for a in part)) for part in copy))
        self.events = [dict(zip(Field, row.tolist(), strict=True)) for row in copy.events.rows[0, :count]]
        self.p, self.chance = None, None

    def given(self, parameters, streams, lane):
        """The same scene with the parameters and the chance of a process."""
        self.p, self.chance = parameters, Chance(streams, lane)
        return self

    @property
    def cells(self):
        return range(len(self.world.cells.gid))

    def turn(self, every):
        """The cells whose turn it is this week: one block after the other."""
        block, cells = self.chance.week % every, list(self.cells)
        return cells[len(cells) * block // every : len(cells) * (block + 1) // every]

    @property
    def organisations(self):
        return range(len(self.world.organisations.key))

    @property
    def units(self):
        return range(len(self.world.units.key))

    def region(self, c):
        return int(self.world.cells.region[c])

    def around(self, c):
        """The cell itself and its neighbours, as (cell, cost of travel)."""
        slots = zip(self.world.cells.neighbour[c], self.world.cells.travel[c], strict=True)
        return [(int(n), float(days)) for n, days in slots if n >= 0]

    def neighbours(self, c):
        return [n for n, _ in self.around(c)[1:]]

    def communities(self, c):
        return [k for k, cell in enumerate(self.world.communities.cell) if cell == c]

    def people(self, c):
        return sum(int(self.state.communities.people[k]) for k in self.communities(c))

    def units_of(self, o):
        return [u for u in self.units if self.world.units.organisation[u] == o]

    def mustered(self, c):
        """Units that were in the cell at the muster of the week."""
        first = self.state.cells.first
        return [int(u) for u in self.state.cells.member[first[c] : first[c + 1]]]

    def fighters_of(self, o):
        return sum(int(self.state.units.fighters[u]) for u in self.units_of(o))

    def insurgent(self, o):
        return self.world.organisations.kind[o] in (Kind.JIHADIST, Kind.REBEL, Kind.MILITIA)

    def hostility(self, a, b, c):
        return float(self.state.relations.hostility[a, b, self.region(c)])

    def for_a_state(self, o):
        """A state, its foreign supporters, and militias in the coalition of their host army."""
        host, coalition = self.world.organisations.host[o], self.world.organisations.coalition
        return not self.insurgent(o) or (host >= 0 and coalition[host] == coalition[o])

    def exposed(self, c):
        """Fighters of each organisation who can be met in the cell, by organisation."""
        strength = dict.fromkeys(self.organisations, 0.0)
        for u in self.mustered(c):
            share = EXPOSURE[Posture(int(self.state.units.posture[u]))]
            strength[int(self.world.units.organisation[u])] += share * int(self.state.units.fighters[u])
        return strength

    def safe_mass(self, c, o):
        """M0 * skill * exp(-P / p0), or the other forms of massing."""
        free = self.p.mass * float(self.state.organisations.skill[o, Skill.MASSING])
        felt, scale = float(self.state.cells.pressure[c, o]), self.p.mass_pressure
        if self.p.massing == "exponential":
            return free * math.exp(-felt / scale)
        return free * 0.04 if self.p.massing == "threshold" and felt >= scale else free

    def lose(self, c, o, deaths, unit):
        """Take deaths from the units of o in the cell, in turn from one that `unit` picks; returns how many died."""
        turn = self.mustered(c)
        start, left = int(unit * len(turn)), deaths
        for u in turn[start:] + turn[:start]:
            if self.world.units.organisation[u] == o:
                taken = min(left, int(self.state.units.fighters[u]))
                self.state.units.fighters[u] -= taken
                left -= taken
        self.state.cells.presence[c, o] -= deaths - left
        self.state.ledger.killed[o] += deaths - left
        self.state.organisations.losses[o, self.region(c)] += deaths - left
        return deaths - left

    def tell(self, c, a, b, kind, **more):
        """Write an event; UCDP's type follows from who takes part."""
        violence = 3 if b < 0 else 1 if self.for_a_state(a) or self.for_a_state(b) else 2
        row = dict.fromkeys(Field, 0) | {Field.COMMUNITY: -1, Field.BASE: -1}
        row |= {Field.CELL: c, Field.SIDE_A: a, Field.SIDE_B: b, Field.KIND: int(kind), Field.VIOLENCE: violence}
        self.events.append(row | {Field[name.upper()]: int(value) for name, value in more.items()})

    def confine(self, c, o, weeks):
        """Shut the bases of o in the cell and around it."""
        near = [n for n, _ in self.around(c)]
        for b, cell in enumerate(self.world.bases.cell):
            if self.world.bases.organisation[b] == o and cell in near:
                self.state.bases.confined[b] = max(int(self.state.bases.confined[b]), int(weeks))

    def pick(self, stream, u, worths):
        """The cell with the largest worth plus Gumbel noise; `worths` by cell."""
        key, gid = self.world.units.key[u], self.world.cells.gid
        noisy = {c: worths[c] + self.chance.gumbel(stream, key, int(gid[c])) for c in worths}
        return max(sorted(worths, key=lambda c: gid[c]), key=lambda c: round(noisy[c], 9))
