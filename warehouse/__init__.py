"""Where it is kept: what tables look like, and the files and the database that hold them.

In come inputs, tables and decisions; out come published versions, kept inputs and the record of what was
done. Nothing here judges an application, solves anything or reads the environment: addresses come in as
arguments. From the ground up, and nothing imports upward:

1. `dictionary/`: every table and column, said once; pure, any step may import it;
2. `storage/`: bytes in a folder or an S3 bucket;
3. `snapshots/` (published versions), `inputs/` (files that come in), `database/` (the ledger), `lock.py` (one
   run of a round at a time), `kept_lines.py` (the record of decisions beside the database), `kept_rules.py`
   (the rules of each version); none of them imports another. `aside.py` is below them: where damaged bytes
   go before good ones take their place;
4. `kept_parts.py`: where each part of what is kept of a submission lies; `kept_packages.py`: a second copy of
   each version's descriptor;
5. `signing/`: signed statements of approved versions, which a stranger can check;
6. `docs.py`: the data dictionary as a page.

`escapes.py` stands beside the dictionary: how a text from outside is written into a format with an escape of
its own (Markdown, HTML, XML, calendars, CSV, workbooks, JSON, file names). Every package takes it from there.

Where do I go to…?
- add a column to any table: `dictionary/` (schemas, `datapackage.json` and the page follow from it)
- change an SQL table: `database/sql_tables.py`, then a step in `database/migrations/`
- change how a version is written or read: `snapshots/versions.py`
- change what `city2city verify` checks: `snapshots/verify.py`, `snapshots/verify_rules.py`; what a signature
  covers: `signing/statement.py`
- learn whether a version is damaged: `snapshots/damage.py` (its bytes alone), `snapshots/verify.py` (all)
- change where bytes lie: `storage/`
- write a text from outside into another format: `escapes.py`
- change how workbooks and Parquet files are opened: `sandbox/`
- change how rebuildable caches are kept: `file_cache.py`
- find all that is kept of a submission, to erase or to disclose it: `kept_parts.py`
- change what is recorded: `database/ledger.py`; what is erased on request: `database/erasure.py`
"""
