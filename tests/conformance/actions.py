"""The schema's actions, each carried out by the service's own functions."""

from datetime import datetime, time, timedelta
from zoneinfo import ZoneInfo

from conformance.queries import query
from conformance.world import limit, money
from workflow.errors import NoRequestToCancel
from workflow.external import ExternalAnswer
from workflow.schedules import MonthlyDate, NotificationSchedule, Recurrence, next_run
from workflow.service import deciding, handling, requesting, running, setting_up
from workflow.statuses import DocumentType

DOCUMENT_FIELD = {"vendor": "counterparty_no", "customer": "counterparty_no"}


class Actions:
    """Carries out one action and returns (events, returned value)."""

    def __init__(self, world, reads) -> None:
        self.world = world
        self.reads = reads

    def perform(self, step):
        actor = self.world.actor(step["by"], background=step.get("background", False))
        return getattr(self, f"do_{step['do']}")(step, actor)

    @property
    def uow(self):
        return self.world.uow

    def key(self, step):
        return self.world.key(step["doc"])

    # --- requesting ---

    def do_send(self, step, actor):
        send = requesting.send_approval_request
        if step.get("via") == "event":
            send = requesting.raise_approval_event
        return send(self.uow, self.key(step), actor).events, None

    def do_cancel(self, step, actor):
        try:
            outcome = requesting.cancel_approval_request(self.uow, self.key(step), actor)
        except NoRequestToCancel:
            return (), None  # BC's button is off then, and its raw event finds nothing to cancel
        return outcome.events, None

    # --- deciding ---

    def do_approve(self, step, actor):
        return self._decide(deciding.approve, step, actor)

    def do_reject(self, step, actor):
        return self._decide(deciding.reject, step, actor)

    def do_delegate(self, step, actor):
        return self._decide(deciding.delegate, step, actor)

    def _decide(self, decide, step, actor):
        outcome = decide(self.uow, self.key(step), actor, approver=step.get("entry"))
        return outcome.events, None

    def do_approve_many(self, step, actor):
        return self._decide_many(deciding.approve, step, actor)

    def do_reject_many(self, step, actor):
        return self._decide_many(deciding.reject, step, actor)

    def do_delegate_many(self, step, actor):
        return self._decide_many(deciding.delegate, step, actor)

    def _decide_many(self, decide, step, actor):
        def one(key):
            approver = deciding.approver_meant(self.uow, key, actor)
            return decide(self.uow, key, actor, approver=approver)

        keys = [self.world.key(number) for number in step["docs"]]
        outcomes = deciding.decide_many(self.uow, keys, one)
        return [event for outcome in outcomes for event in outcome.events], None

    def do_comment(self, step, actor):
        return deciding.comment(self.uow, self.key(step), actor, step["text"]).events, None

    def do_webhook(self, step, actor):
        answer = ExternalAnswer(step["answer"])
        return deciding.answer_external(self.uow, self.key(step), actor, answer).events, None

    # --- handling ---

    def do_release(self, step, actor):
        return handling.release(self.uow, self.key(step), actor).events, None

    def do_reopen(self, step, actor):
        return handling.reopen(self.uow, self.key(step), actor).events, None

    def do_post(self, step, actor):
        return handling.post(self.uow, self.key(step), actor).events, None

    def do_post_preview(self, step, _actor):
        handling.post_preview(self.uow, self.key(step))
        return (), None

    def do_make_order(self, step, actor):
        return self._convert(step, actor, DocumentType.ORDER)

    def do_make_invoice(self, step, actor):
        return self._convert(step, actor, DocumentType.INVOICE)

    def _convert(self, step, actor, document_type):
        number = step.get("new", f"{step['doc']}-NEW")
        outcome = handling.convert_quote(self.uow, self.key(step), actor, document_type, number)
        self.world.keys[number] = outcome.document
        return outcome.events, None

    def do_delete(self, step, actor):
        return handling.delete(self.uow, self.key(step), actor).events, None

    def do_print(self, step, _actor):
        handling.check_may_leave(self.uow, self.key(step))
        return (), None

    def do_edit(self, step, actor):
        field = DOCUMENT_FIELD.get(step["field"], step["field"])
        fields = {field: f"edited {self.world.ticks}"}
        if field == "due_date":
            fields = {field: self.world.today}
        if field == "currency":  # another currency needs the amount in local currency
            amount = self.world.document(step["doc"]).amount
            fields = {field: "XTS", "amount_lcy": amount, "amount_including_vat_lcy": amount}
        return handling.change_document(self.uow, self.key(step), actor, fields).events, None

    def do_change_amount(self, step, actor):
        amount = money(step["amount"])
        fields = {
            "amount": amount,
            "amount_including_vat": amount,
            "amount_lcy": money(step.get("amount_lcy", step["amount"])),
            "amount_including_vat_lcy": money(step.get("amount_lcy", step["amount"])),
        }
        return handling.change_document(self.uow, self.key(step), actor, fields).events, None

    def do_change_person(self, step, actor):
        change = handling.change_salesperson_purchaser
        return change(self.uow, self.key(step), actor, step["code"]).events, None

    # --- setting up ---

    def do_set_user(self, step, actor):
        field, value = step["field"], step["value"]
        names = {"person_code": "salesperson_purchaser_code", "admin": "administrator"}
        if field.endswith("_limit"):
            value = limit(value)
        elif field != "admin":
            value = "" if value is None else str(value)
        setting_up.set_user(self.uow, step["user"], {names.get(field, field): value}, actor)
        return (), None

    def do_remove_user(self, step, actor):
        setting_up.remove_user(self.uow, step["user"], actor, anyway=True)
        return (), None

    def do_set_workflow(self, step, actor):
        if "index" in step:
            chosen = [self.world.workflows[step["index"]]]
        else:
            chosen = [
                workflow
                for workflow in self.world.workflows
                if (workflow.area, workflow.document_type) == (step["area"], step["type"])
            ]
        change = setting_up.enable_workflow if step["enabled"] else setting_up.disable_workflow
        for workflow in chosen:
            change(self.uow, workflow.code, actor)
        return (), None

    # --- time ---

    def do_advance(self, step, _actor):
        self.world.today += timedelta(days=step["days"])
        return (), None

    def do_run_delegation(self, _step, actor):
        due = self.reads.due_for_delegation(self.world.today)
        return running.run_delegation(self.uow, due, actor).events, None

    def do_run_overdue(self, _step, actor):
        report = running.run_overdue(self.uow, self.reads.overdue(self.world.today), actor)
        return report.events, report.done

    def do_next_run(self, step, _actor):
        zone = ZoneInfo(step["schedule"].get("zone", "UTC"))
        at = _moment(step["at"]).replace(tzinfo=zone)
        moment = next_run(schedule_of(step["schedule"]), at, zone)
        return (), moment.astimezone(zone).strftime("%Y-%m-%dT%H:%M")

    def do_query(self, step, actor):
        return (), query(self.world, self.reads, step, actor)


def _moment(value):
    return value if isinstance(value, datetime) else datetime.fromisoformat(str(value))


def schedule_of(given):
    fields = {"recurrence": Recurrence(given["recurrence"])}
    if "time" in given:
        hour, minute = map(int, str(given["time"]).split(":")[:2])
        fields["time"] = time(hour, minute)
    if "weekdays" in given:
        fields["weekdays"] = frozenset(given["weekdays"])
    day = given.get("day")
    if isinstance(day, int):
        fields |= {"monthly": MonthlyDate.CUSTOM, "day_of_month": day}
    elif day is not None:
        fields["monthly"] = MonthlyDate(day)
    return NotificationSchedule(**fields)
