"""The step `crosscheck`: links applications, and the cities that they name, to the registers.

In go the canonical inputs of a round, the decisions in force, the rules of linking (`programme/linking.toml`)
and the gazetteer. Out come five tables (`step.Crosschecked`): the links of each application to the UTM City
Cohort and the GCoM list with their evidence, the city each application speaks for, its preferred partners and
earlier cooperation as city ids, and findings.

The order of the packages: `names` (text), `gazetteer` (all places), `linkage` (names to the rows of one
register), `round` (one round's tables), `step` (all of it in order). Each knows only those before it. Nothing
here touches a file: `flows/caches.py` keeps the gazetteer and the indexes between runs.

Where do I go to ...?
- see the whole step: `step.py`
- change a threshold, points or administrative words: `programme/linking.toml`
- change how names are cleaned, folded, taken apart: `names/`
- change which place a name means, positions, time zones: `gazetteer/`
- change which row a name is linked to, and the evidence: `linkage/`
- change what a round looks up, or what a human decision on a link does: `round/`
- measure accuracy and speed: `make bench-crosscheck`, `make bench-crosscheck-unseen`, `make bench-namesakes`
"""
