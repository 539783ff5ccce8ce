"""Approval User Setup: everybody with approver, substitute and limits, and what is wrong there."""

from typing import Final

from fastapi import APIRouter
from starlette.responses import Response

from web.paths import USERS
from web.rendering import page
from web.user_views import branches, tree_lines, user_rows
from web.visits import SeesSetup
from workflow.approval_users import ApprovalUser
from workflow.setup_checks import check_setup

router = APIRouter()
MOST_ROWS: Final = 200


@router.get(USERS)
def users(visit: SeesSetup, q: str = "", after: str = "", wrong: bool = False) -> Response:
    everybody = visit.services.people.all()
    warnings = check_setup(everybody)
    defective = {one.user_id for one in warnings}
    found = [
        user
        for user in everybody
        if user.user_id > after and _has(user, q) and (user.user_id in defective or not wrong)
    ]
    shown = found[:MOST_ROWS]
    return page(
        visit,
        "users.html",
        rows=user_rows(shown, warnings, visit.reader),
        count=len(everybody),
        defects=len(warnings),
        words=q,
        wrong=wrong,
        next_after=shown[-1].user_id if len(found) > len(shown) else "",
    )


@router.get(f"{USERS}/tree")
def tree(visit: SeesSetup) -> Response:
    tops = branches(visit.services.people.all(), visit.reader)
    return page(visit, "users_tree.html", lines=tree_lines(tops))


def _has(user: ApprovalUser, words: str) -> bool:
    text = f"{user.user_id} {user.full_name} {user.email} {user.salesperson_purchaser_code}"
    return all(word in text.casefold() for word in words.casefold().split())
