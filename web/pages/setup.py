"""The setup's first page: what is still to be done, and its pages by subject."""

from itertools import groupby

from fastapi import APIRouter
from starlette.responses import Response

from web.checklist import checklist, is_live
from web.health import CAPTIONS
from web.page_index import pages_for
from web.rendering import page
from web.visits import SeesSetup

router = APIRouter()


@router.get("/setup")
def setup(visit: SeesSetup) -> Response:
    listed = sorted((one for one in pages_for(visit) if one.group), key=lambda one: one.group)
    groups = [(group, list(pages)) for group, pages in groupby(listed, key=lambda one: one.group)]
    steps = checklist(visit.services, visit.reader)
    return page(
        visit,
        "setup.html",
        groups=groups,
        steps=[] if is_live(steps) else steps,
        captions=CAPTIONS,
    )
