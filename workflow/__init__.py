"""What may happen to a purchase or sales document, and who has to agree. No I/O."""
