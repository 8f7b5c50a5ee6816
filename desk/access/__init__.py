"""Who works at the desk, what they may do, and what a browser may do with a page.

`people.py` (names and roles), `sessions.py` (one-time links and sessions), `guard.py` (sign-in, role and form
of every request), `headers.py` (what every answer carries).
"""
