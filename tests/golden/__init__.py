"""Published content that may not change by accident."""
