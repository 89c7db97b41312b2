"""Which addresses may be contacted."""

import pytest

from monitor.feeds.address import AddressGuard


@pytest.mark.parametrize(
    "address",
    [
        "127.0.0.1",
        "127.8.9.1",
        "0.0.0.0",  # noqa: S104  (an address to refuse, not to listen on)
        "10.1.2.3",
        "172.16.0.1",
        "192.168.1.1",
        "100.64.0.1",
        "169.254.169.254",
        "224.0.0.1",
        "240.0.0.1",
        "255.255.255.255",
        "::",
        "::1",
        "fe80::1%eth0",
        "fc00::1",
        "fec0::1",
        "ff02::1",
        "::ffff:127.0.0.1",
        "::ffff:10.0.0.1",
        "2002:7f00:0001::1",
        "64:ff9b::7f00:1",
    ],
)
def test_private_and_special_addresses_are_refused(address: str) -> None:
    assert AddressGuard(()).refusal(address) is not None


@pytest.mark.parametrize("address", ["93.184.215.14", "2606:2800:21f::1", "64:ff9b::5db8:d70e"])
def test_public_addresses_may_be_contacted(address: str) -> None:
    assert AddressGuard(()).refusal(address) is None


def test_a_refusal_says_what_to_do() -> None:
    assert AddressGuard(()).refusal("::ffff:127.0.0.1") == (
        '127.0.0.1 is a private address; add "127.0.0.1/32" to allow_private in [fetch]'
        " to permit it"
    )


def test_allowed_networks_open_their_addresses_and_no_others() -> None:
    guard = AddressGuard(["10.1.0.0/16", "::1/128"])
    assert guard.refusal("10.1.2.3") is None
    assert guard.refusal("::ffff:10.1.2.3") is None
    assert guard.refusal("::1") is None
    assert guard.refusal("10.2.0.1") is not None
