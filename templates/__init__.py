"""The words people read: one folder per email message."""
