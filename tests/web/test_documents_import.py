"""Documents from files on the pages: the plan, then all of it or nothing."""

import re
from dataclasses import replace
from decimal import Decimal
from hashlib import sha256
from html import unescape

import pytest

from tests.people import EVA, order
from tests.web.conftest import HERE
from workflow.documents import DocumentKey
from workflow.service import deciding, handling
from workflow.statuses import Area, DocumentStatus, DocumentType

PATH = "/setup/documents/import"
HEADER = "number,area,type,document_date,amount,counterparty_no,requester\n"
ROWS = "PO-1,purchase,order,2026-03-02,450,V-10,ANN\nPO-7,purchase,order,2026-03-02,90,V-11,ANN\n"
HIDDEN = re.compile(r'<input type="hidden" name="([^"]+)" value="([^"]*)">')
LINES = "number,line_no,type,item_no,description,quantity,unit_price,amount\n"
ORDER = """<Order xmlns="urn:oasis:names:specification:ubl:schema:xsd:Order-2"
 xmlns:a="urn:oasis:names:specification:ubl:schema:xsd:CommonAggregateComponents-2"
 xmlns:b="urn:oasis:names:specification:ubl:schema:xsd:CommonBasicComponents-2">
<b:ID>THEIRS-1</b:ID><b:IssueDate>2026-03-02</b:IssueDate>
<b:DocumentCurrencyCode>EUR</b:DocumentCurrencyCode>
<a:BuyerCustomerParty><a:Party><a:PartyName><b:Name>Acme</b:Name></a:PartyName></a:Party>
</a:BuyerCustomerParty><a:SellerSupplierParty><a:Party><a:PartyName><b:Name>Desks</b:Name>
</a:PartyName></a:Party></a:SellerSupplierParty>
<a:AnticipatedMonetaryTotal><b:LineExtensionAmount currencyID="EUR">25</b:LineExtensionAmount>
<b:TaxExclusiveAmount currencyID="EUR">25</b:TaxExclusiveAmount>
<b:TaxInclusiveAmount currencyID="EUR">25</b:TaxInclusiveAmount>
<b:PayableAmount currencyID="EUR">25</b:PayableAmount></a:AnticipatedMonetaryTotal></Order>"""


def upload(browser, *texts, name="orders.csv", **fields):
    """Choose files on the page and send them."""
    fields = {"token": browser.token(PATH), "decimals": "point", **fields}
    files = [("file", (name, text.encode())) for text in texts]
    return browser.client.post(PATH, data=fields, files=files, headers={"Origin": HERE})


def apply(browser, plan_page):
    """Press the button of the plan that is shown."""
    return browser.client.post(PATH, data=fields_of(plan_page), headers={"Origin": HERE})


def fields_of(plan_page):
    """Of several files, all come back."""
    fields = {}
    for name, value in HIDDEN.findall(plan_page.text):
        fields.setdefault(name, []).append(unescape(value))
    return {**fields, "token": fields.get("token", [""])[-1], "step": "apply"}


def stored(company, number, area=Area.PURCHASE):
    with company.uow(readonly=True) as uow:
        return uow.documents.find(DocumentKey(area, DocumentType.ORDER, number))


def test_the_plan_shows_what_would_be_new_and_changed_and_stores_nothing(browser, company):
    answer = upload(browser("EVA"), HEADER + ROWS)
    text = unescape(answer.text)
    assert answer.status_code == 200
    assert "new 1 · changed 1 · unchanged 0" in " ".join(text.split())
    assert 'Amount: <del dir="auto" class="address">400' in text
    assert "urchase order PO-7" in text
    assert stored(company, "PO-7") is None
    assert stored(company, "PO-1").amount == 400


