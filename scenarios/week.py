"""The week, as a table of contents: agents decide, processes resolve, in this order.

What belongs to politics, negotiation, displacement, capability and the littoral takes its place in
this list, and its state beside the state that is there.
"""

from __future__ import annotations

from agents.armed_group import ArmedGroups, ArmedGroupsColumns, armed_groups
from agents.community import Attitudes, AttitudesColumns, attitudes
from agents.organisation import Strategy, StrategyColumns, strategy
from agents.state_force import StateForces, StateForcesColumns, state_forces
from sim.engine import Process, Week
from sim.processes.bases import BaseAssaults, BaseAssaultsColumns, base_assaults
from sim.processes.civilians import Civilians, CiviliansColumns, civilians
from sim.processes.control import Control, ControlColumns, control
from sim.processes.deterrence import Deterrence, DeterrenceColumns, deterrence
from sim.processes.encounters import Encounters, EncountersColumns, encounters
from sim.processes.governance import Governance, GovernanceColumns, governance
from sim.processes.muster import muster
from sim.processes.pressure import Pressure, PressureColumns, pressure
from sim.processes.recruitment import Recruitment, RecruitmentColumns, recruitment
from sim.processes.relations import RelationsDrift, RelationsDriftColumns, relations

WEEK: Week = (
    Process("strategy", strategy, Strategy, StrategyColumns),
    Process("relations", relations, RelationsDrift, RelationsDriftColumns),
    Process("armed_groups", armed_groups, ArmedGroups, ArmedGroupsColumns),
    Process("state_forces", state_forces, StateForces, StateForcesColumns),
    Process("muster", muster),
    Process("deterrence", deterrence, Deterrence, DeterrenceColumns),
    Process("pressure", pressure, Pressure, PressureColumns),
    Process("encounters", encounters, Encounters, EncountersColumns),
    Process("base_assaults", base_assaults, BaseAssaults, BaseAssaultsColumns),
    Process("civilians", civilians, Civilians, CiviliansColumns),
    Process("governance", governance, Governance, GovernanceColumns),
    Process("attitudes", attitudes, Attitudes, AttitudesColumns),
    Process("recruitment", recruitment, Recruitment, RecruitmentColumns),
    Process("control", control, Control, ControlColumns),
)
"""All but the timeline, which `scenarios.build` puts in front."""
