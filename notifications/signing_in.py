"""The connection to the mail server, signed in to the account or the mailbox a letter needs."""

from collections.abc import Iterator
from contextlib import contextmanager

from notifications.bounded_smtp import PlainServer, socket_of
from notifications.connecting import Connecting
from notifications.delivery_errors import NO_TLS, DeliveryError, Step
from notifications.mail_setup import Authentication, MailSetup
from notifications.oauth import TokenSource
from notifications.oauth_errors import NotSignedIn, OAuthError
from notifications.replies import Stage
from notifications.sayings import sentence as _
from notifications.sign_in import explained, no_token, token_refused, with_password, with_token
from notifications.sockets import encrypted, on_this_machine


class SigningIn(Connecting):
    """*tokens* take the place of a password."""

    def __init__(
        self,
        setup: MailSetup,
        *,
        tokens: TokenSource | None,
        timeout: float,
        letter_timeout: float,
        max_letters: int,
    ) -> None:
        super().__init__(
            setup, timeout=timeout, letter_timeout=letter_timeout, max_letters=max_letters
        )
        self._tokens = tokens

    def connect(self, from_address: str = "") -> PlainServer:
        """The open connection, signed in for letters from that address; a new one when need be."""
        self._begin()
        return self._connect(from_address)

    def _connect(self, from_address: str) -> PlainServer:
        server = self._open()
        login = self._setup.login_for(from_address)
        if not self._setup.signs_in or self._login == login:
            return server
        if self._login is not None:
            self.close()
        try:
            server = self._sign_in(login)
        except BaseException:
            self._drop()
            raise
        self._login = login
        self.passed(Stage.AUTH, server)
        return server

    def _sign_in(self, login: str) -> PlainServer:
        if self._setup.authentication is Authentication.BASIC:
            server = self._open()
            with self._protected(server, login) as step:
                with_password(server, step, login, self._setup.password)
            return server
        token = self._token(login)
        try:
            return self._present(login, token)
        except DeliveryError as error:
            if not token_refused(error):
                raise
            self._drop()  # it keeps the rules it was opened under
            return self._present_another(login, token)

    def _present_another(self, login: str, refused: str) -> PlainServer:
        """Once: a token that was fresh a moment ago is not the trouble."""
        token = self._token(login, refused=refused)
        try:
            return self._present(login, token)
        except DeliveryError as error:
            if not token_refused(error):
                raise
            of_requester = self._setup.signs_in_as_requester and login != self._setup.account
            raise explained(error, login, of_requester=of_requester) from error

    def _present(self, login: str, token: str) -> PlainServer:
        server = self._open()
        with self._protected(server, login) as step:
            with_token(server, step, login, token)
        return server

    def _token(self, login: str, *, refused: str = "") -> str:
        try:
            if self._tokens is None:
                raise NotSignedIn
            return self._tokens.token(refused=refused)
        except OAuthError as error:
            step = Step(stage=Stage.AUTH, account=login)
            raise no_token(step, error) from error

    @contextmanager
    def _protected(self, server: PlainServer, login: str) -> Iterator[Step]:
        """The step of signing in; nothing secret goes over a connection that others can read."""
        server.within(self._for_a_step())
        with Step(stage=Stage.AUTH, account=login) as step:
            if not (encrypted(server.sock) or on_this_machine(socket_of(server))):
                text = _("The password is not sent over a connection without TLS.")
                raise step.fail(text, NO_TLS)
            yield step
