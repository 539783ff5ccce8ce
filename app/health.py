"""What the health page is told that only the database knows."""

from app.bootstrap import Application
from db import schema
from web.ports import HealthFacts


def health_facts(application: Application) -> HealthFacts:
    scaled = application.engine.dialect.name == "postgresql"
    runs = application.background_runs.all()
    finished = [run.finished_at for run in runs if run.finished_at is not None]
    read, url = application.read, application.settings.database_url
    return HealthFacts(
        outdated=tuple(schema.outdated(url)),
        suspicion=application.guard.state().suspicion,
        oldest_unsent=read.oldest_unsent(),
        last_sent=read.last_sent(),
        bounced_at=tuple(bounce.at for bounce in read.bounces(application.clock())),
        workers=len(application.workers.alive()) if scaled else None,
        last_run=max(finished, default=None),
    )
