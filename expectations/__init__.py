"""What data must look like: one Great Expectations suite a table, the one adapter to that library, findings out."""
