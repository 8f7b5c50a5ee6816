"""What a selection is explained by: sensitivity, robustness, regret, and what would change if.

In: a `Choice`, whose solver is at hand to be asked again under restrictions. Out: the tables `unplaced`,
`preferences` and `twinning_sensitivity`, and the `Difference` that a what-if question makes.

The order: `robustness.py`, `losses.py` (what the selection would lose, within a limit of work),
`removed_partners.py`, `unplaced.py`, `preferred_partners.py`, `part_f.py`, `sensitivity.py`,
`insisted_pins.py` (pins below the minimum worth), `what_if.py`. Asked for apart from a run, because they
take longer (tables ALTERNATIVES, SUFFICIENT and REPAIRS): `near_equal.py` (plans nearly as good),
`alternatives.py`, `sufficient.py` and `sufficient_change.py` (what would have been enough), `repairs.py`
(what happens if a city leaves), `blocking.py` (groups that would rather be together), `stable_selection.py`
(a selection without any), `weights.py` (how far a weight can move).

Where do I go to …?

- change how weights and scores are moved in the scenarios: `robustness.py`
- change the reason or the regret of an unplaced application: `unplaced.py`; the words for a rule:
  `removed_partners.py`
- change what is said about a preferred partner: `preferred_partners.py` (both take part), `part_f.py`
- change how much is worked out exactly: `[limits]` of `programme/matchmaking.toml`
- change the margin or the runner-up of a twinning: `sensitivity.py`
- add something that can be asked: `what_if.py`
"""
