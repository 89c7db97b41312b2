"""The message on its way: travels beside Apprise, which itself carries only title and body."""

from contextvars import ContextVar
from dataclasses import dataclass, field

from monitor.errors import DeliveryError
from monitor.model.alert import Message
from monitor.model.delivery import Claim


@dataclass(slots=True)
class Sending:
    """One attempt at one target.

    Attributes:
        faults: of its HTTP requests, in order.
        complaints: what Apprise logged about it.
        receipt: what the service calls the message, if it says.
    """

    claim: Claim
    message: Message
    faults: list[DeliveryError] = field(default_factory=list)
    complaints: list[str] = field(default_factory=list)
    receipt: str = ""


SENDING: ContextVar[Sending] = ContextVar("SENDING")
