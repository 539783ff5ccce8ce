"""SpiffWorkflow, with the SQL that its application has to write itself.

The library keeps no database. The running workflow is stored as JSON, one row for each document,
without the definition, which all of them share (storing it with each is slower). Beside it are
the documents, the open and finished tasks, a history, and whom to tell.
"""

import json
import sqlite3
import tempfile
from importlib.metadata import version
from itertools import pairwise
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

from SpiffWorkflow.bpmn.parser import BpmnParser
from SpiffWorkflow.bpmn.serializer import BpmnWorkflowSerializer
from SpiffWorkflow.bpmn.workflow import BpmnWorkflow
from SpiffWorkflow.util.task import TaskState

from bench.peers.playing import AMOUNT, APPROVERS, REQUESTER, VENDOR

AT = "2026-03-02T09:00:00+00:00"
NODE = '<bpmn:{kind} id="{id}"><bpmn:incoming>to-{id}</bpmn:incoming></bpmn:{kind}>'
FLOW = '<bpmn:sequenceFlow id="to-{end}" sourceRef="{start}" targetRef="{end}"/>'
DEFINITION = """<?xml version="1.0" encoding="UTF-8"?>
<bpmn:definitions xmlns:bpmn="http://www.omg.org/spec/BPMN/20100524/MODEL" id="bench"
  targetNamespace="urn:bench"><bpmn:process id="approval" isExecutable="true">
<bpmn:startEvent id="asked"/>{nodes}{flows}</bpmn:process></bpmn:definitions>"""
TABLES = """
CREATE TABLE orders (id {key}, number TEXT NOT NULL UNIQUE, vendor TEXT NOT NULL,
  amount BIGINT NOT NULL, requester TEXT NOT NULL, status TEXT NOT NULL);
CREATE TABLE running (order_id BIGINT PRIMARY KEY, state TEXT NOT NULL);
CREATE TABLE tasks (id {key}, order_id BIGINT NOT NULL, approver TEXT NOT NULL,
  status TEXT NOT NULL, done_at TEXT);
CREATE INDEX tasks_of_order ON tasks (order_id);
CREATE INDEX tasks_of_approver ON tasks (approver, status);
CREATE TABLE history (id {key}, order_id BIGINT NOT NULL, kind TEXT NOT NULL,
  at TEXT NOT NULL, actor TEXT NOT NULL, facts TEXT NOT NULL);
CREATE INDEX history_of_order ON history (order_id);
CREATE TABLE to_tell (id {key}, order_id BIGINT NOT NULL, person TEXT NOT NULL,
  message TEXT NOT NULL, at TEXT NOT NULL, sent_at TEXT)"""


def definition() -> str:
    steps = ["asked", *APPROVERS, "released"]
    nodes = [NODE.format(kind="userTask", id=approver) for approver in APPROVERS]
    nodes.append(NODE.format(kind="endEvent", id="released"))
    flows = [FLOW.format(start=a, end=b) for a, b in pairwise(steps)]
    return DEFINITION.format(nodes="".join(nodes), flows="".join(flows))


