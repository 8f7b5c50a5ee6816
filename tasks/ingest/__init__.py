"""From a file of any usual kind to typed, counted rows."""
