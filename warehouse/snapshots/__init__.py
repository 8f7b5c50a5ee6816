"""The published versions of a round: written once, read back, and verified from their files alone.

In come the published tables and what the version says of itself (`VersionMetadata`); out comes a directory
`snapshots/round=<ROUND>/version=<NNNN>/` of Parquet files with a `datapackage.json`. The order of the files:

1. `parquet.py`: how one table becomes bytes, and the hash of its content;
2. `descriptor.py`: what `datapackage.json` says, and its seal;
3. `numbers.py`: where versions lie, and which were published, damaged ones among them;
4. `damage.py`: whether the files of a version are those that were published, by their bytes;
5. `versions.py`: when there is a new version, writing it, reading it, `latest.json`;
6. `approved.py`: `approved.json`, which names the approved version and vouches for its bytes;
7. `verify_rules.py`: what must hold between the tables of a version;
8. `matching_worth.py` and `certificate.py`: whether the certificate proves the selection;
9. `verify.py`: everything that can be wrong with a version.

Where do I go to…?
- change what counts as "nothing changed": `package_content` in `descriptor.py`
- add a key to `datapackage.json`: `descriptor.py`
- add a check to `city2city verify`: `verify_rules.py` for a rule between tables, `verify.py` for the files
- learn which version may be announced: `read_approved` in `approved.py`
- add a column or a table: not here, `warehouse/dictionary`; schemas and descriptor follow
"""

from warehouse.snapshots.approved import Approved, read_approved, remove_approved, write_approved
from warehouse.snapshots.damage import DamagedVersionError, damaged_files, newest_whole
from warehouse.snapshots.numbers import latest_version, list_versions, round_path, version_path
from warehouse.snapshots.versions import (
    is_news,
    point_to_latest,
    read_package,
    read_table,
    read_tables,
    write_snapshot,
)

__all__ = [
    "Approved",
    "DamagedVersionError",
    "damaged_files",
    "is_news",
    "latest_version",
    "list_versions",
    "newest_whole",
    "point_to_latest",
    "read_approved",
    "read_package",
    "read_table",
    "read_tables",
    "remove_approved",
    "round_path",
    "version_path",
    "write_approved",
    "write_snapshot",
]
