"""Events: what is decided outside the model, as typed facts that can say what they do.

Each kind is a frozen dataclass. Files write it as a mapping with ``kind:``; `read_event` turns such
a mapping into an event, `Event.check` says what is wrong with it, `Event.sentence` says what it does,
and `Event.act` changes the state in one week on the lanes whose history has it.
"""

from scenarios.events.base import Context, Event, Post
from scenarios.events.conduct import Coup, HaltPatrols
from scenarios.events.forces import CloseBase, Deploy, HandOverBase
from scenarios.events.growth import Equip, LeaderLoss, Recognise, Reinforce
from scenarios.events.reading import KINDS, read_event
from scenarios.events.stances import STANCES, Cooperate, EndTruce, SetStance, SuspendCooperation, Truce
from scenarios.events.withdrawal import Leg, Withdraw

__all__ = [
    "KINDS", "STANCES", "CloseBase", "Context", "Cooperate", "Coup", "Deploy", "EndTruce", "Equip", "Event",
    "HaltPatrols", "HandOverBase", "LeaderLoss", "Leg", "Post", "Recognise", "Reinforce", "SetStance",
    "SuspendCooperation", "Truce", "Withdraw", "read_event",
]  # fmt: skip
