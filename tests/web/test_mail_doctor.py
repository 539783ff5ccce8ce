"""The mail doctor's page: findings as they come, with what to copy; and the rights to send as."""

from dataclasses import replace

import pytest

from app.passes import deliver
from notifications.doctor import Patient, climbed
from notifications.doctor_rights import Known
from notifications.mail_setup import Authentication, MailSetup
from tests.web.conftest import HERE, START

DOCTOR = "/setup/mail/doctor"
GRANTS = "/setup/mail/grants"
SECRET = "hunter2 hunter2"  # noqa: S105 - of an account that does not exist
OFFICE = MailSetup(
    server="smtp.office365.com",
    port=587,
    secure=True,
    authentication=Authentication.BASIC,
    user_name="erp@example.com",
    password=SECRET,
    allow_sender_substitution=True,
)


@pytest.fixture
def eva(browser):
    return browser("EVA")


def test_every_finding_stands_on_the_page_with_what_helps(eva, company, mail_server):
    server = mail_server(tls=False, sign_in=False)
    company.mail_setups.save(server.setup(send_as="noreply@example.com"))
    page = eva.fill(DOCTOR)
    assert page.status_code == 200
    assert "That was everything." in page.text
    for check in ("dns", "tcp", "ehlo", "send as", "spf"):
        assert f"<strong>{check}</strong>" in page.text
    assert server.received == []


def test_a_broken_rung_is_told_before_the_end_and_those_above_it_are_skipped(eva, company):
    company.mail_setups.save(replace(OFFICE, server="localhost", port=9))
    page = eva.fill(DOCTOR).text
    assert "failed" in page
    assert "Not tried, because tcp failed." in page
    assert page.index("tcp") < page.index("skipped") < page.index("That was everything.")


def test_what_is_known_already_is_told_before_the_mail_server_is_asked(mail_server):
    server = mail_server(tls=False, sign_in=False)
    setup = server.setup(send_as="noreply@example.com")
    found = climbed(Patient(setup=setup, tokens=None, people=[], known=Known()), START)
    assert [next(found).check, next(found).check] == ["setup", "dns"]
    assert server.connections == 0
    assert len(list(found)) > 5
    assert server.connections > 0


def test_a_grant_can_be_copied_as_powershell(eva, company):
    company.mail_setups.save(replace(OFFICE, server="localhost", port=9))
    page = eva.fill(DOCTOR).text
    assert "Add-RecipientPermission -Identity &#39;ann@example.com&#39;" in page
    assert 'data-copy="c-' in page
    assert SECRET not in page


def test_without_a_mail_server_there_is_nothing_to_examine(eva):
    page = eva.fill(DOCTOR)
    assert page.status_code == 422
    assert "no mail server is filled in" in page.text


def test_no_more_than_ten_diagnoses_a_minute(eva):
    answers = [eva.fill(DOCTOR).status_code for _ in range(11)]
    assert answers == [*[422] * 10, 429]


@pytest.mark.parametrize("path", [DOCTOR, GRANTS])
def test_only_administrators_get_there(browser, path):
    assert browser("ANN").open(path).status_code == 403


def test_looking_at_the_page_examines_nothing(eva, company, mail_server):
    server = mail_server(tls=False, sign_in=False)
    company.mail_setups.save(server.setup(send_as="noreply@example.com"))
    eva.open(DOCTOR)
    eva.open(GRANTS)
    assert server.commands == []


def test_each_approval_user_has_his_address_the_rule_and_the_verdict(eva, company):
    company.mail_setups.save(OFFICE)
    page = eva.open(GRANTS).text
    assert page.count("the requester&#39;s own E-Mail") == 6
    assert page.count("not tried yet") == 6
    assert "Add-RecipientPermission -Identity &#39;bob@example.com&#39;" in page
    assert "-Trustee &#39;erp@example.com&#39;" in page


def test_only_the_mailboxes_that_need_a_grant_are_listed(eva, company):
    company.mail_setups.save(
        replace(OFFICE, allow_sender_substitution=False, send_as="noreply@example.com")
    )
    page = eva.open(GRANTS).text
    assert "Add-RecipientPermission -Identity &#39;noreply@example.com&#39;" in page
    assert "bob@example.com&#39;" not in page


def test_a_test_that_was_refused_is_the_verdict_on_that_address(eva, company, mail_server):
    server = mail_server(tls=False, sign_in=False)
    server.replies["DATA"] = ["554 5.2.252 SendAsDenied; not allowed"]
    company.mail_setups.save(server.setup(send_as="noreply@example.com"))
    eva.fill("/setup/mail/test")
    page = eva.open(GRANTS).text
    assert "refused" in page
    assert "554 5.2.252 SendAsDenied; not allowed" in page


def test_once_the_right_is_granted_the_next_mail_carries_the_address_again(
    eva, company, sent, mail_server
):
    server = mail_server(tls=False, sign_in=False)
    server.replies["DATA"] = ["554 5.2.252 SendAsDenied; not allowed"]
    company.mail_setups.save(
        server.setup(user_name="erp@example.com", allow_sender_substitution=True)
    )
    sent("PO-1")
    deliver(company)
    resting = eva.open(GRANTS).text
    granted = {**eva.form(GRANTS), "address": "ann@example.com"}
    answer, again = (
        eva.client.post(GRANTS, data=granted, headers={"Origin": HERE}) for _ in range(2)
    )
    sent("PO-2")
    deliver(company)

    assert "Rests for a day" in resting
    assert answer.status_code == 303
    assert "Rests for a day" not in eva.open(GRANTS).text
    assert (again.status_code, "does not rest" in again.text) == (422, True)
    assert "Eva" in eva.open("/setup/log?subject=ann@example.com").text
    assert "Said that the right to send as ann@example.com was granted" in (
        eva.open("/setup/log").text
    )
    assert any(b"<ann@example.com>" in mail.raw.split(b"\r\nTo:")[0] for mail in server.received)
