"""The sender of every mail: the table of all cases, and the rules it does not show."""

from dataclasses import dataclass, field, replace

import pytest

from notifications.mail_setup import (
    Authentication,
    Envelope,
    MailNotSetUp,
    MailSetup,
    SubstitutionMode,
)
from notifications.senders import (
    MailKind,
    NoSender,
    Requester,
    SenderResting,
    SenderRule,
    choose_sender,
    explain,
)

U = "erp@contoso.com"
S = "noreply@contoso.com"
R = "ann@contoso.com"
C = "cid@contoso.com"
X = "tester@contoso.com"
LOGIN = "CONTOSO\\erp"
COMPANY = "Contoso Approvals"
ANN = Requester(user_id="ANN", name="Ann Lee", email=R)
CID = Requester(user_id="CID", name="Cid", email=C)

BASIC = Authentication.BASIC
ANONYMOUS = Authentication.ANONYMOUS
WORKFLOW, DOCUMENT, TEST = MailKind.WORKFLOW, MailKind.DOCUMENT, MailKind.TEST
ON_BEHALF = SubstitutionMode.SEND_ON_BEHALF


def setup(auth, u="", s="", substitution="off", **more) -> MailSetup:
    return MailSetup(
        server="smtp.office365.com",
        port=587,
        secure=True,
        authentication=auth,
        user_name=u,
        send_as=s,
        allow_sender_substitution=substitution == "on",
        sender_name=COMPANY,
        **more,
    )


@dataclass(frozen=True, kw_only=True)
class Case:
    """A row of the table. `env_from` is the envelope with envelope=from, as Business Central."""

    setup: MailSetup
    kind: MailKind = WORKFLOW
    requester: Requester | None = ANN
    around: dict = field(default_factory=dict)
    rule: SenderRule
    name: str = COMPANY
    shown: str
    on_behalf: str | None = None
    envelope: str = U
    reply_to: str | None = None
    warning: str = ""


def ann(**changes) -> Requester:
    return replace(ANN, **changes)


BY_REQUESTER = {"rule": SenderRule.REQUESTER, "name": "Ann Lee", "shown": R}
BY_SEND_AS = {"rule": SenderRule.SEND_AS, "shown": S}
BY_USER_NAME = {"rule": SenderRule.USER_NAME, "shown": U}
REFUSED = frozenset({(U, R)})

