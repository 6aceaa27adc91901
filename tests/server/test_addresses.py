"""What is not public is not spoken to, however it is written."""

from ipaddress import IPv4Address, IPv6Address, ip_address, ip_network

import pytest
from hypothesis import given
from hypothesis import strategies as st

from server.addresses import carried, is_public, may_speak_to

PUBLIC = [
    "93.184.215.14",
    "8.8.8.8",
    "1.1.1.1",
    "172.15.255.255",
    "172.32.0.1",
    "2606:2800:21f:cb07:6820:80da:af6b:8b2c",
]
CARRYING_PUBLIC = ["::ffff:8.8.8.8", "64:ff9b::808:808", "2002:808:808::1"]

PRIVATE = [
    "0.0.0.0", "0.1.2.3", "10.0.0.1", "10.255.255.255", "100.64.0.1", "100.100.100.200", "127.0.0.1", "127.255.255.254",  # noqa: S104
    "169.254.0.1", "169.254.169.254", "172.16.0.1", "172.31.255.255", "192.0.0.9", "192.0.0.192", "192.0.2.1",
    "192.88.99.1", "192.168.0.1", "198.18.0.1", "198.51.100.1", "203.0.113.1", "224.0.0.1", "239.255.255.255",
    "240.0.0.1", "255.255.255.255", "168.63.129.16",
]  # fmt: skip
PRIVATE_IPV6 = [
    "::", "::1", "100::1", "fc00::1", "fd00:ec2::254", "fe80::1", "fe80::1%1", "fec0::1", "ff02::1", "ff0e::1",
    "2001:db8::1", "2001::1", "2001:20::1", "3fff::1", "4000::1", "5f00::1", "64:ff9b:1::1", "2606:4700::1%1",
]  # fmt: skip


def wrapped(inner: str) -> list[str]:
    """Every way in which IPv6 carries an IPv4 address."""
    four = IPv4Address(inner)
    high, low = int(four) >> 16, int(four) & 0xFFFF
    other = int(four) ^ 0xFFFFFFFF
    return [
        f"::ffff:{inner}", f"::ffff:0:{inner}", f"::{inner}", f"64:ff9b::{inner}", f"2002:{high:x}:{low:x}::1",
        f"2001:0:808:808::{other >> 16:x}:{other & 0xFFFF:x}", f"2001:0:{high:x}:{low:x}::f7f7:f7f7",
        f"2606:4700::5efe:{inner}", f"2606:4700::200:5efe:{inner}",
    ]  # fmt: skip


@pytest.mark.parametrize("written", [*PUBLIC, *CARRYING_PUBLIC])
def test_public_addresses_are_spoken_to_at_the_ports_of_the_web(written: str) -> None:
    address = ip_address(written)
    assert [port for port in (22, 25, 80, 443, 5432, 6379, 8080) if may_speak_to(address, port)] == [80, 443]


@pytest.mark.parametrize("written", [*PRIVATE, *PRIVATE_IPV6])
def test_addresses_that_are_not_public_are_not(written: str) -> None:
    assert not may_speak_to(ip_address(written), 80)


@pytest.mark.parametrize("written", [one for inner in PRIVATE for one in wrapped(inner)])
def test_nor_are_they_when_ipv6_carries_them(written: str) -> None:
    assert carried(ip_address(written))
    assert not may_speak_to(ip_address(written), 443)


def test_a_network_that_is_allowed_is_spoken_to_at_any_port_and_no_other_is() -> None:
    allowed = (ip_network("127.0.0.0/8"), ip_network("fd00::/8"))
    for written in ("127.0.0.1", "::ffff:127.0.0.1", "fd00::1"):
        assert may_speak_to(ip_address(written), 5432, allowed)
    for written in ("10.0.0.1", "::1", "2002:7f00:1::", "64:ff9b::7f00:1", "::127.0.0.1"):
        assert not may_speak_to(ip_address(written), 80, allowed)
    assert not may_speak_to(ip_address("8.8.8.8"), 5432, allowed)


@given(st.integers(0, 2**32 - 1))
def test_whatever_the_address_ipv6_makes_it_no_more_public(number: int) -> None:
    four = IPv4Address(number)
    for written in wrapped(str(four)):
        assert is_public(four) or not is_public(ip_address(written))


@given(st.integers(0, 2**128 - 1))
def test_only_global_unicast_and_what_carries_it_is_public(number: int) -> None:
    address = IPv6Address(number)
    if is_public(address):
        assert address in ip_network("2000::/3") or all(map(is_public, carried(address)))
        assert not any([address.is_private, address.is_multicast, address.is_link_local])
