"""Where webhooks go, and where a hostile name server cannot lead them."""

import pytest

from notifications.webhook_targets import (
    TargetRefused,
    WrongUrl,
    address_of,
    host_of,
    resolved,
    target_of,
)

PUBLIC = ["93.184.215.14", "2606:2800:21f:cb07:6820:80da:af6b:8b2c"]
INSIDE = """
    127.0.0.1 127.8.8.8 0.0.0.0 0.1.2.3 10.0.0.1 172.16.0.1 172.31.255.255 192.168.1.1
    169.254.169.254 169.254.0.1 100.64.0.1 100.100.100.200 168.63.129.16 192.0.0.192 192.0.2.1
    192.88.99.1 198.18.0.1 198.51.100.1 203.0.113.7 224.0.0.1 239.255.255.255 240.0.0.1
    255.255.255.255 :: ::1 ::7f00:1 ::ffff:127.0.0.1 ::ffff:10.0.0.1 ::ffff:8.8.8.8
    64:ff9b::7f00:1 64:ff9b::a00:1 64:ff9b:1::a00:1 100::1 fc00::1 fd00:ec2::254 fd12:3456::1
    fe80::1 fe80::1%eth0 fec0::1 ff02::1 2001::1 2001:db8::1 2002:7f00:1:: 2002:a00:1::1 3fff::1
    5f00::1
""".split()  # noqa: SIM905 - so many are easier to read as words


def answering(*addresses):
    return lambda _host, _port: list(addresses)


@pytest.mark.parametrize("address", PUBLIC)
def test_public_addresses_are_used(address):
    target = target_of("https://flows.example.com/in")

    assert address_of(target, resolve=answering(address)) == address


@pytest.mark.parametrize("address", INSIDE)
def test_no_name_leads_inside(address):
    target = target_of("https://flows.example.com/in")

    with pytest.raises(TargetRefused):
        address_of(target, resolve=answering(address))


@pytest.mark.parametrize("address", INSIDE)
def test_one_bad_address_among_good_ones_is_enough(address):
    target = target_of("https://flows.example.com/in")

    with pytest.raises(TargetRefused):
        address_of(target, resolve=answering(*PUBLIC, address))


@pytest.mark.parametrize(
    "url",
    [
        "https://127.0.0.1/",
        "https://[::1]/",
        "https://[::ffff:127.0.0.1]/",
        "https://localhost/",
        "https://2130706433/",
        "https://0x7f000001/",
        "https://0177.0.0.1/",
        "https://127.1/",
    ],
)
def test_ways_of_writing_this_machine_do_not_help(url):
    with pytest.raises((TargetRefused, OSError)):
        address_of(target_of(url), resolve=resolved)


@pytest.mark.parametrize(
    "url",
    [
        "http://flows.example.com/in",
        "https://flows.example.com:8443/in",
        "https://flows.example.com:22/in",
        "https://flows.example.com:0/in",
    ],
)
def test_only_https_on_its_own_port_is_used(url):
    with pytest.raises(TargetRefused):
        target_of(url)


@pytest.mark.parametrize(
    "url",
    [
        "",
        "flows.example.com",
        "ftp://flows.example.com/",
        "file:///etc/passwd",
        "gopher://flows.example.com/",
        "https://",
        "https:///in",
        "https://user@flows.example.com/",
        "https://user:secret@flows.example.com/",
        "https://@flows.example.com/",
        "https://flows.example.com/#part",
        "https://flows.example.com:port/",
        "https://flows.example.com:99999/",
        "https://flows.example.com\\@127.0.0.1/",
        "https://flows.example.com/a b",
        "https://flows.example.com/\r\nX: y",
        "https://flows.éxample.com/",
        "https://127.0.0.1%2f.example.com/",
        "https://[::1/",
        "https://flows.example.com/" + "a" * 3000,
    ],
)
def test_what_cannot_be_read_in_one_way_is_refused(url):
    with pytest.raises(WrongUrl):
        target_of(url)


def test_whoever_runs_it_may_allow_one_host_inside():
    allowed = {"flows.internal:8443"}
    target = target_of("https://flows.internal:8443/in?key=1", allowed)

    assert address_of(target, allowed, answering("10.1.2.3")) == "10.1.2.3"
    assert (target.path, target.host_header) == ("/in?key=1", "flows.internal:8443")
    with pytest.raises(TargetRefused):
        target_of("https://flows.internal:8444/in", allowed)


@pytest.mark.parametrize(
    "address", ["169.254.169.254", "fe80::1", "0.1.2.3", "224.0.0.1", "168.63.129.16", "::"]
)
def test_what_is_allowed_inside_does_not_lead_to_the_secrets_of_a_cloud(address):
    allowed = {"flows.internal:443"}

    with pytest.raises(TargetRefused):
        address_of(target_of("https://flows.internal/in", allowed), allowed, answering(address))


def test_without_https_only_this_machine_is_reached_and_only_when_allowed():
    allowed = {"flows.internal:80"}
    target = target_of("http://flows.internal/in", allowed)

    assert address_of(target, allowed, answering("127.0.0.1")) == "127.0.0.1"
    for address in ("10.0.0.1", *PUBLIC):
        with pytest.raises(TargetRefused):
            address_of(target, allowed, answering(address))


def test_a_name_without_an_address_is_no_target():
    with pytest.raises(OSError, match="no address"):
        address_of(target_of("https://flows.example.com/"), resolve=answering())


def test_what_is_shown_of_an_address_has_no_secret():
    assert host_of("https://flows.example.com/in?sig=secret") == "flows.example.com"
