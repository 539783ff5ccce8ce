"""A comment sent after the session had ended: never lost, never decided."""

import pytest

from tests.web.conftest import PASSWORD

PAGE = "/requests/purchase/order/1/PO-1"
TEXT = 'Fine, but <ask> "them"\nnext time'
SHOWN = "Fine, but &lt;ask&gt; &#34;them&#34;\nnext time"


@pytest.fixture
def late(browser, sent, clock):
    """Bob, who wrote his comment while his session ended."""
    sent()
    bob = browser("BOB")
    token = bob.token(PAGE)
    clock.forward(hours=8)

    def send(step):
        fields = {"token": token, "step": step, "text": TEXT}
        return bob, bob.client.post(PAGE, data=fields, headers={"Origin": "http://testserver"})

    return send


@pytest.mark.parametrize("step", ["approve", "reject", "comment"])
def test_nothing_is_done_and_the_text_stands_on_the_sign_in_page(late, company, step):
    _, answer = late(step)
    assert answer.status_code == 403
    assert SHOWN in answer.text
    assert f'name="next" value="{PAGE}"' in answer.text
    (document,) = company.read.documents_list()[:1]
    assert document.status == "pending_approval"
    assert company.read.comments_of(document.key) == []


def test_after_signing_in_the_text_is_there_and_still_nothing_is_decided(late, company):
    bob, _ = late("approve")
    fields = {"user": "BOB", "password": "wrong", "next": PAGE, "kept": TEXT}
    refused = bob.client.post("/sign-in", data=fields)
    assert SHOWN in refused.text
    answer = bob.client.post("/sign-in", data={**fields, "password": PASSWORD})
    assert answer.status_code == 200
    assert SHOWN in answer.text
    assert f'href="{PAGE}"' in answer.text
    assert bob.open(PAGE).status_code == 200
    assert company.read.documents_list()[0].status == "pending_approval"


def test_nobody_is_led_elsewhere_with_a_kept_text(browser):
    fields = {"user": "BOB", "password": PASSWORD, "next": "//evil.example", "kept": TEXT}
    answer = browser().client.post("/sign-in", data=fields)
    assert 'href="/"' in answer.text
    assert "evil" not in answer.text


def test_without_a_text_there_is_only_the_way_back(browser, sent, clock):
    sent()
    bob = browser("BOB")
    token = bob.token(PAGE)
    clock.forward(hours=8)
    answer = bob.client.post(PAGE, data={"token": token, "step": "approve", "text": " "})
    assert answer.headers["location"] == f"/sign-in?next={PAGE}"
