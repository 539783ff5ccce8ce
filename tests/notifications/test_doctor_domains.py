"""What receivers will believe: SPF, DKIM and DMARC from a real name server on this machine."""

import time
import unicodedata

import pytest

from dns_server import GARBAGE, HANG, SERVFAIL, DnsServer
from notifications.dns_records import Lookups, NameServer, NotLookedUp
from notifications.doctor_domains import domain_rungs
from notifications.doctor_network import Budget
from notifications.doctor_records import MOST_DOMAINS, Domain, Records, Server
from notifications.spf import Named, Spf, spf_of

CONTOSO = Domain(shown="contoso.com", envelope="contoso.com")
MICROSOFT = Server(name="smtp.office365.com", addresses=("52.98.0.1",))
OWN = Server(name="mail.contoso.com", addresses=("8.8.4.4",))
INCLUDED = "v=spf1 include:spf.protection.outlook.com -all"


@pytest.fixture
def dns():
    with DnsServer() as running:
        yield running


@pytest.fixture
def healthy(dns):
    """As Microsoft 365 wants it."""
    dns.text("contoso.com", "MS=ms123", INCLUDED)
    for selector in ("selector1", "selector2"):
        name = f"{selector}._domainkey.contoso.com"
        dns.zone[name, "CNAME"] = [f"{selector}-contoso-com._domainkey.contoso.onmicrosoft.com."]
    dns.text("_dmarc.contoso.com", "v=DMARC1; p=reject; rua=mailto:dmarc@contoso.com")
    return dns


@pytest.fixture
def rungs(dns):
    """The rungs of some domains by their check: `rungs(CONTOSO, server=OWN)`."""

    def climbed(*domains, server=MICROSOFT, seconds=5.0):
        budget = Budget(seconds)
        records = Records(domains or (CONTOSO,), server, dns.address, seconds)
        return domain_rungs(records.found(budget), server)

    return climbed


def grades(rungs):
    return {rung.check.value: rung.grade.value for rung in rungs}


def the(check, rungs):
    [rung] = [rung for rung in rungs if rung.check == check]
    return rung


@pytest.mark.usefixtures("healthy")
def test_all_is_well(rungs):
    found = rungs()

    assert grades(found) == {"spf": "ok", "dkim": "ok", "dmarc": "ok"}
    assert "names Microsoft 365" in the("spf", found).sentence
    assert "p=reject" in the("dmarc", found).sentence
    assert not any(rung.fix for rung in found)


def test_where_nothing_is_published_the_records_to_publish_are_told(rungs, dns):
    dns.text("contoso.com", "google-site-verification=x")

    found = rungs()

    assert grades(found) == dict.fromkeys(("spf", "dkim", "dmarc"), "warning")
    assert "v=spf1 include:spf.protection.outlook.com -all" in the("spf", found).fix
    assert "selector1._domainkey.contoso.com" in the("dkim", found).sentence
    assert "New-DkimSigningConfig -DomainName 'contoso.com'" in the("dkim", found).fix
    assert "_dmarc.contoso.com: v=DMARC1; p=none" in the("dmarc", found).fix


def test_a_record_without_the_provider_and_a_policy_that_rejects_is_a_failure(rungs, dns):
    dns.text("contoso.com", "v=spf1 include:_spf.google.com ip4:192.0.2.0/24 ~all")
    dns.text("_spf.google.com", "v=spf1 ip4:198.51.100.0/24 ~all")
    dns.text("_dmarc.contoso.com", "v=DMARC1; p=reject")

    found = rungs()

    assert "does not include Microsoft 365" in the("spf", found).sentence
    assert "Add include:spf.protection.outlook.com" in the("spf", found).fix
    assert the("dmarc", found).grade == "failed"
    assert "Neither SPF nor DKIM" in the("dmarc", found).sentence


@pytest.mark.usefixtures("healthy")
def test_only_one_of_two_keys(rungs, dns):
    del dns.zone["selector2._domainkey.contoso.com", "CNAME"]

    assert the("dkim", rungs()).grade == "warning"


@pytest.mark.usefixtures("healthy")
def test_an_envelope_in_another_domain_leaves_the_proof_to_dkim(rungs, dns):
    dns.text("fabrikam.com", "v=spf1 -all")
    dns.text("_dmarc.fabrikam.com", "v=DMARC1; p=quarantine")
    other = Domain(shown="fabrikam.com", envelope="contoso.com")

    found = rungs(other)

    assert the("spf", found).grade == "ok"
    assert "contoso.com" in the("spf", found).sentence
    assert the("dmarc", found).grade == "failed"
    assert "allowed_domains" in the("dmarc", found).fix


