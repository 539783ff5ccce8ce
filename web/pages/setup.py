"""The setup's first page: its pages by subject."""

from itertools import groupby

from fastapi import APIRouter
from starlette.responses import Response

from web.page_index import pages_for
from web.rendering import page
from web.visits import SeesSetup

router = APIRouter()


@router.get("/setup")
def setup(visit: SeesSetup) -> Response:
    listed = sorted((one for one in pages_for(visit) if one.group), key=lambda one: one.group)
    groups = [(group, list(pages)) for group, pages in groupby(listed, key=lambda one: one.group)]
    return page(visit, "setup.html", groups=groups)
