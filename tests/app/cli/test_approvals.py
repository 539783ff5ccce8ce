"""Sending and deciding at the command line."""

import pytest

pytestmark = pytest.mark.usefixtures("company")


def status_of(done, number):
    return done("documents", "show", number, "--json").json["status"]


def test_ann_sends_and_bob_approves(done):
    sent = done("send", "PO-1", "--as", "ann")
    waiting = done("requests", "--as", "bob", "--json").json
    done("approve", "PO-1", "--as", "bob")

    assert "An approval request has been sent." in sent.out
    assert [row["document"] for row in waiting] == ["purchase/order/PO-1"]
    assert status_of(done, "PO-1") == "released"


def test_rejecting_without_a_reason_is_refused_and_says_what_to_do(done, typed):
    done("send", "PO-1", "--as", "ann")

    refused = typed("reject", "PO-1", "--as", "bob")

    assert refused.exit_code == 1
    assert refused.out == ""
    assert "Please give a reason" in refused.err
    assert "--comment" in refused.err
    assert status_of(done, "PO-1") == "pending_approval"


def test_rejecting_with_a_reason_works_and_the_reason_is_in_the_history(done):
    done("send", "PO-1", "--as", "ann")

    done("reject", "PO-1", "--as", "bob", "--comment", "Too expensive")

    shown = done("documents", "show", "PO-1").out
    assert "Too expensive" in shown
    assert "Restricted                  yes" in shown
    assert status_of(done, "PO-1") == "open"


def test_each_document_has_its_own_line_and_one_refusal_makes_the_exit_code_1(done, typed):
    done("send", "PO-1", "--as", "ann")

    ended = typed("approve", "PO-1", "PO-2", "PO-9", "--as", "bob")

    assert ended.exit_code == 1
    assert ended.out.splitlines() == [
        "purchase/order/PO-1: Purchase order PO-1 has been approved and is now released."
    ]
    assert "purchase/order/PO-2: There is no approval request to approve." in ended.err
    assert "PO-9: There is no document PO-9." in ended.err


def test_all_or_nothing_leaves_everything_as_it_was(done, typed):
    done("company", "set", "selection=all_or_nothing")
    done("send", "PO-1", "--as", "ann")

    for numbers in (["PO-1", "PO-2"], ["PO-1", "PO-9"]):
        assert typed("approve", *numbers, "--as", "bob").exit_code == 1

    assert status_of(done, "PO-1") == "pending_approval"


def test_results_and_refusals_as_json(done, typed):
    done("send", "PO-1", "--as", "ann")

    first, second = typed("approve", "PO-1", "PO-2", "--as", "bob", "--json").json

    assert first["status"] == "released"
    assert first["refused"] is None
    assert second["refused"]["code"] == "NO_REQUEST_APPROVE"


def test_an_unknown_person_is_refused(typed):
    ended = typed("send", "PO-1", "--as", "zed")

    assert ended.exit_code == 1
    assert "There is no user zed" in ended.err
    assert "countersign users list" in ended.err


def test_an_administrator_decides_in_the_place_of_the_approver(done, typed):
    done("send", "PO-1", "--as", "ann")

    without_reason = typed("approve", "PO-1", "--as", "cid", "--for", "bob")
    done("approve", "PO-1", "--as", "cid", "--for", "bob", "--comment", "Bob is ill")

    approvals = done("documents", "show", "PO-1", "--json").json["approvals"]
    assert without_reason.exit_code == 1
    assert [(one["approver"], one["decided_by"]) for one in approvals][-1] == ("BOB", "CID")


def test_the_request_of_an_approver_who_left_the_setup_can_still_be_handed_over(done):
    done("send", "PO-1", "--as", "ann")
    done("users", "remove", "bob", "--anyway")

    done("delegate", "PO-1", "--as", "cid", "--for", "BOB")
    done("approve", "PO-1", "--as", "cid")

    assert done("documents", "show", "PO-1", "--json").json["status"] == "released"


def test_the_request_of_an_approver_who_left_the_setup_can_still_be_rejected(done):
    done("send", "PO-1", "--as", "ann")
    done("users", "remove", "bob", "--anyway")

    done("reject", "PO-1", "--as", "cid", "--for", "BOB", "--comment", "Bob has left")

    assert done("documents", "show", "PO-1", "--json").json["status"] == "open"


def test_bob_delegates_to_dee(done):
    done("send", "PO-1", "--as", "ann")

    done("delegate", "PO-1", "--as", "bob")

    (request,) = done("requests", "--as", "dee", "--json").json
    assert request["in_place_of"] == "BOB"
    assert "handed it from BOB to DEE" in done("documents", "show", "PO-1").out


