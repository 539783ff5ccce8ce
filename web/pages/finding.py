"""Finding a page by its Dutch or English caption, or a document by its number."""

from fastapi import APIRouter
from starlette.responses import RedirectResponse, Response

from notifications.links import document_path
from web.document_pages import may_see
from web.page_index import found
from web.rendering import page
from web.visits import SignedIn

router = APIRouter()
FEWEST_LETTERS = 2


@router.get("/find")
def find(visit: SignedIn, q: str = "") -> Response:
    words = q.strip()
    pages = found(visit, words) if len(words) >= FEWEST_LETTERS else []
    keys = visit.services.read.find_by_number(words) if words else []
    keys = [key for key in keys if may_see(visit, key)]  # or one would learn which ones there are
    targets = [one.path for one in pages] + [document_path(key) for key in keys]
    if len(targets) == 1:
        return RedirectResponse(targets[0], status_code=303)
    documents = [(document_path(key), key.number, str(key)) for key in keys]
    return page(visit, "found.html", words=words, pages=pages, documents=documents)
