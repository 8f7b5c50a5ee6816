"""The certificate: why no selection is better, in statements that a stranger can check (docs/certificate.md).

In: a `Choice`. Out: the tables `matching_facts` and `certificate`. The checker is not here: it knows nothing
of this package and of the solver (`warehouse/snapshots/certificate.py`).

The order: `premises.py` (what the matching went by), `counting.py` (what a row counts of each group),
`relaxation.py` (prices, and what they prove), `tree.py` (the selections shared out), `certify.py` (all of it,
as statements).

Where do I go to …?

- publish a fact that an aspect or a hard rule needs: `premises.py`, and in the checker
  `warehouse/snapshots/matching_worth.py`
- change how long the tree may grow: `certify.py`
- change what is branched on: `tree.py`
"""
