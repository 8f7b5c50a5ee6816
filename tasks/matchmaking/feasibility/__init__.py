"""Whether people's decisions can hold together, and the problem that they leave to be solved.

In: a `MatchingProblem` and the `Facts` about its applicants. Out: a `ReducedProblem` with the confirmed
twinnings, the free applicants, pins and forbids, what is left of the capacity, findings, and irreducible
infeasible subsets of the decisions.

The order: `infeasibility.py`, `reduced_problem.py`, `claims.py`.

Where do I go to …?

- change which decisions contradict each other, or how that is said: `infeasibility.py`
- change which claims to a place are given up, or how that is said: `claims.py`
- change what a withdrawal, a confirmation or a pin does to the problem: `reduced_problem.py`
"""
