"""The cross-check of one round: which names are looked up, what decisions change, and the tables that follow.

In go the canonical inputs of a round (submissions, both registers, collaborations, decisions in force) and
the gazetteer; out come the tables CROSSCHECK, CITIES, NAMED_PARTNERS, COOPERATIONS and findings. `step.py`
calls the modules in this order.

The order of the files: `queries` (which name is looked up in which register), `link_overrides` (what human
decisions say of links), `registers` (the table CROSSCHECK), `cities` (the city each submission speaks for),
`resolver` (a city as somebody named it to a city id), `mentions` (preferred partners and earlier
cooperation).

Where do I go to ...?
- change how a consortium is looked up: `queries.py`
- change what a decision `link` or `no_link` does, or when it cannot be applied: `link_overrides.py`,
  `registers.py`
- change what the cohort's own note of a GCoM id counts: `registers.py`
- change where a city's id, name, position or time zone comes from: `cities.py`
- change how a preferred partner is recognised: `resolver.py`
- change when an earlier cooperation counts as funded: `mentions.py`
"""
