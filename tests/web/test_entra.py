"""Signing in with Microsoft Entra: who gets in, and every way to be kept out."""

import ssl
from copy import deepcopy
from dataclasses import replace
from urllib.parse import parse_qs, urlsplit
from urllib.request import HTTPRedirectHandler, HTTPSHandler, build_opener

import pytest
from starlette.testclient import TestClient

from app.entra import entra_of
from app.serving import services_of
from app.settings import WrongSettings, read_settings
from tests.local_authority import make_certificates
from tests.openid_provider import (
    CLIENT,
    OBJECT,
    OTHER_TENANT,
    SECRET,
    TENANT,
    Provider,
    openid_provider,
)
from tests.web.conftest import PASSWORD, TOKEN, Browser
from web.application import web_application
from workflow.user_accounts import UserAccount

BASE = "https://approvals.example.com"
COOKIE = "__Host-countersign"


@pytest.fixture(scope="module")
def certificates(tmp_path_factory):
    return make_certificates(tmp_path_factory.mktemp("authority"))


@pytest.fixture
def provider(certificates, clock):
    known = Provider(clock=clock, redirect_uri=f"{BASE}/sign-in/entra/done")
    with openid_provider(certificates.server, known) as running:
        yield running


@pytest.fixture
def settings(provider, certificates, tmp_path):
    secret = tmp_path / "secret"
    secret.write_text(f"{SECRET}\n")
    return {
        "base_url": BASE,
        "entra_tenant": TENANT,
        "entra_client_id": CLIENT,
        "entra_client_secret_file": secret,
        "entra_authority": provider.authority,
        "entra_ca_file": certificates.ca_file,
    }


@pytest.fixture
def services(company, settings):
    company.user_accounts.save(UserAccount(user_id="ANN", entra_tenant=TENANT, entra_object=OBJECT))
    return replace(services_of(company), base_url=BASE, entra=entra_of(read_settings(**settings)))


@pytest.fixture
def visitor(services, certificates):
    """Somebody's browser over https."""

    def opened():
        web = web_application(services)
        client = TestClient(web, base_url=BASE, follow_redirects=False)
        return Visitor(Browser(client), certificates)

    return opened


class Stay(HTTPRedirectHandler):
    def redirect_request(self, *_):
        return None


class Visitor:
    """A browser that also goes to Microsoft."""

    def __init__(self, browser, certificates):
        self.client = browser.client
        self.open = browser.open
        context = ssl.create_default_context(cafile=certificates.ca_file)
        self.opener = build_opener(HTTPSHandler(context=context), Stay())

    def to_microsoft(self, path="/sign-in/entra?next=/documents"):
        """Where Microsoft sends the browser back to."""
        answer = self.open(path)
        assert answer.status_code == 303
        try:
            self.opener.open(answer.headers["location"])
        except OSError as error:  # a redirect that is not followed
            return error.headers["Location"].removeprefix(BASE)
        raise AssertionError("Microsoft did not send the browser back")

    def back(self, path):
        return self.open(path)

    def sign_in(self):
        return self.back(self.to_microsoft())

    @property
    def is_in(self):
        return self.open("/documents").status_code == 200


def test_a_person_known_by_directory_and_object_signs_in_and_comes_where_he_wanted(
    visitor, provider
):
    ann = visitor()
    assert "Sign in with Microsoft" in ann.open("/sign-in").text
    answer = ann.sign_in()
    assert answer.headers["location"] == "/documents"
    assert ann.is_in
    (asked,) = provider.asked
    assert asked["response_type"] == "code"
    assert asked["redirect_uri"] == f"{BASE}/sign-in/entra/done"
    assert asked["code_challenge_method"] == "S256"
    cookies = answer.headers.get_list("set-cookie")
    session = next(one for one in cookies if one.startswith(f"{COOKIE}="))
    assert all(flag in session for flag in ("Secure", "HttpOnly", "Path=/", "SameSite=lax"))