class Spiff:
    versions = f"SpiffWorkflow {version('SpiffWorkflow')}"

    def set_up(self, url: str, synchronous: str) -> None:
        self.sqlite = url.startswith("sqlite")
        self.connection = self._connected(url, synchronous)
        key = "INTEGER PRIMARY KEY" if self.sqlite else "BIGSERIAL PRIMARY KEY"
        for table in TABLES.format(key=key).split(";"):
            self.connection.execute(table)
        parser = BpmnParser()
        with tempfile.TemporaryDirectory() as folder:
            path = Path(folder) / "approval.bpmn"
            path.write_text(definition())
            parser.add_bpmn_file(str(path))
        self.spec = parser.get_spec("approval")
        self.serializer = BpmnWorkflowSerializer(BpmnWorkflowSerializer.configure())
        self.shared: Any = None  # the definition as the serializer writes it

    def take_in(self, numbers: list[str]) -> None:
        row = (VENDOR, AMOUNT, REQUESTER, "open")
        self._begin()
        for number in numbers:
            self._sql(
                "INSERT INTO orders (number, vendor, amount, requester, status)"
                " VALUES (?, ?, ?, ?, ?)",
                (number, *row),
            )
        self._commit()

    def send(self, number: str) -> None:
        self._begin()
        order, amount, requester, status = self._order(number)
        if (requester, status) != (REQUESTER, "open"):
            raise RuntimeError(number)
        workflow = BpmnWorkflow(self.spec)
        workflow.data.update(order=order, amount=int(amount))
        workflow.do_engine_steps()
        self._sql("UPDATE orders SET status = 'pending' WHERE id = ?", (order,))
        self._sql("INSERT INTO running VALUES (?, ?)", (order, self._dump(workflow)))
        self._remember(order, "sent", REQUESTER, number, amount)
        self._go_on(workflow, order, requester)
        self._commit()

    def approve(self, number: str, approver: str) -> None:
        self._begin()
        order, amount, requester, _status = self._order(number)
        task_id, asked = self._sql(
            "SELECT id, approver FROM tasks WHERE order_id = ? AND status = 'open'", (order,)
        ).fetchone()
        state = self._sql("SELECT state FROM running WHERE order_id = ?", (order,)).fetchone()[0]
        workflow = self._load(state)
        task = self._ready(workflow)
        if not asked == task.task_spec.name == approver:
            raise RuntimeError(number)
        task.data["approved_by"] = approver
        task.run()
        workflow.do_engine_steps()
        self._sql("UPDATE tasks SET status = 'approved', done_at = ? WHERE id = ?", (AT, task_id))
        self._sql("UPDATE running SET state = ? WHERE order_id = ?", (self._dump(workflow), order))
        self._remember(order, "approved", approver, number, amount)
        self._go_on(workflow, order, requester)
        self._commit()

    def counts(self) -> tuple[int, int, int]:
        released, approvals, told = (
            self._sql(f"SELECT count(*) FROM {what}").fetchone()[0]
            for what in (
                "orders WHERE status = 'released'",
                "tasks WHERE status = 'approved'",
                "to_tell",
            )
        )
        return released, approvals, told

    # --- parts -----------------------------------------------------------------------------

    def _connected(self, url: str, synchronous: str) -> Any:
        if self.sqlite:
            connection = sqlite3.connect(url.removeprefix("sqlite:///"), isolation_level=None)
            connection.execute("PRAGMA journal_mode=WAL")
            connection.execute(f"PRAGMA synchronous={synchronous}")
            return connection
        import psycopg  # noqa: PLC0415 - not needed on SQLite

        parts = urlsplit(url)
        asked = parse_qs(parts.query)
        return psycopg.connect(
            host=asked["host"][0],
            port=asked["port"][0],
            user=parts.username,
            dbname=parts.path.lstrip("/"),
            autocommit=True,  # transactions begin and end where we say
        )

    def _begin(self) -> None:
        self.connection.execute("BEGIN IMMEDIATE" if self.sqlite else "BEGIN")

    def _commit(self) -> None:
        self.connection.execute("COMMIT")

    def _sql(self, statement: str, values: tuple[Any, ...] = ()) -> Any:
        return self.connection.execute(
            statement if self.sqlite else statement.replace("?", "%s"), values
        )

    def _order(self, number: str) -> Any:
        """Locked, as everybody who decides on it does."""
        lock = "" if self.sqlite else " FOR UPDATE"
        wanted = "SELECT id, amount, requester, status FROM orders WHERE number = ?"
        return self._sql(wanted + lock, (number,)).fetchone()

    def _remember(self, order: int, kind: str, actor: str, number: str, amount: int) -> None:
        facts = json.dumps({"number": number, "amount": int(amount), "vendor": VENDOR})
        self._sql(
            "INSERT INTO history (order_id, kind, at, actor, facts) VALUES (?, ?, ?, ?, ?)",
            (order, kind, AT, actor, facts),
        )

    def _go_on(self, workflow: BpmnWorkflow, order: int, requester: str) -> None:
        """Ask the next approver, or release."""
        task = self._ready(workflow)
        if task is None:
            self._sql("UPDATE orders SET status = 'released' WHERE id = ?", (order,))
            self._tell(order, requester, "released")
            return
        approver = task.task_spec.name
        self._sql(
            "INSERT INTO tasks (order_id, approver, status) VALUES (?, ?, 'open')",
            (order, approver),
        )
        self._tell(order, approver, "requested")

    def _tell(self, order: int, person: str, message: str) -> None:
        self._sql(
            "INSERT INTO to_tell (order_id, person, message, at) VALUES (?, ?, ?, ?)",
            (order, person, message, AT),
        )

    @staticmethod
    def _ready(workflow: BpmnWorkflow) -> Any:
        return next(iter(workflow.get_tasks(state=TaskState.READY, manual=True)), None)

    def _dump(self, workflow: BpmnWorkflow) -> str:
        plain = self.serializer.to_dict(workflow)
        self.shared = plain.pop("spec")
        return json.dumps(plain)

    def _load(self, state: str) -> BpmnWorkflow:
        return self.serializer.from_dict({**json.loads(state), "spec": self.shared})


SIDE = Spiff()