def test_a_number_that_two_documents_share_has_to_be_named_in_full(done, typed, file):
    again = "number,area,type,amount,requester\nPO-1,sales,order,400,ANN\n"
    done("documents", "import", file("more.csv", again))

    refused = typed("send", "PO-1", "--as", "ann")
    done("send", "purchase/order/PO-1", "--as", "ann")

    assert refused.exit_code == 1
    assert "purchase/order/PO-1, sales/order/PO-1" in refused.err


def test_who_would_approve_says_why_and_sends_nothing(done):
    ended = done("who", "PO-2", "--as", "ann", "--json")

    planned = [(one["approver"], one["why"]) for one in ended.json["approvers"]]
    assert planned == [("ANN", "requester"), ("BOB", "chain"), ("CID", "sufficient")]
    assert ended.json["approvers"][1]["limit"] == "1000"
    assert status_of(done, "PO-2") == "open"


def test_sending_everything_tells_what_was_sent_and_why_the_rest_was_not(done, typed, file):
    odd = "number,area,type,amount,requester\nPO-8,purchase,order,9,\nPO-9,purchase,quote,9,ANN\n"
    done("documents", "import", file("odd.csv", odd))

    ended = typed("send", "--all", "--as-requester")

    assert ended.exit_code == 1
    assert "3 sent for approval, 0 released at once." in ended.out
    assert "1 refused (purchase/quote/PO-9)" in ended.err
    assert "The document names no requester." in ended.err


def test_sending_everything_again_has_nothing_to_do(done):
    done("send", "--all", "--as-requester", "--area", "purchase")

    counts = done("send", "--all", "--as-requester", "--area", "purchase", "--json").json

    assert counts == {"sent": 0, "released": 0, "refused": []}


@pytest.mark.parametrize(
    "words",
    [
        ["send"],
        ["send", "PO-1"],
        ["send", "--all"],
        ["send", "PO-1", "--all", "--as", "ann"],
        ["send", "--all", "--as", "ann", "--as-requester"],
    ],
)
def test_send_needs_to_know_which_documents_and_as_whom(typed, words):
    assert typed(*words).exit_code == 2


def test_comment_cancel_reopen_release_and_post(done, typed):
    done("send", "PO-1", "--as", "ann")
    done("comment", "PO-1", "--as", "ann", "--comment", "It is urgent")
    done("cancel", "PO-1", "--as", "ann")
    blocked = typed("release", "PO-1", "--as", "ann")
    done("send", "PO-1", "--as", "ann")
    done("approve", "PO-1", "--as", "bob")
    done("reopen", "PO-1", "--as", "ann")
    done("send", "PO-1", "--as", "ann")
    done("approve", "PO-1", "--as", "bob")
    done("post", "PO-1", "--as", "ann")

    gone = done("documents", "show", "purchase/order/PO-1").out
    assert blocked.exit_code == 1
    assert "It is urgent" in gone
    assert "posted" in gone


def test_an_external_flow_answers(done, typed, file):
    done("workflows", "disable", "POAPW")
    done(
        *("workflows", "create", "POAPW", "--code", "FLOW"),
        *("--set", "kind=external", "--set", "response_user=flow-service"),
    )
    done("workflows", "enable", "FLOW")
    done("send", "PO-1", "--as", "ann")

    wrong = typed("answer", "PO-1", "continue", "--as", "ann")
    done("answer", "PO-1", "continue", "--as", "flow-service")

    assert wrong.exit_code == 1
    assert status_of(done, "PO-1") == "released"


def test_what_people_write_cannot_steer_the_terminal(done):
    done("comment", "PO-1", "--as", "ann", "--comment", "red \x1b[31m and \u202ereversed")

    shown = done("documents", "show", "PO-1").out

    assert "\x1b" not in shown
    assert "\u202e" not in shown
    assert "[31m and reversed" in shown


def test_refusals_are_told_in_the_language_of_the_settings(company, typed, monkeypatch):
    monkeypatch.setenv("COUNTERSIGN_LANGUAGE", "nl")
    refused = typed("send", "NONE", "--as", "ann")
    done = typed("send", "PO-1", "--as", "ann")
    locked = typed("documents", "change", "PO-1", "amount=5", "--as", "ann")

    assert done.exit_code == 0
    assert refused.err.splitlines() == [
        "NONE: Het document NONE bestaat niet.",
        "  → `countersign documents list` toont de documenten die er zijn.",
    ]
    sentence, advice = locked.err.splitlines()
    assert sentence.startswith("Status moet gelijk zijn aan 'Open' in Inkooporder PO-1.")
    assert sentence.endswith("amount kan niet worden gewijzigd.")
    assert advice == "  → Annuleer eerst de aanvraag of open het document opnieuw."
