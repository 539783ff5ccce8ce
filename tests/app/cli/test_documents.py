"""Taking documents in and changing them at the command line."""

import pytest

UBL = """\
<Invoice xmlns="urn:oasis:names:specification:ubl:schema:xsd:Invoice-2"
 xmlns:cac="urn:oasis:names:specification:ubl:schema:xsd:CommonAggregateComponents-2"
 xmlns:cbc="urn:oasis:names:specification:ubl:schema:xsd:CommonBasicComponents-2">
 <cbc:ID>F-77</cbc:ID><cbc:IssueDate>2026-11-02</cbc:IssueDate>
 <cbc:DocumentCurrencyCode>USD</cbc:DocumentCurrencyCode>
 <cac:AccountingSupplierParty><cac:Party><cac:PartyName><cbc:Name>Lamps Inc</cbc:Name>
 </cac:PartyName></cac:Party></cac:AccountingSupplierParty>
 <cac:LegalMonetaryTotal>
  <cbc:LineExtensionAmount currencyID="USD">100.01</cbc:LineExtensionAmount>
  <cbc:TaxExclusiveAmount currencyID="USD">100.01</cbc:TaxExclusiveAmount>
  <cbc:TaxInclusiveAmount currencyID="USD">100.01</cbc:TaxInclusiveAmount>
  <cbc:PayableAmount currencyID="USD">100.01</cbc:PayableAmount>
 </cac:LegalMonetaryTotal>
</Invoice>
"""


@pytest.mark.usefixtures("company")
class TestImport:
    def test_a_dry_run_shows_the_plan_and_changes_nothing(self, done, file):
        text = "number,area,type,amount\nPO-1,purchase,order,999\nPO-9,purchase,order,1\n"

        plan = done("documents", "import", file("new.csv", text), "--dry-run")

        assert "1 added: purchase/order/PO-9" in plan.out
        assert "1 changed: purchase/order/PO-1" in plan.out
        listed = done("documents", "list", "--json").json
        assert [row["document"].rpartition("/")[2] for row in listed] == ["PO-1", "PO-2", "PO-3"]
        assert listed[0]["amount"] == "400"

    def test_a_mistake_names_file_row_and_column_and_nothing_is_taken_in(self, typed, file):
        text = "number,area,type,amount\nPO-8,purchase,order,1\nPO-9,purchase,order,1.234,56\n"
        damaged = file("orders.csv", text.replace("1.234,56", '"1.234,56"'))

        ended = typed("documents", "import", damaged)

        assert ended.exit_code == 1
        assert 'orders.csv, row 3, amount: "1.234,56" is not a number' in ended.err
        assert "Nothing was imported." in ended.err
        assert "PO-8" not in typed("documents", "list").out

    def test_a_decimal_comma_is_read_when_it_is_said(self, done, file):
        text = "number;area;type;amount\nPO-9;purchase;order;1.234,56\n"

        done("documents", "import", file("orders.csv", text), "--decimal", "comma")

        assert done("documents", "show", "PO-9", "--json").json["amount"] == "1234.56"

    def test_a_foreign_invoice_needs_a_rate_and_gets_its_local_amount_by_it(
        self, done, typed, file
    ):
        invoice = file("invoice.xml", UBL)

        without = typed("documents", "import", invoice, "--requester", "ann")
        done("documents", "import", invoice, "--requester", "ann", "--rate", "usd=0.925")

        shown = done("documents", "show", "F-77", "--json").json
        assert without.exit_code == 1
        assert "--rate USD=" in without.err
        assert (shown["currency"], shown["amount_lcy"]) == ("USD", "92.51")
        assert shown["requester"] == "ANN"

    @pytest.mark.parametrize("rate", ["USD", "USD=0", "USD=much", "dollar=1"])
    def test_a_rate_is_read_strictly(self, typed, file, rate):
        ended = typed("documents", "import", file("invoice.xml", UBL), "--rate", rate)

        assert ended.exit_code == 2

    def test_a_missing_file_is_a_usage_error(self, typed):
        assert typed("documents", "import", "nowhere.csv").exit_code == 2


@pytest.mark.usefixtures("company")
class TestChanges:
    def test_a_changed_amount_counts_in_every_comparison(self, done):
        done("documents", "change", "PO-1", "amount=1500", "--as", "ann")

        shown = done("documents", "show", "PO-1", "--json").json
        assert shown["amount_lcy"] == "1500"
        assert shown["amount_including_vat"] == "1500"
        assert "changed amount '400' → '1500'" in done("documents", "show", "PO-1").out

    def test_a_changed_amount_takes_the_one_with_vat_along(self, done, file):
        text = "number,area,type,amount,amount_including_vat\nPO-9,purchase,order,100,121\n"
        done("documents", "import", file("vat.csv", text))

        done("documents", "change", "PO-9", "amount=200", "--as", "ann")

        shown = done("documents", "show", "PO-9", "--json").json
        assert (shown["amount_including_vat"], shown["amount_lcy"]) == ("242", "200")

    def test_amounts_that_contradict_each_other_are_refused(self, done, typed):
        ended = typed("documents", "change", "PO-1", "amount=1500", "amount_lcy=1", "--as", "cid")

        assert ended.exit_code == 1
        assert "is not 1500, the amount itself" in ended.err
        assert done("documents", "show", "PO-1", "--json").json["amount"] == "400"

    def test_the_currency_is_a_matter_of_the_administrators(self, done, typed):
        change = ("documents", "change", "PO-1", "currency=USD", "amount_lcy=370", "--as")

        assert typed(*change, "ann").exit_code == 1
        done(*change, "cid")

        shown = done("documents", "show", "PO-1", "--json").json
        assert (shown["currency"], shown["amount_lcy"]) == ("USD", "370")

    def test_a_pending_document_is_locked(self, done, typed):
        done("send", "PO-1", "--as", "ann")

        ended = typed("documents", "change", "PO-1", "amount=1", "--as", "ann")

        assert ended.exit_code == 1
        assert "Cancel the request or reopen the document first." in ended.err

    def test_an_unknown_field_is_refused_with_the_known_ones(self, typed):
        ended = typed("documents", "change", "PO-1", "colour=red", "--as", "ann")

        assert ended.exit_code == 2
        assert "counterparty_name" in ended.err

    def test_a_deleted_document_is_gone_but_its_history_is_not(self, done, typed):
        done("documents", "delete", "PO-1", "--as", "ann")

        assert typed("documents", "show", "PO-1").exit_code == 1
        assert "deleted it" in done("documents", "show", "purchase/order/PO-1").out

    def test_a_quote_becomes_an_order(self, done, typed, file):
        text = "number,area,type,amount,requester\nSQ-1,sales,quote,10,ANN\n"
        done("documents", "import", file("quote.csv", text))

        done("documents", "make-order", "SQ-1", "--number", "SO-1", "--as", "ann")

        assert done("documents", "show", "SO-1", "--json").json["document"] == "sales/order/SO-1"
        assert typed("documents", "make-order", "PO-1", "--as", "ann").exit_code == 1

    def test_another_purchaser_takes_over(self, done):
        done("documents", "purchaser", "PO-1", "CID", "--as", "ann")

        shown = done("documents", "show", "PO-1", "--json").json
        assert shown["salesperson_purchaser_code"] == "CID"

    def test_the_list_is_filtered(self, done):
        done("send", "PO-1", "--as", "ann")

        pending = done("documents", "list", "--status", "pending_approval", "--json").json
        assert [row["document"] for row in pending] == ["purchase/order/PO-1"]
        assert "no such documents" in done("documents", "list", "--area", "sales").err
