"""Who leads: elected first, then the configuration is taken up."""

from datetime import datetime

import pytest
from typing_extensions import override

from monitor.errors import StoreError
from monitor.jobs.poll import Poller
from monitor.service.engines import Embedded
from monitor.service.lead import Lead
from monitor.store.engine import Store


class Votes(Embedded):
    """An engine whose elections are won (w), lost (l) or can't be known (?)."""

    def __init__(self, elections: str) -> None:
        super().__init__(Store.in_memory())
        self._elections = iter(elections)

    @override
    def leads(self) -> bool:
        election = next(self._elections)
        if election == "?":
            raise StoreError("the server is away")
        return election == "w"

    @override
    def poll(self, poller: Poller, now: datetime) -> None:
        raise AssertionError


def leads(lead: Lead) -> bool:
    return lead.is_ours


def test_who_is_elected_later_leads_once_the_configuration_is_taken_up() -> None:
    lead = Lead(Votes("llww"))
    assert not leads(lead)
    assert [lead.look(), lead.look(), lead.look()] == [False, True, False]
    assert not leads(lead)
    lead.take()
    assert leads(lead)


def test_who_can_not_take_up_the_configuration_is_asked_again() -> None:
    lead = Lead(Votes("lww"))
    assert lead.look()
    lead.decline()
    assert lead.look()


def test_who_is_elected_no_longer_stops_at_once() -> None:
    lead = Lead(Votes("wlw"))
    assert leads(lead)
    assert not lead.look()
    assert not leads(lead)
    assert lead.look()
    assert not leads(lead)


def test_while_it_can_not_be_known_nobody_leads() -> None:
    lead = Lead(Votes("w?w"))
    with pytest.raises(StoreError):
        lead.look()
    assert not leads(lead)
    assert lead.look()
