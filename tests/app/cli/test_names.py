"""Which person and which document is meant by what somebody typed."""

import pytest

from app.bootstrap import Application
from app.cli.names import anybody_named, document_named, user_named
from app.settings import read_settings
from workflow.errors import AmbiguousNumber, DocumentNotFound, UserNotFound
from workflow.service.setting_up import set_user

SHARED = "number,area,type,amount\nPO-1,sales,order,1\nA/B/C,sales,order,1\n"


@pytest.fixture
def application(sqlite_database, company, done, file):
    done("documents", "import", file("shared.csv", SHARED))
    with Application(read_settings(database_url=sqlite_database)) as application:
        yield application


def test_a_number_of_its_own_is_enough(application):
    assert str(document_named(application, "PO-2")) == "purchase/order/PO-2"
    assert str(document_named(application, "A/B/C")) == "sales/order/A/B/C"


def test_a_shared_number_is_refused_with_the_candidates_and_an_example(application):
    with pytest.raises(AmbiguousNumber, match="purchase/order/PO-1, sales/order/PO-1") as refused:
        document_named(application, "PO-1")

    assert refused.value.next_step == ("Name one of them in full, for example purchase/order/PO-1.")
    assert str(document_named(application, "sales/order/PO-1")) == "sales/order/PO-1"


def test_an_unknown_number_is_refused(application):
    with pytest.raises(DocumentNotFound):
        document_named(application, "PO-77")


def test_people_are_found_in_any_case_and_exactly_first(application, done):
    done("users", "set", "Straße", "email=s@example.com")

    assert user_named(application, "aNN") == "ANN"
    assert user_named(application, "STRASSE") == "Straße"


def test_two_people_who_differ_only_in_case_have_to_be_named_exactly(application):
    for user_id in ("Zed", "ZED"):
        set_user(application.uow(), user_id, {}, application.actor("SETUP"))

    assert user_named(application, "Zed") == "Zed"
    with pytest.raises(UserNotFound):
        user_named(application, "zed")


def test_only_who_need_not_be_set_up_may_be_unknown(application):
    with pytest.raises(UserNotFound):
        user_named(application, "flow-service")

    assert anybody_named(application, "flow-service") == "flow-service"
    assert anybody_named(application, "ann") == "ANN"
