"""Workers on several machines: who is alive, when each run was made, and on PostgreSQL the jobs."""

from typing import Any

import sqlalchemy as sa
from alembic import op
from procrastinate.schema import SchemaManager

from db.columns import Moment

revision = "0020"
down_revision = "0018"
branch_labels = None
depends_on = None

DROP_JOBS = """
DROP TABLE procrastinate_events, procrastinate_periodic_defers, procrastinate_jobs,
    procrastinate_workers CASCADE;
DO $$
DECLARE
    name text;
BEGIN
    FOR name IN
        SELECT oid::regprocedure::text FROM pg_proc
        WHERE proname LIKE 'procrastinate\\_%' AND pronamespace = current_schema()::regnamespace
    LOOP
        EXECUTE 'DROP FUNCTION ' || name || ' CASCADE';
    END LOOP;
END;
$$;
DROP TYPE procrastinate_job_to_defer_v1;
DROP TYPE procrastinate_job_event_type;
DROP TYPE procrastinate_job_status;
"""


def upgrade() -> None:
    op.create_table(
        "worker_beats",
        sa.Column("owner", sa.Text(), nullable=False),
        sa.Column("started_at", Moment(), nullable=False),
        sa.Column("beat_at", Moment(), nullable=False),
        sa.PrimaryKeyConstraint("owner", name=op.f("pk_worker_beats")),
    )
    op.create_table(
        "background_runs",
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("owner", sa.Text(), nullable=False),
        sa.Column("began_at", Moment()),
        sa.Column("finished_at", Moment()),
        sa.Column("times", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("name", name=op.f("pk_background_runs")),
    )
    _on_postgresql(SchemaManager.get_schema())


def downgrade() -> None:
    _on_postgresql(DROP_JOBS)
    op.drop_table("background_runs")
    op.drop_table("worker_beats")


def _on_postgresql(script: str) -> None:
    """Many statements as their makers wrote them: so the driver takes them as they are."""
    connection = op.get_bind()
    if connection.dialect.name == "postgresql":
        driver: Any = connection.connection.driver_connection
        driver.execute(script)
