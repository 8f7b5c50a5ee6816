"""What the desk's pages show: pure functions from tables, forms and decisions to rows and sentences.

`registers.py` (rows of a register that may be a city), `comparison.py` (form and registers side by side),
`points.py` (the queue and one point), `applications.py` (list and dossier), `board.py` (trials and their
answers), `season.py`, `decisions.py`, `texts.py` (values as text).
"""
