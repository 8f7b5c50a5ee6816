"""The desk: the pages in which an office works through a round, in the browser.

In come requests of people who have signed in; out come pages, and decisions through the same functions as
the terminal's commands (`flows/deciding.py`, `flows/what_if.py`). It stands above the flows and the pages:
nothing imports it; `city2city desk` loads it by its name. The order of its files, each above the next:

1. `command.py`: the command; it prints the link to sign in with.
2. `app.py`: all parts together; what every answer carries; mistakes as pages.
3. `routes/`: which address does what; a route reads, calls, and fills a template.
4. `rendering.py`, `addresses.py`: how a template becomes an answer, and what a page's address is.
5. `work/`: what the routes call: a round as it is now (`office.py`), its registers, runs that were started,
   the tables as files.
6. `access/`: who signs in and who may do what; forms that are ours (CSRF); what a browser may do with a page.
7. `views/`: what a page shows, computed by pure functions; beside them stands `pages/views`, which the report
   and the terminal share.

`templates/` and `static/` hold how it looks beyond `pages/components`, and htmx, which only makes pages
smoother: every main path works without JavaScript.

Where do I go to ...?
- change what a page shows: its module in `views/`, then its template
- let a kind of point be answered in another way: `pages/views/answers.py`
- change who may do what, or the reasons that are offered: `programme/desk.toml`
- add a page: a file in `routes/`, its line in `app.py`, its link in `templates/desk.html.j2`

Rules: no personal data in an address, a log or a cache of the browser; every form carries its session's
token; whatever changes something says what it rests on, so that nobody overrules somebody unseen.
"""
