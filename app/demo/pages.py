"""The demo's own pages: be anybody of the company, read everybody's mail, see what to try next."""

from dataclasses import dataclass
from typing import Annotated, Final

from fastapi import APIRouter, Form, Request
from starlette.exceptions import HTTPException
from starlette.responses import RedirectResponse, Response

from app.catcher import Catcher, CaughtMail
from notifications.formatting import one_line
from notifications.readers import Company, Reader
from web.letters_shown import LETTER_POLICY, body, framed, headers_of, letter_alone
from web.paths import is_here
from web.rendering import language_wished, open_page
from web.services import Services
from web.signing_in import open_session
from web.visits import keep_session, services_of
from workflow.approval_users import ApprovalUser

START: Final = "/demo"
NOT_FOUND: Final = 404
SEE_OTHER: Final = 303
LATEST: Final = 12
OPENING_LINKS: Final = f"{LETTER_POLICY} allow-top-navigation-by-user-activation"
LINKS_OPEN_THE_PAGE: Final = '<head>\n<base target="_top">'


@dataclass(frozen=True, kw_only=True)
class PersonView:
    user_id: str
    name: str
    waiting: int  # requests that wait for the person
    administrator: bool
    limit: str  # up to which purchase; empty: approves nothing


@dataclass(frozen=True, kw_only=True)
class MailView:
    number: int
    sender: str
    to: str
    subject: str
    at: str


def demo_pages(catcher: Catcher) -> APIRouter:
    """For a company of the demo only: anybody may be anybody there."""
    router = APIRouter(prefix=START)

    @router.get("")
    def start(request: Request, next: str = "/") -> Response:  # noqa: A002 - as in addresses
        services = services_of(request)
        mails = [_mail_view(mail, _outsider(request)) for mail in catcher.mails()[-LATEST:]]
        people = [_person_view(person, services) for person in services.people.all()]
        return open_page(
            request, services, "demo/start.html", people=people, mails=mails[::-1], next=next
        )

    @router.post("/be/{user}")
    def be(
        request: Request,
        user: str,
        next: Annotated[str, Form()] = "/",  # noqa: A002 - as it is called in addresses
    ) -> Response:
        services = services_of(request)
        if services.people.user(user) is None:
            raise HTTPException(NOT_FOUND)
        answer = RedirectResponse(next if is_here(next) else "/", status_code=SEE_OTHER)
        session = open_session(services.accounts, user, services.clock(), browser="demo")
        keep_session(answer, services, session)
        return answer

    @router.get("/mails/{number}")
    def mail(request: Request, number: int, show: str = "html") -> Response:
        found = _numbered(catcher, number)
        answer = open_page(
            request,
            services_of(request),
            "demo/mail.html",
            mail=_mail_view(found, _outsider(request)),
            show=show if show in {"html", "text", "headers"} else "html",
            text=body(found.message, "plain"),
            headers=headers_of(found.message),
        )
        return framed(answer)

    @router.get("/mails/{number}/html")
    def letter(number: int) -> Response:
        html = body(_numbered(catcher, number).message, "html")
        return letter_alone(html.replace("<head>", LINKS_OPEN_THE_PAGE, 1), OPENING_LINKS)

    return router


def _person_view(person: ApprovalUser, services: Services) -> PersonView:
    reader = _reader(services.company, services)
    limit = person.purchase_limit
    money = "∞" if limit is None else reader.formats.money(limit)
    return PersonView(
        user_id=person.user_id,
        name=person.name,
        waiting=len(services.read.requests_to_approve(person.user_id)),
        administrator=person.administrator,
        limit="" if limit == 0 else money,
    )


def _mail_view(mail: CaughtMail, reader: Reader) -> MailView:
    return MailView(
        number=int(mail.path.name.partition("-")[0]),
        sender=one_line(str(mail.message["From"])),
        to=one_line(", ".join(mail.recipients)),
        subject=one_line(str(mail.message["Subject"])),
        at=reader.formats.moment(mail.received_at),
    )


def _outsider(request: Request) -> Reader:
    """Whoever plays: in his browser's language."""
    services = services_of(request)
    return _reader(services.company, services, language_wished(request, services.company.language))


def _reader(company: Company, services: Services, language: str = "") -> Reader:
    somebody = ApprovalUser(user_id="DEMO", language=language)
    return Reader.of(somebody, company, services.people)


def _numbered(catcher: Catcher, number: int) -> CaughtMail:
    for mail in catcher.mails():
        if mail.path.name.startswith(f"{number:04}-"):
            return mail
    raise HTTPException(NOT_FOUND)
