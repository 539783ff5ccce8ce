"""Files people and other systems hand in, read into facts or refused with one clear line."""
