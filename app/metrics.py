"""What the metrics are told that only the database knows."""

from app.bootstrap import Application
from db.metric_queries import MetricQueries
from notifications.ports import EmailState
from web.ports import MetricFacts


def metric_facts(application: Application) -> MetricFacts:
    count, now = MetricQueries(application.engine), application.clock()
    emails = count.email_counts()
    oldest = application.read.oldest_unsent()
    runs = application.background_runs.all()
    scaled = application.engine.dialect.name == "postgresql"
    return MetricFacts(
        emails={str(state): float(emails.get(state, 0)) for state in EmailState},
        webhooks={state: float(number) for state, number in count.webhook_counts().items()},
        events_waiting=count.events_waiting(),
        oldest_age=(now - oldest).total_seconds() if oldest else 0.0,
        workers=len(application.workers.alive()) if scaled else None,
        suspended=float(bool(application.guard.state().suspicion)),
        sent=count.letters_sent(),
        refused=emails.get(EmailState.REFUSED, 0),
        decisions={kind: float(number) for kind, number in count.decision_counts().items()},
        runs={run.name: float(run.times) for run in runs},
        run_ages={
            run.name: (now - run.finished_at).total_seconds() for run in runs if run.finished_at
        },
    )
