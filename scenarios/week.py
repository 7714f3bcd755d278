"""The week, as a table of contents: organisations review, units decide, processes resolve, in this order.

What changes slowly says by itself in which weeks it acts; `docs/odd.md`, section 3, has the whole list.
"""

from __future__ import annotations

from agents.armed_group import ArmedGroups, ArmedGroupsColumns, armed_groups
from agents.backfire import Backfire, BackfireColumns, backfire
from agents.community import Attitudes, AttitudesColumns, attitudes
from agents.organisation import Strategy, StrategyColumns, strategy
from agents.protection import Protection, ProtectionColumns, protection
from agents.state_force import StateForces, StateForcesColumns, state_forces
from sim.engine import Process, Week
from sim.processes.accord import Accord, AccordColumns, accord
from sim.processes.bases import BaseAssaults, BaseAssaultsColumns, base_assaults
from sim.processes.borderlands import Borderlands, BorderlandsColumns, borderlands
from sim.processes.capability import Capability, CapabilityColumns, capability
from sim.processes.civilians import Civilians, CiviliansColumns, civilians
from sim.processes.coalitions import Coalitions, CoalitionsColumns, coalitions
from sim.processes.control import Control, ControlColumns, control
from sim.processes.deterrence import Deterrence, DeterrenceColumns, deterrence
from sim.processes.displacement import Displacement, DisplacementColumns, displacement
from sim.processes.economy import Economy, EconomyColumns, economy
from sim.processes.encounters import Encounters, EncountersColumns, encounters
from sim.processes.governance import Governance, GovernanceColumns, governance
from sim.processes.mobilisation import Mobilisation, MobilisationColumns, mobilisation
from sim.processes.muster import muster
from sim.processes.negotiation import Negotiation, NegotiationColumns, negotiation
from sim.processes.politics import Politics, PoliticsColumns, politics
from sim.processes.pressure import Pressure, PressureColumns, pressure
from sim.processes.recruitment import Recruitment, RecruitmentColumns, recruitment
from sim.processes.relations import RelationsDrift, RelationsDriftColumns, relations

WEEK: Week = (
    Process("strategy", strategy, Strategy, StrategyColumns),
    Process("relations", relations, RelationsDrift, RelationsDriftColumns),
    Process("accord", accord, Accord, AccordColumns),
    Process("coalitions", coalitions, Coalitions, CoalitionsColumns),
    Process("politics", politics, Politics, PoliticsColumns),
    Process("negotiation", negotiation, Negotiation, NegotiationColumns),
    Process("armed_groups", armed_groups, ArmedGroups, ArmedGroupsColumns),
    Process("state_forces", state_forces, StateForces, StateForcesColumns),
    Process("muster", muster),
    Process("deterrence", deterrence, Deterrence, DeterrenceColumns),
    Process("pressure", pressure, Pressure, PressureColumns),
    Process("encounters", encounters, Encounters, EncountersColumns),
    Process("base_assaults", base_assaults, BaseAssaults, BaseAssaultsColumns),
    Process("civilians", civilians, Civilians, CiviliansColumns),
    Process("governance", governance, Governance, GovernanceColumns),
    Process("economy", economy, Economy, EconomyColumns),
    Process("backfire", backfire, Backfire, BackfireColumns),
    Process("protection", protection, Protection, ProtectionColumns),
    Process("attitudes", attitudes, Attitudes, AttitudesColumns),
    Process("borderlands", borderlands, Borderlands, BorderlandsColumns),
    Process("recruitment", recruitment, Recruitment, RecruitmentColumns),
    Process("mobilisation", mobilisation, Mobilisation, MobilisationColumns),
    Process("capability", capability, Capability, CapabilityColumns),
    Process("displacement", displacement, Displacement, DisplacementColumns),
    Process("control", control, Control, ControlColumns),
)
"""All but the timeline, which `scenarios.build` puts in front."""
