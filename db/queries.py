"""Everything that is read for lists, pages and scheduled runs."""

from db.bounce_queries import BounceQueries
from db.document_queries import DocumentQueries
from db.event_queries import EventQueries
from db.log_queries import LogQueries
from db.mail_queries import MailQueries
from db.request_queries import RequestQueries
from db.verdict_queries import VerdictQueries


class SqlQueries(
    DocumentQueries,
    RequestQueries,
    MailQueries,
    BounceQueries,
    VerdictQueries,
    EventQueries,
    LogQueries,
):
    """The read side; it never writes and waits for no writer."""
