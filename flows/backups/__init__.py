"""Backups: storage and database together in one file, proved when it is put back.

In come the warehouse and a folder; out comes one archive (`city2city-TIME.tar`, or `.tar.age` where it is
encrypted), and later the same warehouse from it. The files, lowest first:

- `encryption.py`: for whom an archive is encrypted, and opening it (age)
- `archive.py`: what is in an archive, and that it is whole
- `make.py`: a copy of one moment, also while runs go on
- `restore.py`: putting it back, and proving that it is the same

Where do I go to ...?
- leave something out of backups: `archive.py`
- change what is proved after a restore: `restore.py`
- ask when the last one was made: `warehouse/backups.py`
"""
