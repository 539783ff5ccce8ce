"""What strangers write into a document stays text on every page that shows it."""

from html.parser import HTMLParser

import pytest

from tests.people import order
from workflow.documents import DocumentLine
from workflow.service import deciding, requesting

HOSTILE = {
    "tag": '"><script>alert(1)</script>',
    "attribute": "' onmouseover=alert(1) x='",
    "template": "{{ 7 * 191 }}{% for x in y %}%(actor)s {limit} {moment} %s",
    "bidi": "\u202egnp.exe\u202c",
    "long": "W" * 5_000,
    "lines": "one\r\ntwo\x00three",
}
NUMBER = "H-1"
KEY = order(number=NUMBER).key
PAGES = (
    "/requests",
    "/requests/purchase/order/1/H-1",
    "/requests/selection?pick=purchase/order/1/H-1",
    "/documents?all=1",
    "/documents/purchase/order/H-1",
)


class Attributes(HTMLParser):
    def __init__(self):
        super().__init__()
        self.names = set()

    def handle_starttag(self, _tag, attrs):
        self.names |= {name for name, _ in attrs}


def handlers(page):
    """Attributes that would run something."""
    attributes = Attributes()
    attributes.feed(page)
    assert "class" in attributes.names
    return {name for name in attributes.names if name.startswith("on")}


@pytest.fixture
def poisoned(company):
    def poison(text):
        line = DocumentLine(line_no=1, item_no=text, description=text, unit_price=400, amount=400)
        fields = dict.fromkeys(
            ("counterparty_no", "counterparty_name", "description", "external_document_no"), text
        )
        document = order(400, NUMBER, requester="ANN", **{**fields, "lines": (line,)})
        with company.uow() as uow:
            uow.documents.add(document)
            uow.commit()
        requesting.send_approval_request(company.uow(), KEY, company.actor("ANN"))
        remark = text[:2000]
        deciding.comment(company.uow(), KEY, company.actor("BOB"), remark)

    return poison


@pytest.mark.parametrize("page", PAGES)
@pytest.mark.parametrize("name", [name for name in HOSTILE if name != "lines"])
def test_it_stays_text(browser, poisoned, page, name):
    poisoned(HOSTILE[name])
    shown = browser("BOB").open(page)
    assert shown.status_code == 200
    assert "<script>alert" not in shown.text
    assert handlers(shown.text) == set()
    assert "1337" not in shown.text
    assert "\u202e" not in shown.text
    assert "W" * 2_001 not in shown.text


@pytest.mark.parametrize("text", HOSTILE.values(), ids=HOSTILE)
@pytest.mark.parametrize("field", ["search", "requester", "sort", "page", "pick", "status"])
def test_so_does_what_somebody_writes_into_an_address(browser, text, field):
    bob = browser("BOB")
    for path in ("/documents", "/requests", "/requests/selection"):
        shown = bob.client.get(path, params={field: text})
        assert shown.status_code == 200
        assert "<script>alert" not in shown.text
        assert handlers(shown.text) == set()
