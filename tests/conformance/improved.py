"""Our outcome for each quirk of the field where it is deliberately not Business Central's.

A case that carries one of these numbers and comes out differently is reported as improved; a
case without a number, or with one that is not here, has to match. The full account, with what
happens instead, is docs/quirks.md, and a test holds the two together.
"""

IMPROVED = {
    "Q1": "a stage is complete when all its approvers agreed; only then the next one opens",
    "Q3": "a rejected document is restricted only while its workflow is enabled",
    "Q4": "the delegation clock starts anew at each hand-over, three at most",
    "Q5": "one request without a target is reported and does not stop the delegation run",
    "Q6": "overdue is due before today everywhere, and there is one reminder a day",
    "Q8": "a recipient without a setup of his own gets the default, never the sender's",
    "Q18": "there may be any number of administrators",
    "Q22": "the right to cancel is checked by the workflow itself",
    "Q26": "the workflow is checked before an order waits for its prepayment",
}
