"""Signed statements of what was approved, which a stranger can check without this program.

In comes an approved version (`warehouse.snapshots.approved`); out comes an in-toto statement in a DSSE
envelope, signed with the office's Ed25519 key and kept beside the versions of its round
(`snapshots/round=<ROUND>/attestations/version=<NNNN>.intoto.json`). The order of the files:

1. `keys.py`: the office's key: making it, reading it, and the public key for others;
2. `statement.py`: what is stated: files by their hashes, inputs, rules, program, approval;
3. `attestation.py`: signing a statement, keeping it, and checking it against the files.

Where do I go to…?
- state something more: `statement.py`, and a new number in its `PREDICATE_TYPE`
- keep the key elsewhere: `CITY2CITY_SIGNING_KEY` of `flows/settings.py`
- change what makes a check fail: `attestation.py`

This `__init__` imports nothing on purpose: the libraries of signatures cost time, and few commands need them.
"""
