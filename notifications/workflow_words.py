"""What each setting of a workflow is called and is for; Dutch stands in the catalogue."""

from collections.abc import Mapping
from typing import Final

from notifications.translations import marked as N_  # noqa: N812 - as the extractor knows it
from notifications.user_words import Words

WORKFLOW_WORDS: Final[Mapping[str, Words]] = {
    "description": Words(N_("Description"), N_("What people call this workflow.")),
    "area": Words(N_("Area"), N_("Purchase or sales documents.")),
    "document_type": Words(N_("Document Type"), N_("The kind of document it is for.")),
    "kind": Words(N_("Kind"), N_("Whether people here approve, or an external flow answers.")),
    "approver_type": Words(N_("Approver Type"), N_("Where the approvers come from.")),
    "limit_type": Words(
        N_("Approver Limit Type"), N_("How far up it goes, and whether limits are compared.")
    ),
    "specific_approver": Words(
        N_("Approver User ID"), N_("Who is asked with the limit type Specific Approver.")
    ),
    "group": Words(
        N_("Workflow User Group"), N_("Who is asked with the approver type Workflow User Group.")
    ),
    "due": Words(
        N_("Due Date Formula"), N_("When an answer is due, for example 5D; empty: the same day.")
    ),
    "delegate_after": Words(
        N_("Delegate After"),
        N_("When the request goes on to the substitute, for example 2D; empty: never."),
    ),
    "credit_limit_check": Words(
        N_("Check the Credit Limit"),
        N_("Sales only: approval is needed over the customer's credit limit."),
    ),
    "response_user": Words(
        N_("Response User ID"), N_("Who may answer for the external flow; only for that kind.")
    ),
    "min_amount": Words(
        N_("From Amount"), N_("Only documents of this amount or more, without VAT; empty: all.")
    ),
    "max_amount": Words(
        N_("To Amount"), N_("Only documents up to this amount, without VAT; empty: all.")
    ),
    "currency": Words(N_("Currency Code"), N_("Only documents in this currency; empty: all.")),
    "counterparty_no": Words(
        N_("Vendor or Customer No."), N_("Only documents of this vendor or customer; empty: all.")
    ),
    "salesperson_purchaser_code": Words(
        N_("Salesperson/Purchaser Code"), N_("Only documents with this code; empty: all.")
    ),
    "line_type": Words(N_("Line Type"), N_("Only documents with such a line; empty: all.")),
    "item_no": Words(N_("Item No."), N_("Only documents with a line of this item; empty: all.")),
    "needs_lines": Words(N_("Needs Lines"), N_("A document without lines is not meant.")),
    "self_approval": Words(
        N_("Own Approval"), N_("Whether the requester's own limit counts for his request.")
    ),
    "delegation_to_requester": Words(
        N_("Delegation to the Requester"),
        N_("Whether a request may land on the requester or an editor of the document."),
    ),
    "clock": Words(N_("Due Date Starts"), N_("When the time of a later approver begins.")),
    "reject_reason": Words(
        N_("Reason for Rejecting"), N_("Whether rejecting needs a reason in words.")
    ),
    "admin_reason": Words(
        N_("Reason of Administrators"),
        N_("Whether deciding in somebody else's place needs a reason in words."),
    ),
    "one_approval_per_person": Words(
        N_("One Approval per Person"), N_("Nobody approves the same document in two steps.")
    ),
    "change_while_pending": Words(
        N_("Changes while Pending"), N_("What changing the document does while a request waits.")
    ),
    "reapproval": Words(
        N_("Approval after Reopening"), N_("When a reopened document needs approval again.")
    ),
    "reminders": Words(
        N_("Reminders"),
        N_(
            "Working days before (-) and after the due date, such as -1,0,1,3,7; daily once it is"
            " late; or off."
        ),
    ),
    "escalation": Words(
        N_("Escalation"),
        N_("Working days past the due date, such as 2, until those above hear of it; or off."),
    ),
    "notices": Words(N_("Notices to the Requester"), N_("What the requester is told.")),
    "stage_rule": Words(
        N_("Approvals per Stage"),
        N_("How many of those asked together have to agree: all, any, or a number."),
    ),
    "delete_pending": Words(
        N_("Deleting while Pending"), N_("What deleting the document does to its request.")
    ),
    "before_release": Words(
        N_("Mail before Release"), N_("Whether a document may leave before it is released.")
    ),
    "amount_basis": Words(
        N_("Amount Compared"), N_("Which amount is compared with the approvers' limits.")
    ),
    "authority_check": Words(
        N_("Limits Checked"), N_("When the approvers' limits are compared with the amount.")
    ),
    "negative_amounts": Words(
        N_("Negative Amounts"), N_("How a negative amount is compared with a limit.")
    ),
    "condition_amounts": Words(
        N_("Amounts in Conditions"),
        N_("In which currency From Amount and To Amount are, where no Currency Code is given."),
    ),
    "unknown_customer": Words(
        N_("Unknown Customers"), N_("What is done when nobody set up the customer's credit limit.")
    ),
    "notify_sender_on_reject": Words(
        N_("Tell of Rejection"), N_("The requester is mailed when a request is rejected.")
    ),
    "email_on_release": Words(
        N_("Mail on Release"), N_("The vendor or customer gets the document once it is released.")
    ),
    "attach_pdf": Words(N_("Attach PDF"), N_("The request for approval carries the document.")),
}

CHOICES: Final[Mapping[str, str]] = {
    "purchase": N_("Purchase"),
    "sales": N_("Sales"),
    "approval": N_("Approval"),
    "external": N_("External flow"),
    "salesperson_purchaser": N_("Salesperson/Purchaser"),
    "approver": N_("Approver"),
    "user_group": N_("Workflow User Group"),
    "chain": N_("Approver Chain"),
    "direct": N_("Direct Approver"),
    "first_qualified": N_("First Qualified Approver"),
    "specific": N_("Specific Approver"),
    "within_limit": N_("Within the own limit"),
    "never": N_("Never"),
    "as_bc": N_("As Business Central does"),
    "refuse": N_("Refused"),
    "allow": N_("Allowed"),
    "stage": N_("When he is asked"),
    "sent": N_("When the request is sent"),
    "required": N_("Required"),
    "optional": N_("Optional"),
    "void": N_("Ends the request"),
    "all": N_("Always"),
    "if_changed": N_("When it was changed"),
    "if_increased": N_("When it was changed, save for a lower amount"),
    "rejection_only": N_("Rejections only"),
    "outcomes": N_("Every outcome"),
    "every_step": N_("Every step"),
    "cancel": N_("Cancels it and tells the approvers"),
    "silent": N_("Ends it without a word"),
    "excluding_vat": N_("Excluding VAT"),
    "including_vat": N_("Including VAT"),
    "at_decision": N_("When sent, and at the last approval"),
    "at_send": N_("When sent"),
    "absolute": N_("Without its sign"),
    "local": N_("In local currency"),
}
