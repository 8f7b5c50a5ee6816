"""The warehouse database (SQLite, or Postgres): what came in, what was decided, what ran, what was published.

In comes the database's address; out comes the `Ledger`, in the words of the flow. It holds personal data;
what is recorded stays, and recording it again changes nothing. The order of the files:

1. `sql_tables.py`: the SQL tables and their constraints;
2. `migrations/`: how a database gets them, one file a step;
3. `faults.py`: what a full disk or a lost connection is to the person at the program;
4. `connection.py`: opening a database, migrated to the newest step;
5. `rows.py`: frames to rows, and the one statement that inserts them;
6. `decisions.py`: decisions, appended in one order and proved when read; `erasure.py`: what is emptied when a
   submission is forgotten; `naming.py`: which rows speak of a submission;
7. `ledger.py`: everything that is recorded and asked;
8. `outbox.py`: the letters about results, and contacts that changed;
9. `portable.py`: every row as a line that any database can read again
10. `last_run.py`: the one question of `city2city status`, asked without loading SQLAlchemy.

Where do I go to…?
- add a column or a table: `sql_tables.py`, then a step in `migrations/` and its number in `connection.py`
- record or ask something else: `ledger.py`; of letters and contacts: `outbox.py`
- change what is erased when a submission is forgotten: `erasure.py`

This `__init__` imports nothing on purpose: SQLAlchemy and SQLModel cost 0.4 s, and not every command needs
them.
"""
