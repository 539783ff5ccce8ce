"""How one request stands for whoever opens its page: what he did, how it ended, who has it now."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from notifications.readers import Reader
from workflow.documents import Document
from workflow.events import (
    ApprovalNoLongerNeeded,
    DocumentChanged,
    DocumentConverted,
    DocumentDeleted,
    DocumentEvent,
    DocumentPosted,
    DocumentReleased,
    DocumentRetired,
    RequestApproved,
    RequestCanceled,
    RequestDelegated,
    RequestRejected,
)
from workflow.statuses import EntryStatus

Gone = DocumentPosted | DocumentConverted | DocumentDeleted | DocumentRetired


@dataclass(frozen=True)
class Standing:
    """The events of one request, as *user* sees them."""

    events: Sequence[DocumentEvent]
    user: str
    reader: Reader

    def sentences(self, document: Document | None, run_no: int) -> tuple[str, ...]:
        """The person's own part first; *document* is None when it is gone."""
        own = list(self._own_part())
        ends = list(self._end())
        waits = [] if ends or document is None else list(self._now(document, run_no))
        return (*own, *ends, *waits, *self._gone())

    @property
    def decided(self) -> bool:
        """Whether the person answered this request."""
        decisions = (RequestApproved, RequestRejected)
        return any(isinstance(e, decisions) and e.actor == self.user for e in self.events)

    def _own_part(self) -> Iterator[str]:
        _ = self.reader.gettext
        for event in self.events:
            match event:
                case RequestApproved() if event.actor == self.user:
                    yield self._when(_("You approved this on {moment}."), event)
                case RequestRejected() if event.actor == self.user:
                    yield self._when(_("You rejected this on {moment}."), event)
                case RequestDelegated() if event.from_approver == self.user:
                    person = self.reader.name_of(event.entry.approver)
                    sentence = _("The request went from you to {person} on {moment}.")
                    yield self._when(sentence, event, person)
                case ApprovalNoLongerNeeded() if event.entry.approver == self.user:
                    sentence = _("{person} decided on {moment}. You need not do anything.")
                    yield self._when(sentence, event, self.reader.name_of(event.actor))

    def _end(self) -> Iterator[str]:
        _ = self.reader.gettext
        for event in self.events:
            person = self.reader.name_of(event.actor)
            match event:
                case RequestRejected() if event.actor == self.user:
                    yield _("The document is open again, and the requester can change it.")
                case RequestRejected():
                    yield self._when(_("{person} rejected it on {moment}."), event, person)
                case RequestCanceled():
                    sentence = _("{person} withdrew the request on {moment}.")
                    yield self._when(sentence, event, person)
                case DocumentChanged(voided=True):
                    sentence = _(
                        "{person} changed the document on {moment}, so the request has ended."
                    )
                    yield self._when(sentence, event, person)
                case DocumentReleased():
                    yield self._when(_("The document was released on {moment}."), event)

    def _now(self, document: Document, run_no: int) -> Iterator[str]:
        run = document.pending_run
        if run is None or run.run_no != run_no:
            return
        _ = self.reader.gettext
        waiting = [entry.approver for entry in run.entries if entry.is_open]
        created = run.with_status(EntryStatus.CREATED)
        if run.external:
            yield _("An external flow decides.")
        elif waiting and self.user not in waiting:
            names = self.reader.formats.names([self.reader.name_of(user) for user in waiting])
            yield _("The answer of {names} is awaited.").format(names=names)
            if self.user in {entry.approver for entry in created}:
                yield _("Your turn comes after that; you will get an email.")

    def _gone(self) -> Iterator[str]:
        _ = self.reader.gettext
        for event in self.events:
            person = self.reader.name_of(event.actor)
            match event:
                case DocumentPosted():
                    yield self._when(_("{person} posted the document on {moment}."), event, person)
                case DocumentConverted():
                    sentence = _("{person} made another document of it on {moment}.")
                    yield self._when(sentence, event, person)
                case DocumentDeleted():
                    sentence = _("{person} deleted the document on {moment}.")
                    yield self._when(sentence, event, person)
                case DocumentRetired():
                    sentence = _("The document went to the archive on {moment}.")
                    yield self._when(sentence, event)

    def _when(self, sentence: str, event: DocumentEvent, person: str = "") -> str:
        return sentence.format(moment=self.reader.formats.moment(event.at), person=person)
