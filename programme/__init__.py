"""What the programme decided, as data: rounds, topics, form, limits, rubric, linking, matchmaking weights.

In comes a folder of TOML files; out comes one frozen `Programme`, or every mistake of all files at once. Each
subject is a pair of files: `NAME.toml` holds the values, each with a comment that says why and from where;
`NAME.py` holds the frozen model that reads them and refuses what it does not know. The order of the files:

1. `problems.py`: how a user's mistake is reported, everywhere in the program;
2. `vocabulary.py`: the fixed words (outcomes, statuses, states, kinds), and what follows from them alone;
3. `rules.py`: how a TOML file becomes a model;
4. the subjects, in any order: `rounds.py`, `topics.py`, `regions.py`, `form.py`, `eligibility.py` and so on;
5. `programme.py`: all subjects at once, and the fingerprint of their values.

`counts.py` is below all: a number with its noun, for every message.
`watch.py` stands beside them: what is expected of every round; no result rests on it.
`climate/` is a map and not a rule: the climate class of a position.

Where do I go to…?
- change a deadline, a capacity or a round: `rounds.toml`
- change a topic or its wording: `topics.toml`
- change what the form asks, or a heading a form tool exports: `form.toml`, or a file of its own in `profiles`
- change a limit of eligibility: `eligibility.toml`
- change the criteria, their weights or points: `rubric.toml`
- change how names are linked to the registers: `linking.toml`
- change what makes a good twinning: `matchmaking.toml`
- change how many rows a source should bring: `expectations.toml`
- change who may do what at the desk, or the reasons it offers: `desk.toml`
- change how a clause of the FAQ is told: `docs/faq-clauses.md`, then `clauses.toml`
- change the words of an early scan's letter, the sender, or subjects: `letters.toml`
- change what a letter about a result says: its template in `letters/`
- change whose later form replaces whose earlier one, or add a public mail provider: `senders.toml`
- change the licence, the sources or the citation of the public edition: `public.toml`
- change how long what is personal is kept: `retention.toml`
- change the sessions that a twinning's starter proposes: `starter.toml`
- change the words of an early scan's letter: `letters.toml`
- change by when a version is due, or how old an input may be before a deadline: `watch.toml`
- add an outcome, a status or a kind of decision: `vocabulary.py`
- add a subject: a pair of files, and its name in `programme.py`
- make a spelling of a country known: `countries/other_names.toml`
"""
