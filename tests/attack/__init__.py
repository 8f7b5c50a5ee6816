"""Attacks on the program, each a small module: killed processes, failing disks, races, damaged files.

In comes nothing but this machine; out comes a table of how often each attack was tried and what it broke. The
order of the files:

1. `power.py`: a disk that forgets what was not flushed, and every state a power cut can leave;

Where do I go to…?
- add a call to the model of the disk: `power.py`
"""