CASES = {
    "vector-01 user name": Case(setup=setup(BASIC, U), kind=DOCUMENT, **BY_USER_NAME),
    "vector-02 send as": Case(setup=setup(BASIC, U, S), kind=DOCUMENT, **BY_SEND_AS),
    "vector-03 send as, the server adds on behalf": Case(
        setup=setup(BASIC, U, S), kind=DOCUMENT, **BY_SEND_AS
    ),
    "vector-04 send as not granted: the document is tried once": Case(
        setup=setup(BASIC, U, S), kind=DOCUMENT, **BY_SEND_AS
    ),
    "vector-05 documents never carry the requester": Case(
        setup=setup(BASIC, U, S, "on"), kind=DOCUMENT, **BY_SEND_AS
    ),
    "vector-06 the requester": Case(setup=setup(BASIC, U, S, "on"), **BY_REQUESTER),
    "vector-07 the requester, the server adds on behalf": Case(
        setup=setup(BASIC, U, S, "on"), **BY_REQUESTER
    ),
    "vector-08 the requester was refused": Case(
        setup=setup(BASIC, U, S, "on"),
        around={"resting": REFUSED},
        **BY_SEND_AS,
        reply_to=R,
        warning="grant Send As on the mailbox ann@contoso.com to erp@contoso.com",
    ),
    "vector-09 substitution off": Case(setup=setup(BASIC, U, S), **BY_SEND_AS, reply_to=R),
    "vector-10 substitution off, no send as": Case(
        setup=setup(BASIC, U), **BY_USER_NAME, reply_to=R
    ),
    "vector-11 no e-mail: the company's name, not hers": Case(
        setup=setup(BASIC, U, S, "on"), requester=ann(email=""), **BY_SEND_AS
    ),
    "vector-12 no e-mail, no send as": Case(
        setup=setup(BASIC, U, "", "on"), requester=ann(email=""), **BY_USER_NAME
    ),
    "vector-13 an invalid e-mail": Case(
        setup=setup(BASIC, U, S, "on"),
        requester=ann(email="ann.contoso.com"),
        **BY_SEND_AS,
        warning="'ann.contoso.com' is not a valid address",
    ),
    "vector-14 not in the approval user setup": Case(
        setup=setup(BASIC, U, S, "on"),
        requester=Requester(user_id="ANN", name="", email=""),
        **BY_SEND_AS,
    ),
    "vector-15 made by the system": Case(
        setup=setup(BASIC, U, S, "on"), requester=None, **BY_SEND_AS
    ),
    "vector-16 a digest has no one requester": Case(
        setup=setup(BASIC, U, S, "on"), requester=None, **BY_SEND_AS
    ),
    "vector-17 the requester at the second level too": Case(
        setup=setup(BASIC, U, S, "on"), around={"current_user": CID}, **BY_REQUESTER
    ),
    "vector-18 the requester is the account": Case(
        setup=setup(BASIC, U, S, "on"),
        requester=ann(email="ERP@contoso.com"),
        rule=SenderRule.REQUESTER,
        name="Ann Lee",
        shown="ERP@contoso.com",
    ),
    "vector-19 anonymous: the current user": Case(
        setup=setup(ANONYMOUS, "", "", "on"),
        kind=DOCUMENT,
        around={"current_user": CID},
        rule=SenderRule.CURRENT_USER,
        name="Cid",
        shown=C,
        envelope=C,
    ),
    "vector-19 anonymous with send as: send as": Case(
        setup=setup(ANONYMOUS, "", S, "on"),
        kind=DOCUMENT,
        around={"current_user": CID},
        **BY_SEND_AS,
        envelope=S,
    ),
    "vector-20 anonymous: the requester": Case(
        setup=setup(ANONYMOUS, "", "", "on"), **BY_REQUESTER, envelope=R
    ),
    "vector-22 anonymous test: to oneself": Case(
        setup=setup(ANONYMOUS, "", "", "on"),
        kind=TEST,
        around={"recipient": X},
        rule=SenderRule.RECIPIENT,
        name="",
        shown=X,
        envelope=X,
    ),
    "vector-22 anonymous test with send as: send as": Case(
        setup=setup(ANONYMOUS, "", S, "on"),
        kind=TEST,
        around={"recipient": X},
        **BY_SEND_AS,
        envelope=S,
    ),
    "vector-23 anonymous at office 365": Case(
        setup=setup(ANONYMOUS, "", S, "on"), requester=None, **BY_SEND_AS, envelope=S
    ),
    "vector-24 a test shows what will be used": Case(
        setup=setup(BASIC, U, S), kind=TEST, around={"recipient": X}, **BY_SEND_AS
    ),
    "vector-25 a test is sent although send as was refused": Case(
        setup=setup(BASIC, U, S),
        kind=TEST,
        around={"recipient": X, "resting": frozenset({(U, S)})},
        **BY_SEND_AS,
    ),
    "vector-29 user name is a login": Case(
        setup=setup(BASIC, LOGIN, S), kind=DOCUMENT, **BY_SEND_AS, envelope=S
    ),
    "vector-31 the current user's addresses play no part": Case(
        setup=setup(BASIC, U, S), kind=DOCUMENT, around={"current_user": CID}, **BY_SEND_AS
    ),
    "vector-37 gmail rewrites it, we submit send as": Case(
        setup=setup(BASIC, U, S), kind=DOCUMENT, **BY_SEND_AS
    ),
    "vector-38 postfix refused the requester": Case(
        setup=setup(BASIC, U, S, "on"),
        around={"resting": REFUSED},
        **BY_SEND_AS,
        reply_to=R,
        warning="refused erp@contoso.com as sender for ann@contoso.com",
    ),
    "vector-39 on behalf": Case(
        setup=setup(BASIC, U, S, "on", substitution_mode=ON_BEHALF), **BY_REQUESTER, on_behalf=U
    ),
    "vector-40 the requester has a foreign domain": Case(
        setup=setup(BASIC, U, S, "on"),
        requester=ann(email="ann@gmail.com"),
        **BY_SEND_AS,
        reply_to="ann@gmail.com",
        warning="ann@gmail.com is not in an allowed domain (contoso.com)",
    ),
    "vector-41 letters the server cannot carry": Case(
        setup=setup(BASIC, U, S, "on", allowed_domains=("xn--exmple-cua.com",)),
        requester=ann(email="jörg@exämple.com"),
        around={"server_has_smtputf8": False},
        **BY_SEND_AS,
        warning="SMTPUTF8",
    ),
    "vector-41 letters the server carries": Case(
        setup=setup(BASIC, U, S, "on", allowed_domains=("xn--exmple-cua.com",)),
        requester=ann(email="jörg@exämple.com"),
        rule=SenderRule.REQUESTER,
        name="Ann Lee",
        shown="jörg@exämple.com",
    ),
    "vector-41 only the domain is outside ASCII": Case(
        setup=setup(BASIC, U, S, "on", allowed_domains=("xn--exmple-cua.com",)),
        requester=ann(email="ann@exämple.com"),
        around={"server_has_smtputf8": False},
        rule=SenderRule.REQUESTER,
        name="Ann Lee",
        shown="ann@xn--exmple-cua.com",
    ),
    "vector-42 a name that wants to be a header": Case(
        setup=setup(BASIC, U, S, "on"),
        requester=ann(name="Ann\r\nBcc: x@y"),
        rule=SenderRule.REQUESTER,
        name="Ann Bcc: x at y",
        shown=R,
    ),
}


