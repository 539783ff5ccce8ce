"""Pages, API and worker in one process, until it is stopped."""

from typing import Final

import uvicorn

from app.bootstrap import Application
from app.worker import Worker, stop_asked
from web.application import web_application
from web.services import Services

HERE: Final = "127.0.0.1"
PORT: Final = 8000


def services_of(application: Application) -> Services:
    """What the pages need of the application."""
    return Services(
        read=application.read,
        people=application.directory,
        accounts=application.user_accounts,
        api_keys=application.api_keys,
        uow=application.uow,
        reading=lambda: application.uow(readonly=True),
        actor=application.actor,
        clock=application.clock,
        company=application.company,
        base_url=application.settings.base_url,
    )


def web_server(application: Application, host: str, port: int) -> uvicorn.Server:
    """Not started yet."""
    config = uvicorn.Config(
        web_application(services_of(application)),
        host=host,
        port=port,
        log_level="warning",
        access_log=False,  # addresses of pages name documents
        server_header=False,
        ws="none",
        lifespan="off",
    )
    return uvicorn.Server(config)


def serve(application: Application, host: str = HERE, port: int = PORT) -> None:
    """Until SIGTERM or Ctrl-C; answers that were begun are finished.

    Raises:
        SchemaOutdated
        OSError: the port is taken.
    """
    server = web_server(application, host, port)
    with stop_asked() as asked, Worker(application):  # uvicorn raises the signal again at its end
        application.say(f"Open http://{host}:{port} in a browser. Ctrl-C ends it.")
        if not asked.is_set():
            server.run()
    application.say("Stopped.")
