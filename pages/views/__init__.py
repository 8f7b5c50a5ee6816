"""What is shown: pure functions from a version's tables to rows, sentences and lengths.

In go tables (`warehouse/dictionary`), rules and plain values; out come frozen rows that templates and the
terminal show. Nothing here knows HTML. One file a subject: `words.py` (fixed words, names, amounts) and
`cities.py` (who is meant) first, then `funnel.py`, `hours.py`, `twinnings.py`, `unplaced.py`, `balance.py`,
`waiting.py`, `changes.py`, `findings.py`, `evaluators.py`, `provenance.py`, and `public.py`, which chooses
what everybody may see.

Where do I go to ...?
- change a sentence or a figure: the file of its subject
- change what a fixed word is called: `words.py`
- change what leaves the house: `public.py`
"""
