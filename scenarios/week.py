"""The week, as a table of contents: organisations review, units decide, processes resolve, in this order.

What changes slowly says by itself in which weeks it acts; `docs/odd.md`, section 3, has the whole list.
"""

from __future__ import annotations

from agents.armed_group import ArmedGroups, ArmedGroupsColumns, armed_groups, armed_groups_kernel
from agents.backfire import Backfire, BackfireColumns, backfire, backfire_kernel
from agents.community import Attitudes, AttitudesColumns, attitudes, attitudes_kernel
from agents.organisation import Strategy, StrategyColumns, strategy, strategy_kernel
from agents.protection import Protection, ProtectionColumns, protection, protection_kernel
from agents.state_force import StateForces, StateForcesColumns, state_forces, state_forces_kernel
from sim.engine import Process, Week
from sim.processes.accord import Accord, AccordColumns, accord, accord_kernel
from sim.processes.bases import BaseAssaults, BaseAssaultsColumns, base_assaults, base_assaults_kernel
from sim.processes.borderlands import Borderlands, BorderlandsColumns, borderlands, borderlands_kernel
from sim.processes.capability import Capability, CapabilityColumns, capability, capability_kernel
from sim.processes.civilians import Civilians, CiviliansColumns, civilians, civilians_kernel
from sim.processes.coalitions import Coalitions, CoalitionsColumns, coalitions, coalitions_kernel
from sim.processes.control import Control, ControlColumns, control, control_kernel
from sim.processes.deterrence import Deterrence, DeterrenceColumns, deterrence
from sim.processes.displacement import Displacement, DisplacementColumns, displacement, displacement_kernel
from sim.processes.economy import Economy, EconomyColumns, economy, economy_kernel
from sim.processes.encounters import Encounters, EncountersColumns, encounters, encounters_kernel
from sim.processes.governance import Governance, GovernanceColumns, governance, governance_kernel
from sim.processes.mobilisation import Mobilisation, MobilisationColumns, mobilisation, mobilisation_kernel
from sim.processes.muster import muster
from sim.processes.negotiation import Negotiation, NegotiationColumns, negotiation, negotiation_kernel
from sim.processes.politics import Politics, PoliticsColumns, politics, politics_kernel
from sim.processes.pressure import Pressure, PressureColumns, pressure
from sim.processes.recruitment import Recruitment, RecruitmentColumns, recruitment, recruitment_kernel
from sim.processes.relations import RelationsDrift, RelationsDriftColumns, relations, relations_kernel

WEEK: Week = (
    Process("strategy", strategy, Strategy, StrategyColumns, strategy_kernel),
    Process("relations", relations, RelationsDrift, RelationsDriftColumns, relations_kernel),
    Process("accord", accord, Accord, AccordColumns, accord_kernel),
    Process("coalitions", coalitions, Coalitions, CoalitionsColumns, coalitions_kernel),
    Process("politics", politics, Politics, PoliticsColumns, politics_kernel),
    Process("negotiation", negotiation, Negotiation, NegotiationColumns, negotiation_kernel),
    Process("armed_groups", armed_groups, ArmedGroups, ArmedGroupsColumns, armed_groups_kernel),
    Process("state_forces", state_forces, StateForces, StateForcesColumns, state_forces_kernel),
    Process("muster", muster),
    Process("deterrence", deterrence, Deterrence, DeterrenceColumns),
    Process("pressure", pressure, Pressure, PressureColumns),
    Process("encounters", encounters, Encounters, EncountersColumns, encounters_kernel),
    Process("base_assaults", base_assaults, BaseAssaults, BaseAssaultsColumns, base_assaults_kernel),
    Process("civilians", civilians, Civilians, CiviliansColumns, civilians_kernel),
    Process("governance", governance, Governance, GovernanceColumns, governance_kernel),
    Process("economy", economy, Economy, EconomyColumns, economy_kernel),
    Process("backfire", backfire, Backfire, BackfireColumns, backfire_kernel),
    Process("protection", protection, Protection, ProtectionColumns, protection_kernel),
    Process("attitudes", attitudes, Attitudes, AttitudesColumns, attitudes_kernel),
    Process("borderlands", borderlands, Borderlands, BorderlandsColumns, borderlands_kernel),
    Process("recruitment", recruitment, Recruitment, RecruitmentColumns, recruitment_kernel),
    Process("mobilisation", mobilisation, Mobilisation, MobilisationColumns, mobilisation_kernel),
    Process("capability", capability, Capability, CapabilityColumns, capability_kernel),
    Process("displacement", displacement, Displacement, DisplacementColumns, displacement_kernel),
    Process("control", control, Control, ControlColumns, control_kernel),
)
"""All but the timeline, which `scenarios.build` puts in front."""
