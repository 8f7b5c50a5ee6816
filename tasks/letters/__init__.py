"""Letters to applicants: from the tables of a version to text, HTML and a safe message. Nothing here judges
or sends.

In: the tables of an approved version, contacts, the programme's templates, the letters there are. Out: what
each application is told, and whether it still has to be told. The order of the files:

1. `message.py`: the one place where a message is built, also for the early scan's letters
   (`tasks/eligibility/scan_letters.py` says what they say);
2. `sources.py`: what letters are made from; `news.py`: what one application is told; `results.py`: the
   news of every application of a version;
3. `frame.py`, `samples.py`, `wording.py`: from news to text and HTML, through the templates in
   `programme/letters/`;
4. `outbox.py`: who still has to be told; `answers.py`: what cities answered, and who has not;
5. `preview.py`: all letters on one page.

Where do I go to…?
- change which letter follows from a result: `results.py`; what counts as another news: `News.id` in `news.py`
- change the words: `programme/letters/` and `programme/letters.toml`
- change what may stand in a header, or how one is written: `message.py`
- escape a value for another format: `warehouse/escapes.py`
"""
