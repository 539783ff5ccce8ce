"""django-fsm-2: a status with transitions; approvers and history are the application's own."""

from typing import Any

from django.contrib.auth import get_user_model
from django.db import models, transaction
from django.utils import timezone
from django_fsm import RETURN_VALUE, FSMField, has_transition_perm, transition

from bench.peers.django_side import make_tables_and_people, versions_of
from bench.peers.models import OPEN, PENDING, RELEASED
from bench.peers.playing import AMOUNT, APPROVERS, REQUESTER, VENDOR

User = get_user_model()
PEOPLE: dict[str, Any] = {}


class Paper(models.Model):
    """An order whose status is a machine."""

    number = models.CharField(max_length=20, unique=True)
    vendor = models.CharField(max_length=50)
    amount = models.DecimalField(max_digits=12, decimal_places=2)
    requester = models.ForeignKey(User, models.PROTECT)
    status = FSMField(default=OPEN, protected=True)

    class Meta:
        app_label = "peers"

    def is_asked(self, user: Any) -> bool:
        self.asked = self.entries.filter(status="open").first()
        return self.asked is not None and self.asked.approver_id == user.pk

    def remember(self, kind: str, user: Any) -> None:
        facts = {"number": self.number, "amount": str(self.amount), "vendor": self.vendor}
        self.history.create(kind=kind, actor=user, facts=facts)

    def tell(self, user_id: int, message: str) -> None:
        self.told.create(user_id=user_id, message=message)

    @transition(field=status, source=OPEN, target=PENDING)
    def send(self, approvers: list[Any]) -> None:
        Entry.objects.bulk_create(
            Entry(paper=self, place=place, approver=user, status="created" if place else "open")
            for place, user in enumerate(approvers)
        )
        self.remember("sent", self.requester)
        self.tell(approvers[0].pk, "requested")

    @transition(
        field=status,
        source=PENDING,
        target=RETURN_VALUE(PENDING, RELEASED),
        permission=lambda paper, user: paper.is_asked(user),
    )
    def approve(self, user: Any) -> str:
        self.asked.status, self.asked.done_at = "approved", timezone.now()
        self.asked.save(update_fields=["status", "done_at"])
        self.remember("approved", user)
        following = self.entries.filter(place=self.asked.place + 1).first()
        if following is None:
            self.tell(self.requester_id, "released")
            return RELEASED
        following.status = "open"
        following.save(update_fields=["status"])
        self.tell(following.approver_id, "requested")
        return PENDING


class Entry(models.Model):
    paper = models.ForeignKey(Paper, models.CASCADE, related_name="entries")
    place = models.IntegerField()
    approver = models.ForeignKey(User, models.PROTECT)
    status = models.CharField(max_length=10)
    done_at = models.DateTimeField(null=True)

    class Meta:
        app_label = "peers"
        indexes = (models.Index(fields=["approver", "status"]),)


class History(models.Model):
    paper = models.ForeignKey(Paper, models.CASCADE, related_name="history")
    kind = models.CharField(max_length=20)
    at = models.DateTimeField(auto_now_add=True)
    actor = models.ForeignKey(User, models.PROTECT)
    facts = models.JSONField()

    class Meta:
        app_label = "peers"


class PaperToTell(models.Model):
    paper = models.ForeignKey(Paper, models.CASCADE, related_name="told")
    user = models.ForeignKey(User, models.PROTECT)
    message = models.CharField(max_length=20)
    at = models.DateTimeField(auto_now_add=True)
    sent_at = models.DateTimeField(null=True)

    class Meta:
        app_label = "peers"


class Fsm:
    versions = versions_of("django-fsm-2")

    def set_up(self, _url: str, _synchronous: str) -> None:
        PEOPLE.update(make_tables_and_people())

    def take_in(self, numbers: list[str]) -> None:
        requester = PEOPLE[REQUESTER]
        Paper.objects.bulk_create(
            Paper(number=number, vendor=VENDOR, amount=AMOUNT, requester=requester)
            for number in numbers
        )

    @transaction.atomic
    def send(self, number: str) -> None:
        paper = Paper.objects.select_for_update().get(number=number)
        if paper.requester_id != PEOPLE[REQUESTER].pk:
            raise RuntimeError(number)
        paper.send([PEOPLE[approver] for approver in APPROVERS])
        paper.save(update_fields=["status"])

    @transaction.atomic
    def approve(self, number: str, approver: str) -> None:
        paper = Paper.objects.select_for_update().get(number=number)
        if not has_transition_perm(paper.approve, PEOPLE[approver]):
            raise RuntimeError(number)
        paper.approve(PEOPLE[approver])
        paper.save(update_fields=["status"])

    def counts(self) -> tuple[int, int, int]:
        return (
            Paper.objects.filter(status=RELEASED).count(),
            Entry.objects.filter(status="approved").count(),
            PaperToTell.objects.count(),
        )


SIDE = Fsm()
