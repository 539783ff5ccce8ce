"""From release to the vendor: real commands, a real database, a mail server that catches."""

from io import BytesIO

import pytest
from pypdf import PdfReader

from app.catcher import Catcher
from fonts import make_font
from workflow.interchange.electronic import parse_electronic_document
from workflow.statuses import Area

ORDERS = """\
number,area,type,document_date,amount,amount_including_vat,requester,counterparty_no,counterparty_name,description
PO-7,purchase,order,2026-11-20,400,484,ANN,V7,Zoë & José Søren,Two desks
"""
LINES = """\
number,line_no,type,item_no,description,quantity,unit_price,amount
PO-7,10000,item,DESK,Desk «Κύκλος»,2,150,300
PO-7,20000,item,LAMP,Лампа,1,100,100
"""


@pytest.fixture
def catcher(tmp_path):
    with Catcher(tmp_path / "mails") as running:
        yield running


@pytest.fixture
def ready(company, done, file, catcher):
    """PO-7 is open, its vendor has an address, and mail comes from noreply@."""
    done("documents", "import", file("orders.csv", ORDERS), file("lines.csv", LINES))
    done("mail", "setup", f"server={catcher.host}", f"port={catcher.port}")
    done("mail", "setup", "send_as=noreply@example.com", "allow_sender_substitution=yes")
    done("parties", "set", "purchase", "V7", "email=orders@zoe.example", "language=nl")


def to_vendor(catcher):
    return [mail for mail in catcher.mails() if mail.recipients == ("orders@zoe.example",)]


def files_of(mail) -> dict[str, bytes]:
    parts = mail.message.iter_attachments()
    return {part.get_filename(): part.get_payload(decode=True) for part in parts}


def text_of(pdf: bytes) -> str:
    return " ".join(" ".join(page.extract_text() for page in PdfReader(BytesIO(pdf)).pages).split())


def approve(done):
    done("send", "PO-7", "--as", "ann")
    done("approve", "PO-7", "--as", "bob")


