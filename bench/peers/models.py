"""The tables of the application around a peer that is a Django library."""

from django.contrib.auth import get_user_model
from django.db import models

from bench.peers.playing import AMOUNT, REQUESTER, VENDOR

User = get_user_model()
OPEN, PENDING, RELEASED = "open", "pending", "released"


class Order(models.Model):
    number = models.CharField(max_length=20, unique=True)
    vendor = models.CharField(max_length=50)
    amount = models.DecimalField(max_digits=12, decimal_places=2)
    requester = models.ForeignKey(User, models.PROTECT)
    status = models.CharField(max_length=10, default=OPEN)


class ToTell(models.Model):
    """Somebody who is to get a mail, as our events with readers are."""

    order = models.ForeignKey(Order, models.CASCADE)
    user = models.ForeignKey(User, models.PROTECT)
    message = models.CharField(max_length=20)
    at = models.DateTimeField(auto_now_add=True)
    sent_at = models.DateTimeField(null=True)


def take_in(numbers: list[str]) -> None:
    requester = User.objects.get(username=REQUESTER)
    Order.objects.bulk_create(
        Order(number=number, vendor=VENDOR, amount=AMOUNT, requester=requester)
        for number in numbers
    )


def tell(order_id: int, user_id: int, message: str) -> None:
    ToTell.objects.create(order_id=order_id, user_id=user_id, message=message)


def move(order_id: int, before: str, after: str) -> None:
    """From one status to another, if nobody did it meanwhile."""
    moved = Order.objects.filter(pk=order_id, status=before).update(status=after)
    if moved != 1:
        raise RuntimeError(order_id)


def released_and_told() -> tuple[int, int]:
    return Order.objects.filter(status=RELEASED).count(), ToTell.objects.count()