def test_the_plan_is_applied_as_a_whole_and_a_second_time_does_nothing(browser, company):
    eva = browser("EVA")
    plan = upload(eva, HEADER + ROWS)
    done = apply(eva, plan)
    assert done.status_code == 303
    assert "new 1 · changed 1" in eva.open(done.headers["location"]).text
    assert stored(company, "PO-1").amount == 450
    assert stored(company, "PO-7").editors == {"EVA"}
    again = apply(eva, plan)
    assert again.status_code == 409
    assert 'value="apply"' not in again.text, "everything is as the file says"


def test_a_plan_that_is_outdated_is_made_anew_and_not_applied(browser, company):
    eva = browser("EVA")
    plan = upload(eva, HEADER + ROWS)
    fields = {"amount": Decimal(430)}
    handling.change_document(company.uow(), order().key, company.actor("EVA"), fields)
    answer = apply(eva, plan)
    assert answer.status_code == 409
    assert "changed since this plan" in answer.text
    assert stored(company, "PO-1").amount == 430
    assert apply(eva, answer).status_code == 303, "the new plan"


def test_what_another_reading_of_the_file_would_do_is_not_applied(browser, company):
    eva = browser("EVA")
    fields = {**fields_of(upload(eva, HEADER + ROWS)), "requester": "BOB"}
    answer = eva.client.post(PATH, data=fields, headers={"Origin": HERE})
    assert answer.status_code == 409
    assert stored(company, "PO-7") is None


def test_every_wrong_row_is_named_with_file_field_and_value_and_nothing_is_imported(
    browser, company
):
    rows = ROWS + "PO-8,purchase,order,2026-03-02,a lot,V,ANN\nPO-9,nowhere,order,,5,V,ANN\n"
    answer = upload(browser("EVA"), HEADER + rows)
    assert answer.status_code == 422
    cells = ('"File" dir="auto">orders.csv', '"Row">4', '"Row">5', '"Field">amount', ">a lot")
    for cell in cells:
        assert f"{cell}</td>" in answer.text
    assert "is neither purchase nor sales" in answer.text
    assert 'value="apply"' not in answer.text
    assert stored(company, "PO-7") is None


def test_a_document_that_is_being_approved_refuses_the_file(browser, company, sent):
    sent()
    answer = upload(browser("EVA"), HEADER + ROWS)
    assert answer.status_code == 422
    assert '"Row">2<' in answer.text
    assert "Pending Approval" in answer.text
    assert stored(company, "PO-7") is None


def test_that_a_released_document_needs_a_new_approval_is_said_before(browser, company, sent):
    sent()
    deciding.approve(company.uow(), order().key, company.actor("BOB"))
    assert stored(company, "PO-1").status is DocumentStatus.RELEASED
    eva = browser("EVA")
    plan = upload(eva, HEADER + ROWS)
    assert "needs a new approval" in plan.text.split("<h2>")[-1]
    assert apply(eva, plan).status_code == 303
    assert stored(company, "PO-1").status is DocumentStatus.OPEN


def test_lines_come_with_their_documents(browser, company):
    eva = browser("EVA")
    lines = LINES + "PO-7,1,item,A,Ink,2,25,50\nPO-7,2,item,B,Paper,1,40,40\n"
    assert apply(eva, upload(eva, HEADER + ROWS, lines)).status_code == 303
    assert [line.description for line in stored(company, "PO-7").lines] == ["Ink", "Paper"]
    wrong = upload(eva, HEADER + ROWS, LINES + "PO-7,1,thing,A,Ink,2,25,50\n")
    assert "is not a line type" in wrong.text


def test_an_electronic_document_gets_a_number_of_ours_once(browser, company):
    eva = browser("EVA")
    plan = upload(eva, ORDER, name="order.xml")
    assert "THEIRS-1" in plan.text
    assert apply(eva, plan).status_code == 303
    [key] = company.read.find_by_number("THEIRS-1")
    assert key.number == "IN-00001"
    again = upload(eva, ORDER, name="order.xml")
    assert "nothing to import" in again.text
    twice = upload(eva, ORDER, ORDER.replace("THEIRS-1", "NEW"), ORDER.replace("THEIRS-1", "NEW"))
    assert twice.status_code == 422


