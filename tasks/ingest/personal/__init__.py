"""Personal: what looks personal in a column that is published is masked there.

People type e-mail addresses, telephone numbers and names of persons where a city, an id or a programme is
asked. In come the tables as they were read; out come the same tables, masked, with a finding for each cell.
The original stays where only the office reads: in the kept input, in the row that was set aside, and in the
table of readings (rule `masked`).

The files, lowest first:
- `plain.py`: a text as a person sees it
- `patterns.py`: e-mail addresses and telephone numbers in a text
- `names.py`: what a cell for the name of a person says
- `people.py`: names of persons, and where a text has one
- `named_people.py`: the persons whom the inputs of a round name
- `masks.py`: what stands in the place of a personal text
- `masking.py`: the tables, masked

Where do I go to ...?
- make another way to write an address or a number known: `patterns.py`
- see why a name was masked, or was not: `people.py`; whose names are looked for: `named_people.py`
- see which columns are looked at: `masking.py`
"""