@pytest.mark.parametrize(
    "wrong",
    [
        {"claims": {"nonce": "another"}},
        {"left_out": ("nonce",)},
        {"claims": {"iss": "https://login.evil.example/v2.0"}},
        {"claims": {"iss": f"https://localhost/{OTHER_TENANT}/v2.0"}},
        {"left_out": ("iss",)},
        {"claims": {"aud": "another-app"}},
        {"claims": {"aud": [CLIENT, "another-app"], "azp": "another-app"}},
        {"left_out": ("aud",)},
        {"claims": {"exp": 1}},
        {"left_out": ("exp",)},
        {"claims": {"nbf": 4_000_000_000}},
        {"claims": {"tid": OTHER_TENANT}},
        {"left_out": ("tid",)},
        {"left_out": ("oid",)},
        {"claims": {"oid": [OBJECT]}},
        {"signs_with": "none"},
        {"signs_with": "HS256"},
        {"signs_with": "RS512"},
        {"answers": [(200, {"token_type": "Bearer", "access_token": "x"})]},
        {"answers": [(200, {"id_token": "not.a.token"})]},
        {"answers": [(400, {"error": "invalid_client"})]},
    ],
    ids=str,
)
def test_a_token_with_anything_wrong_signs_nobody_in(visitor, provider, wrong):
    for name, value in wrong.items():
        setattr(provider, name, deepcopy(value))
    ann = visitor()
    answer = ann.sign_in()
    assert answer.status_code == 403
    assert "Signing in with Microsoft did not work" in answer.text
    assert SECRET not in answer.text
    assert not ann.is_in


def test_a_token_of_another_signer_signs_nobody_in(visitor, provider):
    provider.published = Provider(clock=provider.clock, redirect_uri="").key
    assert visitor().sign_in().status_code == 403


def test_a_token_that_has_expired_signs_nobody_in(visitor, provider, clock):
    ann = visitor()
    provider.claims = {"exp": int(clock().timestamp()) - 61}
    assert ann.sign_in().status_code == 403


def test_an_answer_with_another_state_signs_nobody_in(visitor):
    ann = visitor()
    back = ann.to_microsoft()
    state = parse_qs(urlsplit(back).query)["state"][0]
    assert ann.back(back.replace(state, "another")).status_code == 403
    assert not ann.is_in


def test_an_answer_that_another_browser_asked_for_signs_nobody_in(visitor):
    attacker, victim = visitor(), visitor()
    back = attacker.to_microsoft()
    assert victim.back(back).status_code == 403
    victim.to_microsoft()
    assert victim.back(back).status_code == 403
    assert not victim.is_in


def test_an_answer_works_once(visitor):
    ann = visitor()
    back = ann.to_microsoft()
    kept = ann.client.cookies[f"{COOKIE}-entra"]
    assert ann.back(back).status_code == 303
    assert f"{COOKIE}-entra" not in ann.client.cookies
    thief = visitor()
    assert thief.back(back).status_code == 403
    header = {"Cookie": f"{COOKIE}-entra={kept}"}
    assert thief.open(back, **header).status_code == 403  # nor with the cookie: the code is spent
    assert not thief.is_in


def test_a_code_that_was_stolen_is_of_no_use_without_the_verifier(visitor):
    victim, thief = visitor(), visitor()
    code = parse_qs(urlsplit(victim.to_microsoft()).query)["code"][0]
    own = thief.to_microsoft()
    state = parse_qs(urlsplit(own).query)["state"][0]
    answer = thief.back(f"/sign-in/entra/done?code={code}&state={state}")
    assert answer.status_code == 403
    assert not thief.is_in


def test_the_address_in_a_token_is_never_believed(visitor, provider):
    provider.person = "another-object"
    provider.claims = {"email": "ann@example.com", "upn": "ann@example.com"}
    ann = visitor()
    answer = ann.sign_in()
    assert answer.status_code == 403
    assert f"{TENANT}/another-object" in answer.text  # for an administrator
    assert not ann.is_in


def test_the_same_object_in_another_directory_is_somebody_else(
    company, settings, services, certificates, provider
):
    both = {**settings, "entra_tenant": f"{TENANT}, {OTHER_TENANT}"}
    wider = replace(services, entra=entra_of(read_settings(**both)))
    client = TestClient(web_application(wider), base_url=BASE, follow_redirects=False)
    ann = Visitor(Browser(client), certificates)
    assert ann.sign_in().status_code == 303  # through the directory of all organisations
    provider.claims = {"tid": OTHER_TENANT, "iss": f"{provider.authority}/{OTHER_TENANT}/v2.0"}
    client.cookies.clear()
    answer = ann.sign_in()
    assert answer.status_code == 403
    assert f"{OTHER_TENANT}/{OBJECT}" in answer.text


