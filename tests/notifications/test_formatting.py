"""Numbers and texts as a reader is used to them."""

from decimal import Decimal
from zoneinfo import ZoneInfo

from babel import Locale

from notifications.formatting import Formats, one_line

FORMATS = Formats(locale=Locale.parse("en_GB"), time_zone=ZoneInfo("UTC"), local_currency="EUR")


def test_an_amount_is_never_rounded():
    amounts = [Decimal("5.125"), Decimal(5), Decimal("5.1250"), Decimal("5.12")]

    assert [FORMATS.money(amount) for amount in amounts] == ["€5.125", "€5.00", "€5.125", "€5.12"]


def test_a_currency_is_written_anew_for_each_reader():
    dutch = Formats(locale=Locale.parse("nl_NL"), time_zone=ZoneInfo("UTC"), local_currency="USD")
    shown = [formats.money(Decimal(1000), "EUR") for formats in (FORMATS, dutch)]

    assert shown == ["€1,000.00", "EUR 1.000,00"]


def test_what_cannot_be_seen_is_dropped_and_what_is_plain_stays():
    assert one_line("A\u202eB\tC\x00D") == "AB C D"
    assert one_line("Plain ~!") == "Plain ~!"