@pytest.mark.usefixtures("healthy")
def test_a_domain_that_compares_strictly_does_not_take_its_subdomain(rungs, dns):
    dns.text("_dmarc.contoso.com", "v=DMARC1; p=reject; aspf=s")
    dns.text("post.contoso.com", INCLUDED)
    below = Domain(shown="contoso.com", envelope="post.contoso.com")

    assert "A DKIM signature proves ours" in the("dmarc", rungs(below)).sentence
    dns.text("_dmarc.contoso.com", "v=DMARC1; p=reject; aspf=r")
    assert "SPF proves ours" in the("dmarc", rungs(below)).sentence


@pytest.mark.usefixtures("healthy")
def test_a_subdomain_inherits_the_policy_for_subdomains(rungs, dns):
    dns.text("_dmarc.contoso.com", "v=DMARC1; p=none; sp=quarantine")
    dns.text("post.contoso.com", "something else")
    below = Domain(shown="post.contoso.com", envelope="contoso.com")

    assert "p=quarantine" in the("dmarc", rungs(below)).sentence
    assert "p=none" in the("dmarc", rungs()).sentence


class TestSpf:
    @pytest.mark.parametrize(
        ("record", "verdict"),
        [
            (INCLUDED, Spf.NAMED),
            ("v=spf1 mx a INCLUDE:SPF.Protection.Outlook.com. ~all", Spf.NAMED),
            ("v=spf1 include:one.contoso.com -all", Spf.NAMED),
            ("v=spf1 redirect=one.contoso.com", Spf.NAMED),
            ("v=spf1 -include:spf.protection.outlook.com +all", Spf.NOT_NAMED),
            ("v=spf1 -all include:spf.protection.outlook.com", Spf.NOT_NAMED),
            ("v=spf1 +all", Spf.EVERYBODY),
            ("v=spf1", Spf.NOT_NAMED),
            ("v=spf10 include:spf.protection.outlook.com", Spf.ABSENT),
            ("v=spf1 include:nowhere.contoso.com -all", Spf.BROKEN),
            ("v=spf1 include:loop.contoso.com -all", Spf.TOO_LONG),
            ("v=spf1 include:%{i}.spf.contoso.com -all", Spf.UNKNOWN),
            ("v=spf1 exists:%{i}.spf.contoso.com -all", Spf.UNKNOWN),
            ("v=spf1 include:out.of.order.contoso.com -all", Spf.UNKNOWN),
            (f"v=spf1 {'a ' * 11}include:spf.protection.outlook.com -all", Spf.TOO_LONG),
            (f"v=spf1 include:{'x' * 80}.contoso.com -all", Spf.UNKNOWN),
        ],
    )
    def test_it_is_read_as_a_receiver_reads_it(self, dns, record, verdict):
        dns.text("contoso.com", record)
        dns.text("one.contoso.com", INCLUDED)
        dns.text("loop.contoso.com", "v=spf1 include:loop.contoso.com -all")
        dns.zone["out.of.order.contoso.com", "TXT"] = SERVFAIL

        lookups = Lookups(dns.address, 5.0)

        assert spf_of("contoso.com", MICROSOFT.named, lookups) is verdict
        assert len(dns.asked) <= 12

    def test_two_records_are_as_bad_as_none(self, dns):
        dns.text("contoso.com", INCLUDED, "v=spf1 -all")

        assert spf_of("contoso.com", MICROSOFT.named, Lookups(dns.address, 5.0)) is Spf.SEVERAL

    @pytest.mark.parametrize(
        ("record", "verdict"),
        [
            ("v=spf1 ip4:8.8.4.0/24 -all", Spf.NAMED),
            ("v=spf1 ip4:8.8.4.4 -all", Spf.NAMED),
            ("v=spf1 mx -all", Spf.NAMED),
            ("v=spf1 a:mail.contoso.com -all", Spf.NAMED),
            ("v=spf1 a -all", Spf.NOT_NAMED),
            ("v=spf1 ip4:nonsense ip6:2001:db8::/32 -all", Spf.NOT_NAMED),
        ],
    )
    def test_an_own_server_is_named_by_its_address(self, dns, record, verdict):
        dns.text("contoso.com", record)
        dns.zone["contoso.com", "MX"] = ["10 mail.contoso.com."]
        dns.zone["mail.contoso.com", "A"] = ["8.8.4.4"]

        assert spf_of("contoso.com", OWN.named, Lookups(dns.address, 5.0)) is verdict

    def test_a_server_on_a_private_address_is_neither_good_nor_bad(self, dns):
        dns.text("contoso.com", "v=spf1 -all")
        inside = Named(host="mail.contoso.com", addresses=("10.0.0.5",))

        assert spf_of("contoso.com", inside, Lookups(dns.address, 5.0)) is Spf.UNPLACED


