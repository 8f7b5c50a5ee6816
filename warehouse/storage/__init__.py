"""Where bytes lie: one small interface, once over a folder of this machine and once over an S3 bucket.

In comes an address (a folder, or `s3://bucket/prefix`) and a relative path; out come bytes. A file is
replaced in one step, and the directory of a version appears whole or not at all. The order of the files:

1. `interface.py`: what every storage can do, and the shape of a path;
2. `disk.py`: the calls that change a folder, each a moment at which a machine can fail;
3. `disk_faults.py`: what a disk that cannot be written says to a person;
4. `staging.py`: what is written beside its place, and what a killed process left there;
5. `folder.py`: a folder, with its flushes, modes and renames;
6. `asking.py`: asking a bucket again where the connection broke;
7. `bucket_client.py`: the client that speaks to a bucket;
8. `bucket.py`: a bucket, through `obstore`;
9. `address.py`: `open_storage`, which chooses by address.

Where do I go to…?
- add something that every storage can do: `interface.py`, then both others
- accept another kind of address: `address.py`
- change who may read a file, or when bytes are safe on the disk: `folder.py`; call the system otherwise:
  `disk.py`
- change what happens when two runs publish at once: `publish` in `folder.py` and in `bucket.py`
"""

from warehouse.storage.address import open_storage
from warehouse.storage.interface import AlreadyPublishedError, Storage, StoredFile, checked_path

__all__ = ["AlreadyPublishedError", "Storage", "StoredFile", "checked_path", "open_storage"]
