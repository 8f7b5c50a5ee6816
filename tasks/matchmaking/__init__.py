"""The best selection of twinnings under the programme's capacities (FAQ 3.6)."""
