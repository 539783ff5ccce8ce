"""One request of somebody who is signed in: who it is, in which language, and with which rights."""

from collections.abc import AsyncIterator
from dataclasses import dataclass, replace
from typing import Annotated, Final
from urllib.parse import quote

from fastapi import Depends, Request
from starlette.datastructures import FormData, UploadFile
from starlette.responses import Response

from notifications.asked_once import AskedOnce
from notifications.readers import Reader
from web.forms import LARGEST_BODY, check_form_token, form_token
from web.paths import SIGN_IN
from web.services import Services
from web.signing_in import account_of
from workflow.actors import Actor
from workflow.approval_users import ApprovalUser
from workflow.errors import NotAdministrator
from workflow.interchange.files import GivenFile
from workflow.user_accounts import SESSION_LIMIT, Role, UserAccount
from workflow.visibility import sees_everything

COOKIE: Final = "countersign"
TOKEN_FIELD: Final = "token"  # noqa: S105 - the name of a field


class SignInNeeded(Exception):
    """Nobody is signed in; *path* is where to go afterwards."""

    def __init__(self, path: str) -> None:
        super().__init__(path)
        self.path = path
        self.sign_in_path = f"{SIGN_IN}?next={quote(path)}"


@dataclass(frozen=True, kw_only=True)
class Visit:
    request: Request
    services: Services
    person: ApprovalUser
    account: UserAccount
    session: str  # the secret that the browser keeps
    reader: Reader

    @property
    def user(self) -> str:
        return self.person.user_id

    @property
    def path(self) -> str:
        """Of this page, as people read it."""
        return path_of(self.request)

    @property
    def actor(self) -> Actor:
        actor = self.services.actor(self.user)
        return replace(actor, sets_up=Role.WORKFLOW_ADMINISTRATOR in self.roles)

    @property
    def roles(self) -> frozenset[Role]:
        return self.account.roles

    @property
    def sees_everything(self) -> bool:
        return sees_everything(self.person, self.roles)

    @property
    def sets_up(self) -> bool:
        """Whether he may change the setup."""
        return self.person.administrator or Role.WORKFLOW_ADMINISTRATOR in self.roles

    @property
    def sees_setup(self) -> bool:
        return self.sets_up or Role.AUDITOR in self.roles

    def token(self, path: str) -> str:
        """For a form on this page that is sent to *path*."""
        return form_token(self.session, path)


def services_of(request: Request) -> Services:
    services: Services = request.app.state.services
    return services


def cookie_name(services: Services) -> str:
    """Over https with the prefix that keeps other hosts and paths from setting it."""
    return f"__Host-{COOKIE}" if services.over_https else COOKIE


def keep_session(answer: Response, services: Services, session: str) -> None:
    """Have the browser keep the secret of a session that was just opened."""
    answer.set_cookie(
        cookie_name(services),
        session,
        max_age=int(SESSION_LIMIT.total_seconds()),
        secure=services.over_https,
        httponly=True,
        samesite="lax",  # strict would make everybody who comes from a mail look signed out
    )


def signed_in(request: Request) -> Visit:
    """
    Raises:
        SignInNeeded
    """
    services = services_of(request)
    session = request.cookies.get(cookie_name(services), "")
    account = account_of(services.accounts, session, services.clock())
    person = services.people.user(account.user_id) if account else None
    if account is None or person is None:  # who left the setup is nobody here either
        raise SignInNeeded(_here(request))
    return Visit(
        request=request,
        services=services,
        person=person,
        account=account,
        session=session,
        reader=Reader.of(person, services.company, AskedOnce(services.people)),
    )


def address_of(request: Request) -> str:
    """From where somebody comes."""
    return request.client.host if request.client else ""


def path_of(request: Request) -> str:
    """Unquoted: a document's number may hold any character."""
    path: str = request.scope["path"]
    return path


def _here(request: Request) -> str:
    """Where to come back to; what was posted is not done again."""
    path = request.scope["raw_path"].decode("ascii")
    query = request.url.query if request.method == "GET" else ""
    return f"{path}?{query}" if query else path


async def _fields(request: Request) -> AsyncIterator[FormData]:
    async with request.form(max_part_size=LARGEST_BODY) as fields:  # closes its files
        yield fields


def posted(
    visit: Annotated[Visit, Depends(signed_in)], fields: Annotated[FormData, Depends(_fields)]
) -> dict[str, str]:
    """The fields of a form that one of our pages sent; of several with one name, the last.

    Raises:
        SignInNeeded, FormOutdated, FormForeign
    """
    texts = {name: text for name, text in fields.multi_items() if isinstance(text, str)}
    check_form_token(visit.session, visit.path, texts.get(TOKEN_FIELD, ""))
    return texts


async def all_uploads(
    fields: Annotated[FormData, Depends(_fields)],
) -> list[tuple[str, GivenFile]]:
    """The files of a form, each with its field; a field without a file is left out."""
    files = [(name, one) for name, one in fields.multi_items() if isinstance(one, UploadFile)]
    return [
        (name, GivenFile(name=one.filename or name, data=await one.read()))
        for name, one in files
        if one.filename
    ]


def uploads(
    files: Annotated[list[tuple[str, GivenFile]], Depends(all_uploads)],
) -> dict[str, GivenFile]:
    """As ``all_uploads``; of several files of one field, the last."""
    return dict(files)


def seeing_setup(visit: Annotated[Visit, Depends(signed_in)]) -> Visit:
    """For the setup's pages.

    Raises:
        NotAdministrator
    """
    if not visit.sees_setup:
        raise NotAdministrator(visit.user)
    return visit


def setting_up(visit: Annotated[Visit, Depends(signed_in)]) -> Visit:
    """For what changes the setup.

    Raises:
        NotAdministrator
    """
    if not visit.sets_up:
        raise NotAdministrator(visit.user)
    return visit


def posted_many(
    visit: Annotated[Visit, Depends(signed_in)], fields: Annotated[FormData, Depends(_fields)]
) -> FormData:
    """As ``posted``, where several fields have one name.

    Raises:
        SignInNeeded, FormOutdated, FormForeign
    """
    check_form_token(visit.session, visit.path, str(fields.get(TOKEN_FIELD, "")))
    return fields


SignedIn = Annotated[Visit, Depends(signed_in)]
PostedMany = Annotated[FormData, Depends(posted_many)]
SeesSetup = Annotated[Visit, Depends(seeing_setup)]
SetsUp = Annotated[Visit, Depends(setting_up)]
Uploads = Annotated[dict[str, GivenFile], Depends(uploads)]
AllUploads = Annotated[list[tuple[str, GivenFile]], Depends(all_uploads)]
Posted = Annotated[dict[str, str], Depends(posted)]
