"""The pages about mail in a browser: descriptions show, findings appear, copies are copies."""

import pytest

from notifications.mail_setup import Authentication, MailSetup
from tests.browser.conftest import PHONE, is_too_wide, violations


@pytest.fixture
def _mail_account(company):
    """Nobody listens there."""
    setup = MailSetup(
        server="localhost",
        port=9,
        secure=True,
        authentication=Authentication.BASIC,
        user_name="erp@example.com",
        allow_sender_substitution=True,
    )
    company.mail_setups.save(setup)


def test_a_field_is_described_when_it_is_pointed_at_or_has_the_focus(person):
    with person("EVA") as page:
        page.goto("/setup/mail")
        for key, show in (("server", page.focus), ("port", page.hover)):
            description = page.locator(f"#d-{key}")
            assert not description.is_visible()
            show(f"#f-{key}")
            assert description.is_visible()


@pytest.mark.usefixtures("_mail_account")
@pytest.mark.parametrize("scripts", [True, False])
def test_the_doctor_examines_and_everybody_can_read_what_he_found(person, scripts):
    with person("EVA", java_script_enabled=scripts, viewport=PHONE) as page:
        page.goto("/setup/mail/doctor")
        page.get_by_role("button", name="Examine").click(timeout=30_000)
        page.get_by_text("That was everything.").wait_for(timeout=30_000)
        assert page.get_by_text("Not tried, because tcp failed.").count() > 0
        if scripts:
            assert violations(page) == []
            assert not is_too_wide(page)


@pytest.mark.usefixtures("_mail_account")
def test_the_lines_for_powershell_are_copied(person):
    with person("EVA", permissions=["clipboard-read", "clipboard-write"]) as page:
        page.goto("/setup/mail/grants")
        page.locator("[data-copy=commands]").click()
        page.locator("[data-copy=commands].copied").wait_for()
        copied = page.evaluate("navigator.clipboard.readText()")
        assert "Add-RecipientPermission -Identity 'ann@example.com'" in copied
        assert violations(page) == []