@pytest.mark.usefixtures("ready")
class TestEmailing:
    def test_a_released_order_arrives_as_a_dutch_pdf_from_send_as(self, done, catcher):
        approve(done)
        said = done("documents", "email", "PO-7", "--as", "ann").out
        done("run", "delivery")

        (mail,) = to_vendor(catcher)
        ((name, pdf),) = files_of(mail).items()
        text = text_of(pdf)
        assert said == "Purchase order PO-7 goes to orders@zoe.example.\n"
        assert mail.message["From"] == "noreply@example.com"
        assert mail.message["To"] == "Zoë & José Søren <orders@zoe.example>"
        assert name == "inkooporder-po-7.pdf"
        for part in (
            "Inkooporder PO-7",
            "Leverancier Zoë & José Søren",
            "DESK Desk «Κύκλος» 2 € 150,00 € 300,00",
            "LAMP Лампа 1 € 100,00 € 100,00",
            "Totaal excl. btw € 400,00",
            "Totaal incl. btw € 484,00",
        ):
            assert part in text

    def test_to_another_address_it_goes_in_english_and_with_ubl(self, done, catcher):
        done("parties", "set", "purchase", "V7", "language=en")
        approve(done)
        done("documents", "email", "PO-7", "--to", "desk@zoe.example", "--ubl", "--as", "ann")
        done("run", "delivery")

        (mail,) = [one for one in catcher.mails() if one.recipients == ("desk@zoe.example",)]
        pdf, ubl = files_of(mail).values()
        back = parse_electronic_document(ubl, file="po-7.xml", area=Area.PURCHASE)
        assert "Total incl. VAT €484.00" in text_of(pdf)
        assert (back.number, back.amount_including_vat) == ("PO-7", 484)
        assert back.counterparty_name == "Zoë & José Søren"

    def test_it_stands_in_the_history_of_the_document(self, done):
        approve(done)
        done("documents", "email", "PO-7", "--as", "ann")

        history = done("documents", "show", "PO-7", "--json").json["history"]

        assert history[-1]["what"] == "emails it to orders@zoe.example (pdf)"
        assert history[-1]["who"] == "ANN"

    def test_letters_the_pdf_cannot_show_are_refused_until_a_font_has_them(
        self, done, typed, catcher, tmp_path, monkeypatch
    ):
        done("documents", "change", "PO-7", "description=株式", "--as", "ann")
        approve(done)

        refused = typed("documents", "email", "PO-7", "--as", "ann")
        monkeypatch.setenv("COUNTERSIGN_PDF_FONTS", str(make_font(tmp_path / "one.ttf", "株式")))
        done("documents", "email", "PO-7", "--as", "ann")
        done("run", "delivery")

        assert refused.exit_code == 1
        assert "The PDF cannot show 株, 式" in refused.err
        assert "COUNTERSIGN_PDF_FONTS" in refused.err
        (mail,) = to_vendor(catcher)
        ((_, pdf),) = files_of(mail).items()
        assert "株式" in text_of(pdf)

    def test_on_release_the_requester_is_told_which_letters_stand_in_the_way(
        self, done, typed, catcher
    ):
        done("workflows", "disable", "POAPW")
        done("workflows", "create", "POAPW", "--set", "email_on_release=yes", "--replace")
        done("workflows", "enable", "POAPW")
        done("documents", "change", "PO-7", "description=株式", "--as", "ann")

        approve(done)
        assert typed("run", "delivery").exit_code == 1
        done("run", "delivery")

        assert to_vendor(catcher) == []
        (told,) = [one for one in catcher.mails() if "Not emailed" in one.message["Subject"]]
        assert told.recipients == ("ann@example.com",)
        assert "The PDF cannot show 株, 式" in told.message.get_body().get_content()
        shown = done("documents", "show", "PO-7", "--json").json
        assert shown["emailed"] == "not sent to orders@zoe.example: the PDF cannot show 株, 式"

    def test_a_second_time_it_has_to_be_said(self, done, typed, catcher):
        approve(done)
        done("documents", "email", "PO-7", "--as", "ann")

        refused = typed("documents", "email", "PO-7", "--as", "ann")
        done("documents", "email", "PO-7", "--as", "ann", "--again")
        done("run", "delivery")

        assert refused.exit_code == 1
        assert "PO-7 was given to the mail for orders@zoe.example on 20" in refused.err
        assert "--again" in refused.err
        assert len(to_vendor(catcher)) == 2

    def test_a_vendors_mail_that_came_back_is_shown(self, done, file, catcher):
        approve(done)
        done("documents", "email", "PO-7", "--as", "ann")
        done("run", "delivery")
        (mail,) = to_vendor(catcher)
        before = done("documents", "show", "PO-7", "--json").json["emailed"]
        bounce = (
            "From: mailer-daemon@example.com\nMessage-ID: <1@mta>\n"
            "X-Failed-Recipients: orders@zoe.example\nSubject: Mail delivery failed\n\n"
            f"550 5.1.1 No such user\n\nMessage-ID: {mail.message['Message-ID']}\n"
        )
        done("mail", "read", file("bounce.eml", bounce))

        (vendor,) = done("parties", "list", "--json").json
        shown = done("documents", "show", "PO-7", "--json").json["emailed"]
        again = done("documents", "email", "PO-7", "--as", "ann")
        assert "mail to orders@zoe.example bounced on" in vendor["last_email"]
        assert before.startswith("to orders@zoe.example on ")
        assert "bounced" not in before
        assert shown == f"{before}; bounced: 5.1.1 550 5.1.1 No such user"
        assert "Warning: mail to orders@zoe.example bounced on" in again.err

    def test_before_the_release_it_is_refused(self, typed, done, catcher):
        refused = typed("documents", "email", "PO-7", "--as", "ann", "--json")
        done("run", "delivery")

        assert refused.exit_code == 1
        assert "NOT_RELEASED" in refused.err + refused.out
        assert catcher.mails() == []

    def test_without_an_address_it_is_refused(self, typed, done):
        done("parties", "set", "purchase", "V7", "email=")
        approve(done)

        refused = typed("documents", "email", "PO-7", "--as", "ann")

        assert refused.exit_code == 1
        assert "no email address of vendor V7 is known" in refused.err
        assert "--to" in refused.err

    def test_somebody_who_is_not_in_the_setup_sends_nothing_out(self, typed, done, catcher):
        approve(done)
        done("run", "delivery")
        sent = len(catcher.mails())

        refused = typed("documents", "email", "PO-7", "--as", "nobody")
        done("run", "delivery")

        assert refused.exit_code == 1
        assert "There is no user nobody" in refused.err
        assert len(catcher.mails()) == sent

    def test_what_is_no_address_is_not_understood(self, typed, done):
        approve(done)

        assert typed("documents", "email", "PO-7", "--to", "zoe").exit_code == 2

    def test_a_workflow_can_send_it_out_with_the_last_approval(self, done, catcher):
        done("workflows", "disable", "POAPW")
        settings = ["--set", "email_on_release=yes", "--set", "attach_pdf=yes"]
        done("workflows", "create", "POAPW", *settings, "--replace")
        done("workflows", "enable", "POAPW")

        done("send", "PO-7", "--as", "ann")
        done("run", "delivery")
        (asked,) = catcher.mails()
        done("approve", "PO-7", "--as", "bob")
        done("run", "delivery")

        (mail,) = to_vendor(catcher)
        ((name, pdf),) = files_of(asked).items()
        assert asked.recipients == ("bob@example.com",)
        assert name == "purchase-order-po-7.pdf"
        assert "Total incl. VAT €484.00" in text_of(pdf)
        assert list(files_of(mail)) == ["inkooporder-po-7.pdf"]

    def test_without_an_address_the_requester_is_told_instead(self, done, catcher):
        done("parties", "set", "purchase", "V7", "email=")
        done("workflows", "disable", "POAPW")
        done("workflows", "create", "POAPW", "--set", "email_on_release=yes", "--replace")
        done("workflows", "enable", "POAPW")

        approve(done)
        done("run", "delivery")

        (told,) = [one for one in catcher.mails() if "Not emailed" in one.message["Subject"]]
        assert told.recipients == ("ann@example.com",)
        history = done("documents", "show", "PO-7", "--json").json["history"]
        assert history[-1]["what"] == "could not email it: no address of V7 is known"


