"""The aspects of a twinning's value (FAQ 3.5 to 3.7), one file each.

Each file holds an aspect's points and reason for one city, pair or group in plain Python, and its points for
all of them at once as an integer array. A test compares the two forms for random applicants.

The order: `definition.py` (the three shapes of an aspect, and what follows from the shape: the value of a
group and the column of many groups that the robustness scenarios move), one file an aspect, `registry.py`
(the list).

Where do I go to add an aspect?

1. Its name: `Aspect` in `programme/vocabulary.py`. This adds the column `aspect_NAME` of the table
`twinnings`. 2. Its weights: a class in `programme/matchmaking.py`, a section with the reason in
`programme/matchmaking.toml`. 3. Its file here: a `CityAspect` (points of each city by itself, as in
`topical.py`) or a `PairAspect` (points of
   two cities together, as in `hours.py`).
4. One line in `registry.py`, at the aspect's place in the vocabulary.
5. Its cases in `tests/tasks/matchmaking/test_aspects.py`.
"""
