"""The best selection of twinnings under the programme's capacity, with a proof and explanations (FAQ 3.6).

In: a `MatchingProblem` (candidates, preferences, earlier cooperations, decisions in force, remaining
capacity, rules, and the twinnings of the version before). Out: a `MatchingResult` (twinnings with their
aspects, who is unplaced and why, findings, the proof, and the working tables that explain the selection).

The order; each imports only what stands before it:

1. `problem.py`: the shapes of question and answer. `problem_json.py` keeps a question as text;
   `candidate_pool.py` and `constraints.py` make its parts from the tables of the steps before.
2. `value/`: facts about applicants, aspects, hard rules, and both for all pairs at once.
3. `feasibility/`: whether people's decisions can hold together, and the problem they leave.
4. `solver/`: groups, master problem, column generation, branch and bound.
5. `tables.py` and `choice.py`: the chosen selection as tables, with its proof.
6. `explain/`: sensitivity, robustness, regret, what-if.
7. `certificate/`: why no selection is better, for a stranger to check.
8. `verify.py`: an independent judgement of the finished tables; it knows `problem.py` and `value/` alone.
9. `step.py`: the whole, in order.

Where do I go to …?

- change a weight: `programme/matchmaking.toml`
- see or change what a twinning's value is made of: `value/aspects/`, one file an aspect
- add an aspect: `value/aspects/__init__.py` says how
- change what no twinning may break: `value/hard_rules.py`; what it must bring at least:
  `value/minimum_worth.py`
- change what is balanced: `value/contexts.py` (the classes), `solver/balance.py` (how many of each)
- add a kind of decision about the matching: `constraints.py`, then `feasibility/reduced_problem.py` and
  `verify.py`
- see why decisions cannot hold together: `feasibility/infeasibility.py`
- change who takes part or how much is left to give: `candidate_pool.py`; the line about it: `capacity.py`
- change what a confirmed twinning does that lost a city: `constraints.py`, `feasibility/reduced_problem.py`
- find out why solving is slow or what is proven: `solver/__init__.py`
- change the reason or the regret of an unplaced application: `explain/unplaced.py`
"""
