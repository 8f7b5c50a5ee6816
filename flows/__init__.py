"""When things happen: the Prefect flows, the command line and the settings. Nothing imports this package.

In: a round's id and the folder of its files, from the command line (`cli.py`) or from a schedule
(`prefect.yaml`). Out: a published version, an early scan's letters, or an answer on the screen.

Files, in the order in which a round passes through them:

1. `process_round.py`, `early_scan.py`: the two Prefect flows.
2. `procedure.py`: the whole round, top to bottom, each step one named call.
3. `round_inputs.py`: what a round is made from; `published_versions.py`: versions of earlier runs;
   `known_twinnings.py`: twinnings of any version by their id.
4. `runner.py`, `prefect_tasks.py`: how a step is called, plainly or as a Prefect task.
5. `round_results.py`, `matching_inputs.py`, `checks.py`: the tables that pass between the steps.
6. `gates.py`, `attribution.py`: whether a version may be published, and what caused its changes.
7. `publishing.py`: what is written; `version_record.py`: what is noted once a version stands;
   `run_record.py`: the lock and the ledger's note of the run.
8. `approving.py`, `approve_round.py` (the flow): which version may leave the house, and what follows.

Where do I go to ...?

- follow a round from files to twinnings, or add a step: `procedure.py`
- change a step's retries, its name in Prefect or its cache policy: the table in `prefect_tasks.py`
- change when something runs: `deployments.py`, which writes `prefect.yaml`
- add or change a command: `commands/`, and its line in the table of `cli.py`
- change how tables, messages or progress look: `console.py`
- change what a run tells people: `summary.py`, shown by `artifacts.py` (Prefect) and `commands/run.py`
- read a variable of the program: `settings.py`, the only file that does
- open the rules, the storage or the database: `context.py`
- make a run start faster: `prefect_start.py` (order of the start), `preload.py` (background),
  `checking_process.py` (Great Expectations in a process of its own), `reading.py` (files are read once)
- change how a command's process ends: `process_end.py`; how a temporary Prefect server ends:
  `server_process.py`
- make a run take less memory: `memory.py` (heaps of the process, its garbage)
- take a time from a person: `moments.py`
- say which program made a version: `version.py`; sign an approval, or check one: `signing.py`
- record a decision of a person: `deciding.py`; keep or restore the record: `ledger.py`, `kept_decisions.py`;
  check what a decision names: `decision_check.py`, and of a link or an evaluator `register_check.py`
- make a damaged kept input good: `mending.py`
- add what follows from an approval: `STEPS` of `approving.py`; what speaks against one, or makes it stale:
  `approval_state.py`; what it would announce: `announcement.py`
- go back to an older version: `rolling_back.py`; what a pinned round is made from: `pinning.py`
- say what waits now: `points_now.py`; make the review workbook: `review_workbook.py`; say where the rounds
  stand: `standing.py`; list decisions with their effects: `decision_history.py`
- confirm the twinnings of a round: `settling.py`
- recompute a version or ask a what-if: `replay.py`, `what_if.py`, `kept_problem.py`
- change what is checked before a twinning is confirmed: `confirming.py`; a form carried over: `carried.py`
- judge a pin before it is recorded: `pin_check.py`
- hand applications out to evaluators and take scores back: `evaluation/`
- change how a flow run ends, or what its state says: `flow_ends.py`; what Ctrl-C does: `interruption.py`;
  which rounds a flow offers: `round_choice.py`
- change what Prefect tells people of: `operations/alerts.py`, made by `alerts.py`
- say whether the installation is in order, or what a round lacks: `operations/`; why a run has no version:
  `run_notes.py`
- change where letters or working tables are kept: `letters.py`, `working_tables.py`
"""