@pytest.mark.parametrize("case", CASES.values(), ids=CASES)
def test_the_sender_is(case):
    sender = choose_sender(case.setup, case.kind, case.requester, **case.around)

    assert sender.rule is case.rule
    assert (sender.name, sender.from_address) == (case.name, case.shown)
    assert sender.sender_address == case.on_behalf
    assert sender.envelope_from == case.envelope
    assert sender.reply_to == case.reply_to
    if case.warning:
        assert case.warning in " ".join(sender.warnings)
    else:
        assert sender.warnings == ()


@pytest.mark.parametrize("case", CASES.values(), ids=CASES)
def test_with_envelope_from_the_envelope_is_the_sender_shown(case):
    as_bc = replace(case.setup, envelope=Envelope.FROM)

    assert choose_sender(as_bc, case.kind, case.requester, **case.around).envelope_from == (
        case.shown
    )


NOBODY = {
    "vector-21 anonymous, no e-mail, in the background": (
        setup(ANONYMOUS, "", "", "on"), WORKFLOW, ann(email=""), "fill Send As",
    ),
    "vector-30 user name is a login and send as is empty": (
        setup(BASIC, LOGIN), DOCUMENT, ANN, "is not an email address: fill Send As",
    ),
    "neither user name nor send as": (setup(BASIC), DOCUMENT, ANN, "fill User Name or Send As"),
}  # fmt: skip


@pytest.mark.parametrize(("mail", "kind", "requester", "words"), NOBODY.values(), ids=NOBODY)
def test_without_a_sender_the_mail_stops_before_it_is_sent(mail, kind, requester, words):
    with pytest.raises(NoSender, match=words):
        choose_sender(mail, kind, requester)


def test_vector_45_without_a_server_mail_waits():
    with pytest.raises(MailNotSetUp):
        choose_sender(replace(setup(BASIC, U), server=""), WORKFLOW, ANN)


def test_a_document_is_not_sent_under_another_name_after_a_refusal():
    with pytest.raises(SenderResting, match=r"Grant Send As on the mailbox noreply@contoso\.com"):
        choose_sender(setup(BASIC, U, S), DOCUMENT, None, resting=frozenset({(U, S)}))


def test_workflow_mail_falls_back_to_the_account_when_send_as_was_refused_too():
    sender = choose_sender(
        setup(BASIC, U, S, "on"), WORKFLOW, ANN, resting=frozenset({(U, R), (U, S)})
    )

    assert (sender.from_address, sender.rule, sender.reply_to) == (U, SenderRule.USER_NAME, R)


def test_a_refusal_of_another_account_or_person_does_not_count():
    resting = frozenset({("other@contoso.com", R), (U, C)})

    assert choose_sender(setup(BASIC, U, S, "on"), WORKFLOW, ANN, resting=resting).rule is (
        SenderRule.REQUESTER
    )


def test_nobody_can_be_refused_his_own_address():
    sender = choose_sender(
        setup(BASIC, U, "", "on"), WORKFLOW, ann(email=U), resting=frozenset({(U, U)})
    )

    assert sender.from_address == U


def test_an_allowed_domain_lets_a_requester_from_outside_write_in_his_own_name():
    mail = setup(BASIC, U, S, "on", allowed_domains=("fabrikam.com",))
    outside = ann(email="ann@Fabrikam.com")

    assert choose_sender(mail, WORKFLOW, outside).rule is SenderRule.REQUESTER
    assert choose_sender(mail, WORKFLOW, ANN).rule is SenderRule.SEND_AS


def test_on_behalf_needs_an_account_with_an_address():
    sender = choose_sender(setup(BASIC, LOGIN, S, "on", substitution_mode=ON_BEHALF), WORKFLOW, ANN)

    assert sender.sender_address is None
    assert "on whose behalf" in " ".join(sender.warnings)


def test_on_behalf_of_oneself_is_not_said():
    mail = setup(BASIC, U, "", "on", substitution_mode=ON_BEHALF)

    assert choose_sender(mail, WORKFLOW, ann(email=U)).sender_address is None


def test_the_explanation_names_the_address_and_the_reason():
    mail = setup(BASIC, U, S, "on")

    assert explain(choose_sender(mail, WORKFLOW, ANN), mail) == (
        "From Ann Lee <ann@contoso.com>, because Allow Sender Substitution is on and this is the "
        "requester's E-Mail in the approval user setup; reports of failed delivery go to "
        "erp@contoso.com; erp@contoso.com signs in and needs the right to use that address."
    )


@pytest.mark.parametrize("case", CASES.values(), ids=CASES)
def test_every_explanation_is_one_sentence_about_the_address_used(case):
    sender = choose_sender(case.setup, case.kind, case.requester, **case.around)

    sentence = explain(sender, case.setup)

    assert sender.from_address in sentence
    assert ", because " in sentence
    assert sentence.endswith(".")