@pytest.mark.parametrize("how", ["disabled", "left the setup"])
def test_who_may_not_sign_in_cannot_with_microsoft_either(visitor, company, how):
    if how == "disabled":
        company.user_accounts.save(replace(company.user_accounts.find("ANN"), disabled=True))
    else:
        with company.uow() as uow:
            uow.users.remove("ANN")
            uow.commit()
    ann = visitor()
    assert ann.sign_in().status_code == 403
    assert not ann.is_in


def test_nobody_is_sent_to_another_site_by_way_of_microsoft(visitor):
    ann = visitor()
    back = ann.to_microsoft("/sign-in/entra?next=//evil.example")
    assert ann.back(back).headers["location"] == "/"


def test_what_microsoft_refuses_is_said(visitor):
    ann = visitor()
    ann.to_microsoft()
    answer = ann.back("/sign-in/entra/done?error=access_denied")
    assert "access_denied" in answer.text


def test_a_microsoft_that_does_not_answer_is_said(services, certificates):
    gone = replace(services, entra=replace(services.entra, authority="https://localhost:9"))
    client = TestClient(web_application(gone), base_url=BASE, follow_redirects=False)
    answer = client.get("/sign-in/entra")
    assert answer.status_code == 502
    assert "Microsoft does not answer." in answer.text


def test_a_microsoft_with_a_certificate_nobody_vouches_for_is_not_asked(services):
    trusting = replace(services, entra=replace(services.entra, ca_file=""))
    client = TestClient(web_application(trusting), base_url=BASE, follow_redirects=False)
    assert client.get("/sign-in/entra").status_code == 502


def test_who_is_signed_in_says_himself_which_microsoft_account_is_his(visitor, company, provider):
    provider.person = "object-of-bob"
    bob = visitor()
    bob.client.post("/sign-in", data={"user": "BOB", "password": PASSWORD})
    question = bob.back(bob.to_microsoft("/settings/entra"))
    assert question.status_code == 200
    assert company.user_accounts.find("BOB").entra_object == ""  # not before he says so
    chosen = question.text.split('name="person" value="')[1].split('"')[0]
    fields = {"token": TOKEN.findall(question.text)[-1], "person": chosen}
    other = visitor()
    other.client.post("/sign-in", data={"user": "CID", "password": PASSWORD})
    assert other.client.post("/settings/entra", data=fields).status_code == 403
    answer = bob.client.post("/settings/entra", data=fields)
    assert answer.headers["location"] == "/settings?done=microsoft"
    assert company.user_accounts.of_entra(TENANT, "object-of-bob").user_id == "BOB"


def test_without_passwords_of_our_own_their_ways_in_are_closed(services, certificates):
    closed = replace(services, passwords=False)
    client = TestClient(web_application(closed), base_url=BASE, follow_redirects=False)
    assert 'name="password"' not in client.get("/sign-in").text
    fields = {"user": "BOB", "password": PASSWORD}
    assert client.post("/sign-in", data=fields).status_code == 404
    assert client.get("/sign-in/link/any").status_code == 404
    assert client.post("/sign-in/link/any", data=fields).status_code == 404
    assert Visitor(Browser(client), certificates).sign_in().status_code == 303
    assert "Change password" not in client.get("/settings").text


def test_where_it_is_not_set_up_there_is_no_way_to_microsoft(browser):
    ann = browser("ANN")
    for path in ("/sign-in/entra", "/sign-in/entra/done?code=1&state=2", "/settings/entra"):
        assert ann.open(path).status_code == 404
    assert "Microsoft" not in ann.open("/sign-in").text


