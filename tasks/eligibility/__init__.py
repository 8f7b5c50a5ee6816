"""Which form counts, and whether its city may take part (FAQ 3.2, 3.3)."""
