"""The letter that both sides send: one template and one set of values, for Jinja and for Django.

It needs nothing but Python: the peer's side runs in an environment of its own.
"""

from typing import Any, Final

LINES: Final = 5
PEOPLE: Final = 25  # who ask, and who are asked: nobody gets so many letters that they are held

SUBJECT: Final = (
    "Approval requested: {{ event.document.title }} {{ event.document.counterparty }}"
    " ({{ event.document.amount }})"
)
TEXT: Final = """\
Dear {{ event.entry.approver }},

{{ event.requester }} asks you to approve {{ event.document.title }} for
{{ event.document.counterparty }}, total {{ event.document.amount }}.
Please decide by {{ event.entry.due }}.

{% for line in event.document.lines %}{{ line.quantity }} {{ line.description }}
{{ line.amount }}
{% endfor %}Answer this email with approve or reject.
"""
HTML: Final = """\
<!DOCTYPE html><html><head><title>Approval requested</title></head><body>
<p>Dear {{ event.entry.approver }},</p>
<p><b>{{ event.requester }}</b> asks you to approve <b>{{ event.document.title }}</b> for
{{ event.document.counterparty }}, total <b>{{ event.document.amount }}</b>.
Please decide by {{ event.entry.due }}.</p>
<table border="1" cellpadding="4"><tbody><tr><th>Quantity</th><th>Item</th><th>Amount</th></tr>
{% for line in event.document.lines %}<tr><td>{{ line.quantity }}</td>
<td>{{ line.description }}</td><td>{{ line.amount }}</td></tr>
{% endfor %}</tbody></table>
<p>Answer this email with approve or reject.</p>
</body></html>
"""


def number(i: int) -> str:
    return f"PO-{i:05}"


def requester(i: int) -> str:
    return f"ANN{i % PEOPLE}"


def approver(i: int) -> str:
    return f"BOB{i % PEOPLE}"


def vendor(i: int) -> str:
    return f"Vendor {i % 97}"


def price(i: int) -> int:
    return 100 + i % 5000


def values(i: int) -> dict[str, Any]:
    """What ours finds in the event of document *i*, for a template that is filled by hand."""
    line = {"quantity": "2", "amount": f"€{2 * price(i):,}.00"}
    return {
        "event": {
            "requester": requester(i),
            "entry": {"approver": approver(i), "due": "Monday, 2 March 2026"},
            "document": {
                "title": f"purchase order {number(i)}",
                "counterparty": vendor(i),
                "amount": f"€{2 * LINES * price(i):,}.00",
                "lines": [{**line, "description": f"Item {n}"} for n in range(1, LINES + 1)],
            },
        }
    }
