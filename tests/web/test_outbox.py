"""The outbox: what became of each email, shown so that nothing in it can do harm."""

import re

import pytest

from app.passes import deliver
from notifications.mail_setup import MailSetup

OUTBOX = "/setup/outbox"
ONE = "/setup/outbox/1"


@pytest.fixture
def eva(browser):
    return browser("EVA")


@pytest.fixture
def delivered(company, sent, mail_server):
    """Ann's requests were sent through a mail server that answers as it is told."""

    def deliver_all(*numbers, **replies):
        server = mail_server(tls=False, sign_in=False)
        for command, reply in replies.items():
            server.replies[command] = [reply] * 5
        company.mail_setups.save(server.setup(send_as="noreply@example.com"))
        for number in numbers:
            sent(number)
        deliver(company)
        return server

    return deliver_all


def state(company, number=1):
    return company.read.outbox_show(number).email.state


def test_the_list_says_how_far_each_email_is(eva, delivered):
    delivered("PO-1", "PO-2")
    page = eva.open(OUTBOX).text
    assert "Sent: 2" in page
    assert page.count("noreply@example.com") == 2
    assert "bob@example.com" in page


@pytest.mark.parametrize(
    ("query", "count"),
    [
        ("state=sent", 2),
        ("state=refused", 0),
        ("state=nonsense", 2),
        ("person=BOB", 2),
        ("person=ANN", 2),
        ("person=EVA", 0),
        ("number=PO-1", 1),
        ("number=1", 0),
        ("number=%25", 0),
    ],
)
def test_it_is_filtered_by_state_person_and_document(eva, delivered, query, count):
    delivered("PO-1", "PO-2")
    page = eva.open(f"{OUTBOX}?{query}").text
    assert page.count(f'<a href="{OUTBOX}/') == count


def test_older_emails_are_a_page_further(eva, delivered, monkeypatch):
    monkeypatch.setattr("web.pages.outbox.A_PAGE", 1)
    delivered("PO-1", "PO-2")
    first = eva.open(OUTBOX).text
    assert f'href="{OUTBOX}/2"' in first
    assert f'href="{OUTBOX}/1"' not in first
    assert "before=2" in first
    second = eva.open(f"{OUTBOX}?before=2").text
    assert f'href="{OUTBOX}/1"' in second
    assert "Older emails" not in second


def test_one_email_tells_its_attempts_with_the_servers_words_made_harmless(eva, delivered):
    delivered("PO-1", DATA="554 5.7.1 <script>alert(1)</script>")
    page = eva.open(ONE).text
    assert "Not accepted" in page
    assert "554 5.7.1 &lt;script&gt;" in page
    assert "<script>alert" not in page
    assert 'href="/documents/purchase/order/PO-1"' in page


def test_the_letter_is_shown_where_it_can_do_nothing(eva, delivered):
    delivered("PO-1")
    page = eva.open(ONE)
    assert f'src="{ONE}/html"' in page.text
    assert "sandbox></iframe>" in page.text
    letter = eva.open(f"{ONE}/html")
    policy = letter.headers["content-security-policy"]
    assert policy.endswith("sandbox")
    assert "default-src 'none'" in policy
    assert "PO-1" in letter.text
    assert "Message-ID" in eva.open(f"{ONE}?show=source").text
    assert 'class="mail-text"' in eva.open(f"{ONE}?show=text").text


def test_a_refused_email_is_sent_again_in_a_new_one(eva, company, delivered):
    server = delivered("PO-1", DATA="554 5.6.0 no")
    assert state(company) == "refused"
    server.replies.clear()
    answer = eva.send(ONE, step="retry")
    assert answer.headers["location"] == f"{OUTBOX}/2"
    deliver(company)
    assert state(company, 2) == "sent"


def test_what_is_sent_is_not_sent_again(eva, company, delivered):
    delivered("PO-1")
    page = eva.open(ONE).text
    assert 'value="retry"' not in page
    token = eva.token(ONE)
    refused = eva.send(ONE, step="retry", token=token)
    assert refused.status_code in {403, 422}
    assert state(company) == "sent"


@pytest.fixture
def waiting(company, sent):
    """One request that waits, because there is no mail server."""
    company.mail_setups.save(MailSetup())
    sent()
    deliver(company)


@pytest.mark.usefixtures("waiting")
def test_a_waiting_email_is_held_released_and_canceled(eva, company):
    for step, after in (("hold", "held"), ("release", "queued"), ("cancel", "canceled")):
        assert eva.send(ONE, step=step).status_code == 303
        assert state(company) == after


@pytest.mark.usefixtures("waiting")
@pytest.mark.parametrize(
    ("step", "after"), [("release_held", "queued"), ("cancel_held", "canceled")]
)
def test_all_that_are_held_are_decided_about_at_once(eva, company, step, after):
    eva.send(ONE, step="hold")
    answer = eva.send(OUTBOX, step=step)
    assert state(company) == after
    assert ": 1" in eva.open(answer.headers["location"]).text


@pytest.mark.usefixtures("waiting")
def test_only_administrators_see_mail_and_decide_about_it(browser, eva, company):
    ann = browser("ANN")
    for path in (OUTBOX, ONE, f"{ONE}/html"):
        assert ann.open(path).status_code == 403
    assert ann.client.post(ONE, data={"step": "cancel"}).status_code == 403
    assert state(company) == "queued"
    assert eva.open(f"{OUTBOX}/99").status_code == 404


def decisions(page):
    found = page.partition("What people decided")[2].partition("</section>")[0]
    return re.findall(r"<strong>(.*?)</strong>: (.*?)</li>", found)


@pytest.mark.usefixtures("waiting")
def test_who_decided_about_an_email_is_recorded_and_shown(eva):
    assert decisions(eva.open(ONE).text) == []
    for step in ("hold", "release", "cancel", "retry"):
        eva.send(ONE, step=step)
    assert decisions(eva.open(ONE).text) == [
        ("Eva", "holds email 1 back"),
        ("Eva", "released email 1"),
        ("Eva", "decided never to send email 1"),
        ("Eva", "sent email 1 again"),
    ]
    assert "decided never to send email 1" in eva.open("/setup/log").text


@pytest.mark.usefixtures("waiting")
def test_a_decision_that_was_refused_is_not_recorded(eva):
    assert eva.send(ONE, step="release").status_code == 422
    assert decisions(eva.open(ONE).text) == []


@pytest.mark.usefixtures("waiting")
def test_who_decided_about_all_that_were_held_is_recorded(eva):
    eva.send(ONE, step="hold")
    eva.send(OUTBOX, step="release_held")
    assert "released all held emails" in eva.open("/setup/log").text


def test_the_email_in_the_place_of_another_says_who_wanted_it(eva, company, delivered):
    delivered("PO-1", DATA="554 5.6.0 no")
    eva.send(ONE, step="retry")
    assert decisions(eva.open("/setup/outbox/2").text) == [("Eva", "sent email 1 again")]
