"""Pages, API and worker in one process, until it is stopped."""

import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager, nullcontext
from typing import Final

import uvicorn
from fastapi import FastAPI

from app import workflow_files
from app.bootstrap import Application
from app.entra import entra_of
from app.health import health_facts
from app.import_files import known_mappings
from app.metrics import metric_facts
from app.public_holidays import public_holidays
from app.stopping import stop_asked
from app.worker import worker_of
from web.application import web_application
from web.mail_services import MailServices
from web.services import Services

HERE: Final = "127.0.0.1"
PORT: Final = 8000
STOP_WITHIN: Final = 10  # seconds, for answers that were begun


def services_of(application: Application, *, start_page: str = "") -> Services:
    """What the pages need of the application."""
    return Services(
        read=application.read,
        people=application.directory,
        accounts=application.user_accounts,
        api_keys=application.api_keys,
        uow=application.uow,
        reading=lambda: application.uow(readonly=True),
        actor=application.actor,
        webhooks=application.webhook_endpoints,
        flows=application.webhook_endpoints,
        webhook_targets=application.settings.allowed_webhook_targets,
        clock=application.clock,
        company=application.company,
        holidays=public_holidays,
        workflow_files=workflow_files,
        column_mappings=known_mappings(),
        mail=MailServices(
            setups=application.mail_setups,
            tests=application.mail_tests,
            mailboxes=application.mailboxes,
            outbox=application.outbox,
            read=application.read,
            wordings=application.wordings,
            transport_of=application.transport_of,
            tokens_of=application.tokens.of,
        ),
        health=lambda: health_facts(application),
        metrics=lambda: metric_facts(application),
        metrics_token=application.settings.metrics_token_text,
        base_url=application.settings.base_url,
        entra=entra_of(application.settings),
        passwords=application.settings.local_passwords,
        start_page=start_page,
    )


def web_server(web: FastAPI, host: str = HERE, port: int = PORT) -> uvicorn.Server:
    """Not started yet."""
    config = uvicorn.Config(
        web,
        host=host,
        port=port,
        log_level="warning",
        log_config=None,  # as the rest of the process logs
        access_log=False,  # addresses of pages name documents
        timeout_graceful_shutdown=STOP_WITHIN,
        server_header=False,
        ws="none",
        lifespan="off",
    )
    return uvicorn.Server(config)


def serve(
    application: Application, host: str = HERE, port: int = PORT, *, works: bool = True
) -> None:
    """Until SIGTERM or Ctrl-C; answers that were begun are finished.

    One that does not work leaves mail and runs to the workers.

    Raises:
        SchemaOutdated
        OSError: the port is taken.
    """
    server = web_server(web_application(services_of(application)), host, port)
    worker = worker_of(application) if works else nullcontext()
    with stop_asked() as asked, worker:  # uvicorn raises the signal again at its end
        application.say(f"Open http://{host}:{port} in a browser. Ctrl-C ends it.")
        if not asked.is_set():
            server.run()
    application.say("Stopped.")


@contextmanager
def serving(web: FastAPI, listener: socket.socket) -> Iterator[None]:
    """In the background, while the `with` block runs."""
    server = web_server(web)
    thread = threading.Thread(target=server.run, kwargs={"sockets": [listener]}, daemon=True)
    thread.start()
    try:
        yield
    finally:
        server.should_exit = True
        thread.join()
