"""Letters to applicants: one safe way to build a message. Nothing here judges or sends.

In: what a letter says, and to whom. Out: the bytes of a message, read again before anybody gets them.

Files:

1. `message.py`: the one place where a message is built, also for the early scan's letters
   (`tasks/eligibility/scan_letters.py` says what they say).

Where do I go to…?
- change what may stand in a header, or how one is written: `message.py`
- escape a value for another format: `warehouse/escapes.py`
"""
