"""Agents as Mesa sees them: a row number, and properties that read the state's columns.

An agent holds no numbers of its own, so the object model and the ensemble engine cannot differ.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from mesa.discrete_space import CellAgent

from sim.state import Posture

if TYPE_CHECKING:
    from sim.model import ConflictModel


TRAITS = ("cohesion", "treasury", "prestige", "discipline", "links", "intent", "legitimacy", "talks")
"""What units tell of their organisation, by the names of `sim.state.OrganisationState`."""


class View(CellAgent):
    """An agent that is one row of the state.

    Attributes:
        row: position along its axis of the arrays (unit, community or organisation).
    """

    model: ConflictModel

    def __init__(self, model: ConflictModel, row: int) -> None:
        super().__init__(model)
        self.row = row

    @property
    def name(self) -> str:
        """What the agent is called."""
        raise NotImplementedError


class UnitView(View):
    """A body of fighters or troops of one organisation."""

    @property
    def organisation(self) -> str:
        """Id of the organisation."""
        return self.model.names.organisations[self._organisation]

    @property
    def name(self) -> str:
        """Organisation and number of the slot."""
        return f"{self.organisation}/{self.row - int(self.model.world.units.first[self._organisation])}"

    @property
    def strength(self) -> int:
        """Fighters."""
        return int(self.model.state.units.fighters[0, self.row])

    @property
    def posture(self) -> Posture:
        """What it does this week."""
        return Posture(int(self.model.state.units.posture[0, self.row]))

    @property
    def effort(self) -> dict[str, float]:
        """Its organisation's attention by region, where it is at least one in a hundred."""
        shares = self.model.state.organisations.effort[0, self._organisation]
        return {r: float(s) for r, s in zip(self.model.names.regions, shares, strict=True) if s >= 0.01}

    @property
    def of_organisation(self) -> dict[str, float]:
        """Mood and means of its organisation, see `TRAITS`."""
        state, o = self.model.state.organisations, self._organisation
        return {name: float(getattr(state, name)[0, o]) for name in TRAITS}

    @property
    def legitimacy(self) -> float:
        """Legitimacy of its government, in [0, 1]; 1 for whoever is no state."""
        return self.of_organisation["legitimacy"]

    @property
    def talks(self) -> float:
        """Prospect of talks between its organisation and states, in [0, 1]."""
        return self.of_organisation["talks"]

    @property
    def junta(self) -> int | None:
        """Weeks since a junta took power in its state; None without one."""
        weeks = int(self.model.state.organisations.junta[0, self._organisation])
        return weeks if weeks >= 0 else None

    @property
    def _organisation(self) -> int:
        return int(self.model.world.units.organisation[self.row])


class ArmedGroup(UnitView):
    """A unit of an armed group: jihadists, rebels, militias."""


class StateForce(UnitView):
    """A garrison or column of an army of the region."""

    @property
    def base(self) -> str:
        """The base that it belongs to."""
        return self.model.names.bases[int(self.model.world.units.base[self.row])]


class InternationalForce(StateForce):
    """A contingent of a foreign force: counter-terrorism, peacekeepers, partners."""


class Community(View):
    """The people of one ethnic group in one cell."""

    @property
    def name(self) -> str:
        """Group and region."""
        return self._called(self.row)

    @property
    def group(self) -> str:
        """Ethnic group."""
        return self.model.names.groups[int(self.model.world.communities.group[self.row])]

    def _called(self, row: int) -> str:
        of, names = self.model.world.communities, self.model.names
        region = self.model.world.cells.region[of.cell[row]]
        return f"{names.groups[int(of.group[row])]} of {names.regions[int(region)]}"

    @property
    def people(self) -> int:
        """How many live here."""
        return int(self.model.state.communities.people[0, self.row])

    @property
    def allegiance(self) -> dict[str, float]:
        """Shares by organisation, and "none"; they sum to 1."""
        shares: Any = self.model.state.communities.allegiance[0, self.row]
        found = {o: float(s) for o, s in zip(self.model.names.organisations, shares, strict=True) if s > 0.0}
        return found | {"none": 1.0 - float(shares.sum())}

    @property
    def attitude(self) -> dict[str, float]:
        """Latent attitude to each organisation, in [-4, 4]."""
        values = self.model.state.communities.attitude[0, self.row]
        return {o: float(a) for o, a in zip(self.model.names.organisations, values, strict=True)}

    @property
    def fear(self) -> float:
        """In [0, 1]."""
        return float(self.model.state.communities.fear[0, self.row])

    @property
    def protector(self) -> str | None:
        """The organisation that it turned to against the worst threat."""
        row = int(self.model.state.communities.protector[0, self.row])
        return self.model.names.organisations[row] if row >= 0 else None

    @property
    def herders(self) -> float:
        """Share of its people who live on herding."""
        return float(self.model.world.communities.herders[self.row])

    @property
    def displaced(self) -> int:
        """How many of its people live elsewhere; they are counted there."""
        return int(self.model.state.communities.displaced[0, self.row])

    @property
    def refuge(self) -> str | None:
        """Where they live: group and region of the community that took them in."""
        row = int(self.model.state.communities.refuge[0, self.row])
        return self._called(row) if row >= 0 else None
