"""Letters about results: from an approved version to the mail server, and what became of each.

In: the approved version of a round, the forms in the database, decisions in force. Out: messages that were
sent or written as files, and the outbox that knows what became of each. Files, in the order in which a
letter passes:

1. `contacts.py`: contacts that changed after a form was sent; `gather.py`: everything letters are made from;
2. `compose.py`: news, wording and sender become a message;
3. `letterbox.py`: the outbox of a round, kept in the database and beside it;
4. `mail_settings.py`, `smtp.py`, `send.py`: one mail server, and sending so that nothing is sent twice;
5. `post.py`: the post of a day: preview, files, sending;
6. `bounces.py`: which letters came back; `waiting.py`: what waits for a person because of letters.

Where do I go to…?
- change what a letter says: `programme/letters/`, and `tasks/letters` for its facts
- change how often a server is tried: `send.py`
- change what counts as told: `TOLD` in `programme/vocabulary.py`
"""
