"""Calls of thousands, whose groups are too many to hold: they are enumerated under prices as they are needed.

In: a `ReducedProblem` and its topic tables. Out: the same as from `ColumnGeneration`, whose place `LargeCall`
takes; nothing else of the solver knows the difference.

The order: `partial_groups.py` (what is held from the start), `priced_enumeration.py` (the groups worth more
than their prices), `large_call.py` (the solver).

Where do I go to …?

- change from how many groups on a call is large, or which gap is good enough: `large_call.py`
- change which groups are looked at under prices: `priced_enumeration.py`
"""
