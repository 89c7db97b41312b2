"""What a sealed alert says, whatever its kind."""

from typing import TypeAlias

from monitor.model.alert import Alert, Digest, Notice
from monitor.model.spike import SpikeAlert

Payload: TypeAlias = Alert | Digest | Notice | SpikeAlert
