"""Personal: what looks personal in a column that is published is masked there.

People type e-mail addresses, telephone numbers and names of persons where a city, an id or a programme is
asked. In come the tables as they were read; out come the same tables, masked, with a finding for each cell.
The original stays where only the office reads: in the kept input, in the row that was set aside, and in the
table of readings (rule `masked`).

The files, lowest first:
- `patterns.py`: e-mail addresses and telephone numbers in a text
- `people.py`: the names of persons that the inputs give, and where a text has one
- `masks.py`: what stands in the place of a personal text
- `masking.py`: the tables, masked

Where do I go to ...?
- make another way to write an address or a number known: `patterns.py`
- see why a name was masked, or was not: `people.py`
- see which columns are looked at: `masking.py`
"""
