"""How documents, approvals, setup and emails are stored."""
