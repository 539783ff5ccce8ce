"""Ready-made workflows for the twelve document types and their credit-limit variants.

The codes and default settings are those of Business Central's templates (codeunit 1502).
"""

from dataclasses import dataclass

from workflow.definitions import WorkflowDefinition
from workflow.errors import WorkflowNotFound
from workflow.phrases import phrase as _
from workflow.statuses import ApproverLimitType, ApproverType, Area, DocumentType

_P, _S = Area.PURCHASE, Area.SALES
_D = DocumentType
_SP, _A, _G = (
    ApproverType.SALESPERSON_PURCHASER,
    ApproverType.APPROVER,
    ApproverType.USER_GROUP,
)
_CHAIN, _DIRECT = ApproverLimitType.CHAIN, ApproverLimitType.DIRECT


@dataclass(frozen=True, kw_only=True)
class WorkflowTemplate:
    """A workflow to start from; it cannot be enabled itself."""

    code: str
    description: str
    area: Area
    document_type: DocumentType
    approver_type: ApproverType
    limit_type: ApproverLimitType
    credit_limit_check: bool = False

    def workflow(self, code: str = "") -> WorkflowDefinition:
        """A workflow of one's own made from it."""
        return WorkflowDefinition(
            code=code or self.code.removeprefix("MS-"),
            description=self.description,
            area=self.area,
            document_type=self.document_type,
            approver_type=self.approver_type,
            limit_type=self.limit_type,
            credit_limit_check=self.credit_limit_check,
        )


def _template(  # noqa: PLR0913  a row of the table below
    code: str,
    area: Area,
    document_type: DocumentType,
    approver_type: ApproverType,
    limit_type: ApproverLimitType = _CHAIN,
    *,
    credit: bool = False,
) -> WorkflowTemplate:
    what = f"{area.title()} {document_type.replace('_', ' ')} approval"
    return WorkflowTemplate(
        code=code,
        description=f"{what}, over the credit limit" if credit else what,
        area=area,
        document_type=document_type,
        approver_type=approver_type,
        limit_type=limit_type,
        credit_limit_check=credit,
    )


TEMPLATES = (
    _template("MS-PQAPW", _P, _D.QUOTE, _A),
    _template("MS-POAPW", _P, _D.ORDER, _A),
    _template("MS-PIAPW", _P, _D.INVOICE, _SP, _DIRECT),
    _template("MS-PCMAPW", _P, _D.CREDIT_MEMO, _SP, _DIRECT),
    _template("MS-BPOAPW", _P, _D.BLANKET_ORDER, _G),
    _template("MS-PROAPW", _P, _D.RETURN_ORDER, _SP, _DIRECT),
    _template("MS-SQAPW", _S, _D.QUOTE, _SP, _DIRECT),
    _template("MS-SOAPW", _S, _D.ORDER, _SP),
    _template("MS-SIAPW", _S, _D.INVOICE, _SP, _DIRECT),
    _template("MS-SCMAPW", _S, _D.CREDIT_MEMO, _SP, _DIRECT),
    _template("MS-BSOAPW", _S, _D.BLANKET_ORDER, _G),
    _template("MS-SROAPW", _S, _D.RETURN_ORDER, _SP, _DIRECT),
    _template("MS-SQCLAPW", _S, _D.QUOTE, _SP, _DIRECT, credit=True),
    _template("MS-SOCLAPW", _S, _D.ORDER, _SP, credit=True),
    _template("MS-SICLAPW", _S, _D.INVOICE, _SP, _DIRECT, credit=True),
    _template("MS-SCMCLAPW", _S, _D.CREDIT_MEMO, _SP, _DIRECT, credit=True),
    _template("MS-BSOCLAPW", _S, _D.BLANKET_ORDER, _G, credit=True),
    _template("MS-SROCLAPW", _S, _D.RETURN_ORDER, _SP, _DIRECT, credit=True),
)

OVERDUE_TEMPLATE = "MS-OVERDUE"  # no approval of its own: a switch of the company


def template(code: str) -> WorkflowTemplate:
    """Raises WorkflowNotFound."""
    for candidate in TEMPLATES:
        if code.upper() in {candidate.code, candidate.code.removeprefix("MS-")}:
            return candidate
    raise WorkflowNotFound(code, advice=_("`countersign workflows templates` lists the templates."))
