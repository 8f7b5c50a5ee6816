"""Points per criterion, from evaluators where there are enough, and the ranking (FAQ 3.5)."""
