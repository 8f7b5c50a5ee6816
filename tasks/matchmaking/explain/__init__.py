"""What a selection is explained by: sensitivity, robustness, regret, and what would change if.

In: a `Choice`, whose solver is at hand to be asked again under restrictions. Out: the tables `unplaced` and
`twinning_sensitivity`, and the `Difference` that a what-if question makes.

The order: `robustness.py`, `unplaced.py`, `sensitivity.py`, `what_if.py`.

Where do I go to …?

- change how weights and scores are moved in the scenarios: `robustness.py`
- change the reason or the regret of an unplaced application: `unplaced.py`
- change the margin or the runner-up of a twinning: `sensitivity.py`
- add something that can be asked: `what_if.py`
"""
