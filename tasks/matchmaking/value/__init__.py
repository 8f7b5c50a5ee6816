"""What is known of the applicants, what a twinning of them is worth, and which may be formed at all.

In: the tables of a `MatchingProblem`. Out: `Facts`; the value of one group aspect by aspect, with reasons;
and the same for all pairs of a topic as arrays. Values are whole steps of 1/64 point, so they are exact and
the same on every machine.

The order: `arrays.py` (types), `broken_rule.py`, `contexts.py` (classes of the balance), `facts.py`,
`twinning.py`, `aspects/`, `minimum_worth.py`, `hard_rules.py`, `topic_table.py`.

Where do I go to …?

- add a fact about an applicant: `facts.py`
- change the points or the words of an aspect: its file in `aspects/`
- change a hard rule, in both its forms: `hard_rules.py`, `minimum_worth.py`
- change in which class of the balance a city counts: `contexts.py`
- see how the array forms add up to the value of a group: `topic_table.py`
- see how a twinning's id is made: `twinning.py`
"""
