"""The best selection of groups, with a proof: numbers in, numbers out.

In: a `ReducedProblem` and the baseline. Out: a solver that stays at hand, and from it `ProvenSolution`s: the
chosen groups, the objective and a bound that no selection can exceed.

The order: `groups.py`, `enumeration.py` (all groups), `balance.py`, `decided_tables.py`, `instance.py` (the
choice as numbers), `cut.py`, `master_layout.py` and `master_problem.py` (the linear relaxation in HiGHS),
`incumbent.py`, `restriction.py`, `separation.py` (violated cuts), `pricing.py` (reduced costs), `diving.py`,
`branch_and_bound.py`, `mip.py`, `column_generation.py` (all of it together), `large/` (calls of thousands),
`solve.py` (which solver a problem gets).

Where do I go to …?

- change what is balanced: `balance.py`; what staying close to the version before is worth:
`decided_tables.py` - change how ties are broken: `instance.py` - change an option of HiGHS:
`master_problem.py` - add a family of cuts: `separation.py` - change what is branched on:
`branch_and_bound.py` - change how many nodes are searched before HiGHS' own integer solver takes over:
`column_generation.py` - change what happens where groups are too many to hold: `large/` - read why it is done
so: `docs/decisions.md`, Proving the best twinnings
"""