def test_what_the_files_do_not_say_is_typed(browser, company):
    eva = browser("EVA")
    text = "Order No.,type,amount,currency\nPO-7,order,100,USD\n"
    typed = {"area": "purchase", "requester": "ann", "columns": "number = Order No."}
    assert "amount_lcy" in upload(eva, text, **typed).text
    plan = upload(eva, text, **typed, rates="usd=0.92")
    assert apply(eva, plan).status_code == 303
    document = stored(company, "PO-7")
    assert (document.requester, document.amount_lcy) == ("ANN", 92)
    for wrong in ("usd", "usd=0", "usd=a lot", "dollar=1", "usd=1\nusd=2"):
        assert upload(eva, text, **typed, rates=wrong).status_code == 422, wrong


def test_amounts_are_read_as_declared_and_never_guessed(browser):
    eva = browser("EVA")
    text = "number;area;type;amount\nPO-7;purchase;order;1234,56\n"
    assert upload(eva, text, decimals="point").status_code == 422
    assert "1,234.56" in upload(eva, text, decimals="comma").text


def test_strangers_words_stay_text(browser):
    hostile = '"<script>alert(1)</script>{{ 7*191 }}\u202e"'
    rows = f"PO-7,purchase,order,,90,{hostile},ANN\n"
    eva = browser("EVA")
    for text in (HEADER + rows, HEADER + rows.replace("order,,90", "order,,x")):
        shown = upload(eva, text, name='"><script>alert(2).csv').text
        assert "<script>alert" not in shown
        assert "1337" not in shown
        assert "\u202e" not in shown


def test_a_large_file_is_applied_and_too_many_documents_are_not(browser, company):
    eva = browser("EVA")
    header = "number,area,type,amount,description\n"
    wide = "".join(f"L-{no},purchase,order,5,{'x' * 9_000}\n" for no in range(150))
    assert len(wide) > 1_300_000
    assert apply(eva, upload(eva, header + wide)).status_code == 303
    assert stored(company, "L-149") is not None
    many = "".join(f"M-{no},purchase,order,5,\n" for no in range(2_001))
    answer = upload(eva, header + many)
    assert answer.status_code == 422
    assert "at most 2000" in answer.text


@pytest.mark.parametrize("column", ["number", "external_document_no", "counterparty_name"])
def test_a_name_too_long_to_be_found_again_is_refused_in_the_plan(browser, column):
    names = {"number": "PO-7", "external_document_no": "", "counterparty_name": ""}
    names[column] = "".join(
        sha256(bytes([no])).hexdigest() for no in range(140)
    )  # nothing to compress
    rows = f"area,type,amount,{','.join(names)}\npurchase,order,5,{','.join(names.values())}\n"
    answer = upload(browser("EVA"), rows)
    assert answer.status_code == 422
    assert f'"Field">{column}</td>' in answer.text
    assert "is longer than" in answer.text


def test_only_administrators_import_and_one_who_is_none_any_more_does_not(browser, company):
    assert browser("ANN").open(PATH).status_code == 403
    assert browser("EVA").send(PATH, step="plan").status_code == 422, "no file"
    eva = browser("EVA")
    plan = upload(eva, HEADER + ROWS)
    with company.uow() as uow:
        uow.users.save(replace(EVA, administrator=False))
        uow.commit()
    assert apply(eva, plan).status_code == 403
    assert stored(company, "PO-7") is None


@pytest.mark.parametrize("content", ["", "%PDF-1.4", "number\0", "a;b,c\n", "<x>", "number\n"])
def test_what_is_no_file_of_documents_is_refused_in_words(browser, content):
    answer = upload(browser("EVA"), content or "\n")
    assert answer.status_code == 422
    assert "What has to be corrected first" in answer.text
