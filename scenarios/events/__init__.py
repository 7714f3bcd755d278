"""Events: what is decided outside the model, as typed facts that can say what they do.

Each kind is a frozen dataclass. Files write it as a mapping with ``kind:``; `read_event` turns such
a mapping into an event, `Event.check` says what is wrong with it, `Event.sentence` says what it does,
and `Event.act` changes the state in one week on the lanes whose history has it.
"""

from scenarios.events.base import Context, Event, Post
from scenarios.events.reading import KINDS, read_event
from scenarios.events.stances import STANCES
from scenarios.events.withdrawal import Leg, Withdraw

__all__ = ["KINDS", "STANCES", "Context", "Event", "Leg", "Post", "Withdraw", "read_event"]
