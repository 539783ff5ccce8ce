"""Why the approval user setup cannot be changed so."""

from workflow.errors.base import WorkflowError


class SelfApprover(WorkflowError):
    code = "SELF_APPROVER"
    template = "Approver ID must not be {}."


class SelfSubstitute(WorkflowError):
    code = "SELF_SUBSTITUTE"
    template = "Substitute must not be {}."


class LimitAndUnlimited(WorkflowError):
    code = "LIMIT_AND_UNLIMITED"
    template = "You cannot have both a {} and {}."


class LimitNegative(WorkflowError):
    code = "LIMIT_NEGATIVE"
    template = "You cannot have approval limits less than zero."


class PhoneWithLetters(WorkflowError):
    code = "PHONE_LETTERS"
    template = "Phone No. must not contain letters: {}."


class SalespersonPurchaserCodeTaken(WorkflowError):
    code = "PERSON_CODE_TAKEN"
    template = "The {} Salesperson/Purchaser code is already assigned to another User ID {}."


class UserExists(WorkflowError):
    code = "USER_EXISTS"
    template = "There already is a user {}."


class UserIsAsked(WorkflowError):
    code = "USER_IS_ASKED"
    template = "{} is asked to approve {}."
    advice = "Delegate or cancel that first; or `countersign users remove {} --anyway`."


class OwnAuthority(WorkflowError):
    code = "OWN_AUTHORITY"
    template = "{} cannot raise the authority of {}: a second person has to do it."
