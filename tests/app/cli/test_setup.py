"""Setting up users, groups, workflows and the company at the command line."""

import pytest


@pytest.mark.usefixtures("company")
class TestUsers:
    def test_a_dry_run_shows_the_plan_and_changes_nothing(self, done, file):
        given = file("more.csv", "user_id,email\nEVE,eve@example.com\nANN,new@example.com\n")

        plan = done("users", "import", given, "--dry-run", "--json").json

        assert plan == {
            "dry_run": True,
            "added": ["EVE"],
            "changed": ["ANN"],
            "unchanged": 0,
            "closed": [],
        }
        assert "EVE" not in done("users", "list").out
        assert "ann@example.com" in done("users", "show", "ann").out

    def test_fields_are_read_strictly(self, done):
        done("users", "set", "dee", "purchase_limit=unlimited", "substitute_from=2026-12-24")

        shown = done("users", "show", "DEE", "--json").json
        assert shown["purchase_limit"] == "unlimited"
        assert shown["substitute_from"] == "2026-12-24"

    @pytest.mark.parametrize(
        ("pair", "reason"),
        [
            ("shoe_size=44", "There are: administrator, approver"),
            ("purchase_limit=much", "is not a number"),
            ("administrator=perhaps", "is neither yes nor no"),
            ("substitute_to=31-12-2026", "is not a date"),
            ("purchase_limit", "is not of the form key=value"),
        ],
    )
    def test_what_is_not_understood_is_a_usage_error_that_says_why(self, typed, pair, reason):
        ended = typed("users", "set", "bob", pair)

        assert ended.exit_code == 2
        assert reason in ended.err

    def test_what_the_rules_do_not_allow_is_refused(self, typed):
        ended = typed("users", "set", "bob", "approver=bob")

        assert ended.exit_code == 1
        assert ended.err == "Approver ID must not be BOB.\n"

    def test_nobody_raises_his_own_limit(self, typed):
        assert typed("users", "set", "bob", "purchase_limit=9999", "--as", "bob").exit_code == 1

    def test_defects_of_the_setup_are_shown_on_every_change(self, done):
        changed = done("users", "set", "bob", "approver=nobody")
        checked = done("users", "check", "--json").json

        assert "Warning: BOB has nobody as approver, who is not in the setup." in changed.err
        assert {"BOB"} == {row["user"] for row in checked if row["field"] == "approver"} - {"ANN"}

    def test_a_user_is_removed(self, done, typed):
        done("users", "remove", "dee")

        assert typed("users", "show", "dee").exit_code == 1

    def test_a_group_is_set_and_listed(self, done, typed):
        done("groups", "set", "BUYERS", "bob", "cid", "dee:2")

        (group,) = done("groups", "list", "--json").json
        assert group == {"group": "BUYERS", "members": ["BOB:1", "CID:2", "DEE:2"]}
        assert typed("groups", "set", "BUYERS", "bob:first").exit_code == 2
        assert typed("groups", "set", "BUYERS", "nobody:1").exit_code == 1

    def test_the_company_makes_a_choice(self, done, typed):
        done("company", "set", "working_days_only=no")

        assert done("company", "show", "--json").json["working_days_only"] is False
        assert typed("company", "set", "colour=red").exit_code == 2


def test_limits_come_by_level_from_a_second_file(done, file):
    header = "user_id,full_name,email,manager_user_id,org_level\n"
    users = file("users.csv", header + "ANN,Ann,ann@example.com,CID,4\nCID,Cid,c@example.com,,0\n")
    rules = "column,value,purchase_limit\norg_level,4,500\norg_level,0,unlimited\n"
    limits = file("limits.csv", rules)

    done("users", "import", users, "--limits-by-level", limits)

    found = {row["user_id"]: row["purchase_limit"] for row in done("users", "list", "--json").json}
    assert found == {"ANN": "500", "CID": "unlimited"}


def test_a_column_with_another_name_is_mapped(done, file):
    users = file("people.csv", "Login;Mail\nANN;ann@example.com\n")

    done("users", "import", users, "--map", "user_id=Login", "--map", "email=Mail")

    assert "ann@example.com" in done("users", "list").out


@pytest.mark.usefixtures("company")
class TestWorkflows:
    def test_an_enabled_workflow_is_not_changed(self, typed):
        ended = typed("workflows", "create", "POAPW", "--set", "due=2W", "--replace")

        assert ended.exit_code == 1
        assert "Disable it first" in ended.err

    def test_a_workflow_goes_to_a_file_and_comes_back_the_same(self, done, typed, tmp_path):
        done("workflows", "create", "SOAPW", "--set", "min_amount=500.50", "--set", "profile=bc")
        before = done("workflows", "show", "SOAPW", "--json").json
        target = tmp_path / "workflows.yaml"
        done("workflows", "export", "--to", target)
        done("workflows", "delete", "SOAPW")

        again = typed("workflows", "export", "--to", target)
        dry_run = done("workflows", "import", target, "--dry-run", "--json").json
        left_out = typed("workflows", "show", "SOAPW")
        done("workflows", "import", target)

        assert again.exit_code == 1
        assert "There already is a file" in again.err
        assert {row["code"]: row["what"] for row in dry_run} == {
            "POAPW": "unchanged",
            "SOAPW": "added",
        }
        assert left_out.exit_code == 1
        after = done("workflows", "show", "SOAPW", "--json").json
        assert {**after, "version": 1} == {**before, "version": 1}
        assert after["min_amount"] == "500.50"
        assert after["self_approval"] == "as_bc"

    def test_a_different_workflow_is_not_overwritten_silently(self, done, typed, file):
        text = "workflows:\n- {code: SOAPW, area: sales, document_type: order, due: 2W}\n"
        done("workflows", "create", "SOAPW")
        given = file("w.yaml", text)

        refused = typed("workflows", "import", given)
        done("workflows", "import", given, "--replace")

        assert refused.exit_code == 1
        assert "--replace" in refused.err
        assert done("workflows", "show", "SOAPW", "--json").json["due"] == "2W"

    @pytest.mark.parametrize(
        ("text", "reason"),
        [
            ("workflows: [{code: X, area: sales, document_type: order, colour: red}]", "colour"),
            ("workflows: [{code: X, area: sales}]", "document_type is missing"),
            ("workflows: [{code: X, area: sales, document_type: order, due: [1]}]", "single value"),
            ("flows: []", "one list named workflows"),
            ("workflows: [", "is not YAML"),
        ],
    )
    def test_a_file_that_is_not_understood_is_refused(self, typed, file, text, reason):
        ended = typed("workflows", "import", file("w.yaml", text))

        assert ended.exit_code == 1
        assert "w.yaml" in ended.err
        assert reason in ended.err

    def test_a_missing_approver_is_warned_about(self, done):
        done("workflows", "disable", "POAPW")

        made = done(
            *("workflows", "create", "POAPW", "--code", "EVE"),
            *("--set", "limit_type=specific", "--set", "specific_approver=EVE"),
        )

        assert "The specific approver EVE is not in the approval user setup." in made.err

    def test_templates_are_listed(self, done):
        codes = [row["code"] for row in done("workflows", "templates", "--json").json]

        assert "MS-POAPW" in codes


def test_a_group_is_deleted_and_only_once(typed, done, file):
    done("users", "import", file("users.csv", "user_id\nBOB\nCID\n"))
    done("groups", "set", "BUYERS", "bob", "cid")
    done("groups", "delete", "BUYERS")
    assert done("groups", "list", "--json").json == []
    assert typed("groups", "delete", "BUYERS").exit_code == 1
