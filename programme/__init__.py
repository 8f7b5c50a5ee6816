"""What the programme decided, as data: rounds, topics, form, eligibility limits, rubric, linking and
matchmaking weights.

Each subject is a pair of files: `NAME.toml` holds the values, each with a comment that says why and from
where; `NAME.py` holds the frozen model that reads it and refuses what it does not know. `programme.py` reads
them all at once.

Where do I go to…?
- change a deadline, a capacity or a round: `rounds.toml`
- change a topic or its wording: `topics.toml`
- change what the form asks, or a heading a form tool exports: `form.toml`
- change a limit of eligibility: `eligibility.toml`
- change the criteria, their weights or points: `rubric.toml`
- change how names are linked to the registers: `linking.toml`
- change what makes a good twinning: `matchmaking.toml`
- change how many rows a source should bring: `expectations.toml`
- make a spelling of a country known: `countries/other_names.toml`
"""