def test_the_key_of_an_own_server_cannot_be_guessed(rungs, dns):
    dns.text("contoso.com", "v=spf1 ip4:8.8.4.4 -all")

    found = rungs(server=OWN)

    assert the("spf", found).grade == "ok"
    assert the("dkim", found).grade == "skipped"
    assert "d=contoso.com" in the("dkim", found).sentence


def test_google_wants_a_key_of_its_own(rungs, dns):
    dns.text("contoso.com", "v=spf1 include:_spf.google.com ~all")
    dns.text("_dmarc.contoso.com", "v=DMARC1;p=none")
    google = Server(name="smtp.gmail.com")

    assert "google._domainkey.contoso.com" in the("dkim", rungs(server=google)).fix
    dns.text("google._domainkey.contoso.com", "v=DKIM1; k=rsa; p=MIIB")
    assert the("dkim", rungs(server=google)).grade == "ok"


def test_a_domain_that_the_name_service_does_not_know_is_no_failure(rungs):
    [rung] = rungs()

    assert rung.grade == "skipped"
    assert "does not know contoso.com at all" in rung.sentence
    assert "--name-server" in rung.fix


def test_domains_that_nobody_of_us_can_publish_for(rungs, dns):
    inside = Domain(shown="contoso.local", envelope="contoso.local")
    gmail = Domain(shown="gmail.com", envelope="gmail.com")

    assert "nothing is looked up" in the("spf", rungs(inside)).sentence
    assert dns.asked == []
    assert the("spf", rungs(gmail, server=Server(name="smtp.gmail.com"))).grade == "ok"
    assert the("spf", rungs(gmail)).grade == "warning"


class TestOutOfReach:
    @pytest.mark.parametrize("trouble", [SERVFAIL, GARBAGE, HANG])
    def test_what_cannot_be_looked_up_is_no_failure(self, rungs, dns, trouble):
        dns.always = trouble
        began = time.monotonic()

        found = rungs(seconds=2.0)

        assert grades(found) == dict.fromkeys(("spf", "dkim", "dmarc"), "skipped")
        assert all("could not be looked up" in rung.sentence for rung in found)
        assert time.monotonic() - began < 4

    def test_nobody_there_is_no_failure_either(self, unused_port):
        lookups = Lookups(NameServer(host="127.0.0.1", port=unused_port), 1.0)

        with pytest.raises(NotLookedUp):
            lookups.texts("contoso.com")

    def test_a_silent_name_service_is_waited_for_once(self, dns):
        dns.always = HANG
        lookups = Lookups(dns.address, 1.0)
        began = time.monotonic()

        for name in ("one.contoso.com", "two.contoso.com"):
            with pytest.raises(NotLookedUp):
                lookups.texts(name)

        assert time.monotonic() - began < 2
        assert {name for name, _ in dns.asked} == {"one.contoso.com"}

    def test_many_domains_are_not_all_looked_up(self, rungs, dns):
        many = [Domain(shown=f"d{n}.com", envelope=f"d{n}.com") for n in range(MOST_DOMAINS + 2)]

        for domain in many:
            dns.text(domain.shown, "something else")

        spf = [rung for rung in rungs(*many) if rung.check == "spf"]

        assert len(spf) == len(many)
        assert [rung.grade for rung in spf].count("skipped") == 2


class TestHostile:
    def test_nothing_that_stands_in_a_record_is_repeated(self, rungs, dns):
        words = "\x1b[2J\u202eevil\x00\r\n$(Remove-Mailbox)"
        dns.text("contoso.com", f"v=spf1 include:{words} {words} -all")
        dns.text("_dmarc.contoso.com", f"v=DMARC1; p={words}; rua={words}")
        dns.zone["selector1._domainkey.contoso.com", "CNAME"] = ["evil.example."]

        told = "".join(rung.sentence + rung.fix for rung in rungs())

        assert "evil" not in told
        assert not any(unicodedata.category(c) in {"Cc", "Cf"} for c in told)

    def test_a_huge_record_is_read_in_part(self, rungs, dns):
        dns.text("contoso.com", "v=spf1 " + "ip4:192.0.2.1 " * 2_000 + INCLUDED)
        dns.text("_dmarc.contoso.com", "v=DMARC1; p=none;" + "x" * 30_000)

        found = rungs()

        assert the("spf", found).grade == "warning"
        assert the("dmarc", found).grade == "ok"
