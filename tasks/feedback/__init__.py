"""Learning from twinnings: what cities said of the sessions, and which aspects went with good twinnings.

In come the feedback of one or more rounds, as read, and the tables of the versions that its twinnings are of.
Out come `feedback_answers` (whose answer each row is), means of groups of at least three cities, and
`feedback_aspects` (rank correlations with intervals, or that there are too few). Nothing is published.

The order: `answers.py` (which member a row is of, and which rows count), `correlation.py` (Kendall's tau-b
and its interval), `learned.py` (groups, aspects, and words).

Where do I go to ...?

- change whom a row is of, or what of several answers counts: `answers.py`
- change the interval, or how many twinnings are needed: `correlation.py`
- change what a good twinning is, or which groups are shown: `learned.py`
"""
