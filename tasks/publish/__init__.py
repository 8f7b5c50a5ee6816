"""What a version says: its tables and what changed against the parent."""