class TestParties:
    def test_a_vendor_is_kept_with_its_address_and_language(self, done):
        fields = ["name=Desks & Co", "email=Orders@DESKS.example", "language=nl", "restricted=yes"]
        done("parties", "set", "purchase", "V1", *fields)
        done("parties", "set", "sales", "C1", "credit_limit_lcy=5000")

        vendor, customer = done("parties", "list", "--json").json

        assert (vendor["email"], vendor["language"]) == ("Orders@desks.example", "nl")
        assert vendor["restricted"] is True
        assert (customer["area"], customer["credit_limit_lcy"]) == ("sales", "5000")

    def test_vendor_and_customer_are_words_for_the_area(self, done, typed):
        done("parties", "set", "vendor", "V1", "name=Desks")
        done("parties", "set", "Customer", "C1", "name=Shop")

        assert [one["area"] for one in done("parties", "list", "--json").json] == [
            "purchase",
            "sales",
        ]
        assert typed("parties", "set", "seller", "V1", "name=Desks").exit_code == 2

    @pytest.mark.usefixtures("company")
    def test_nobody_is_taken_for_the_operator_by_an_invented_name(self, done, typed):
        for words in (
            ["parties", "set", "vendor", "V1", "name=x"],
            ["company", "set", "selection=all_or_nothing"],
        ):
            refused = typed(*words, "--as", "nobody")
            assert refused.exit_code == 1
            assert "There is no user nobody" in refused.err
        assert typed("parties", "set", "vendor", "V1", "name=x", "--as", "ann").exit_code == 1
        done("parties", "set", "vendor", "V1", "name=x", "--as", "cid")
        assert [one["number"] for one in done("parties", "list", "--json").json] == ["V1"]

    @pytest.mark.parametrize(
        "field", ["email=desks", "language=xx", "credit_limit_lcy=x", "size=1"]
    )
    def test_what_cannot_be_is_refused(self, typed, field):
        assert typed("parties", "set", "purchase", "V1", field).exit_code == 2