@pytest.mark.parametrize(
    ("changed", "named"),
    [
        ({"entra_client_id": ""}, "ENTRA_CLIENT_ID"),
        ({"entra_tenant": ""}, "ENTRA_TENANT"),
        ({"entra_tenant": "contoso.com"}, "ENTRA_TENANT"),
        ({"entra_client_secret_file": None}, "ENTRA_CLIENT_SECRET"),
        ({"entra_client_secret_file": "/nowhere/at/all"}, "ENTRA_CLIENT_SECRET_FILE"),
        ({"base_url": ""}, "BASE_URL"),
        ({"base_url": "http://approvals.example.com"}, "BASE_URL"),
        ({"entra_authority": "http://login.example.com"}, "ENTRA_AUTHORITY"),
    ],
)
def test_half_a_setup_is_refused_with_the_setting_that_is_missing(settings, changed, named):
    with pytest.raises(WrongSettings, match=named):
        entra_of(read_settings(**{**settings, **changed}))


def test_closing_the_only_way_in_is_refused():
    with pytest.raises(WrongSettings, match="LOCAL_PASSWORDS"):
        entra_of(read_settings(local_passwords=False))


def test_no_account_is_connected_at_a_screen_that_was_left_open(visitor, company, provider, clock):
    provider.person = "object-of-bob"
    bob = visitor()
    bob.client.post("/sign-in", data={"user": "BOB", "password": PASSWORD})
    clock.forward(minutes=15)
    question = bob.back(bob.to_microsoft("/settings/entra")).text
    chosen = question.split('name="person" value="')[1].split('"')[0]
    fields = {"token": TOKEN.findall(question)[-1], "person": chosen}
    assert bob.client.post("/settings/entra", data=fields).status_code == 403
    assert company.user_accounts.find("BOB").entra_object == ""


# --- showing once more who one is ----------------------------------------------------------

PROVE = "/settings/prove/entra?next=/setup/accounts/BOB"
BOB = "/setup/accounts/BOB"


@pytest.fixture
def eva(services, company, visitor):
    """An administrator without a password, who signed in at Microsoft."""
    company.user_accounts.save(UserAccount(user_id="ANN"))
    company.user_accounts.save(UserAccount(user_id="EVA", entra_tenant=TENANT, entra_object=OBJECT))
    eva = visitor()
    eva.sign_in()
    return eva


def gives_bob_a_role(eva):
    page = eva.open(BOB).text
    fields = {"token": TOKEN.findall(page)[-1], "step": "save", "auditor": "yes"}
    return eva.client.post(BOB, data=fields, headers={"Origin": BASE})


def roles_of(company, user):
    return [str(role) for role in company.user_accounts.find(user).roles]


def test_who_has_only_microsoft_signs_in_anew_before_giving_roles(eva, provider, company):
    assert "First show that it is you" in eva.open(BOB).text
    refused = gives_bob_a_role(eva)
    assert refused.status_code == 403
    assert "Sign in at Microsoft once more" in refused.text
    assert roles_of(company, "BOB") == []

    back = eva.back(eva.to_microsoft(PROVE))
    assert (back.status_code, back.headers["location"]) == (303, BOB)
    assert (provider.asked[-1]["prompt"], provider.asked[-1]["max_age"]) == ("login", "0")
    assert gives_bob_a_role(eva).status_code == 303
    assert roles_of(company, "BOB") == ["auditor"]


def test_the_proof_holds_for_a_quarter_of_an_hour(eva, clock, company):
    eva.back(eva.to_microsoft(PROVE))
    clock.forward(minutes=15)
    assert gives_bob_a_role(eva).status_code == 403
    assert roles_of(company, "BOB") == []


@pytest.mark.parametrize(
    ("claims", "left_out"),
    [
        ({}, ("auth_time",)),
        ({"auth_time": "now"}, ()),
        ({"auth_time": 0}, ()),
        ({"auth_time": 2**40}, ()),
        ({"oid": "somebody-else"}, ()),
    ],
    ids=["does not say", "no number", "long ago", "in the future", "somebody else"],
)
def test_a_sign_in_that_proves_nothing_is_refused(eva, provider, company, claims, left_out):
    provider.claims, provider.left_out = claims, left_out
    assert eva.back(eva.to_microsoft(PROVE)).status_code == 403
    assert gives_bob_a_role(eva).status_code == 403
    assert roles_of(company, "BOB") == []


def test_an_ordinary_sign_in_at_microsoft_proves_nothing(eva, company):
    eva.sign_in()
    assert gives_bob_a_role(eva).status_code == 403


def test_nobody_proves_anything_for_a_session_that_is_not_his(eva, visitor):
    assert visitor().open(PROVE).headers["location"].startswith("/sign-in")
