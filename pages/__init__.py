"""What people see of a round: pages, their parts, and the figures in them.

In go the tables of a version, its working tables and the programme's rules; out comes HTML. Nothing here
reads a version, a database, the clock or the environment: the flows hand everything over, and decide where a
page is kept. The packages, each above the next:

1. `report/` makes the report of a version: one file that needs nothing else, internal or public.
   `workbook/` writes the open points as a workbook and reads the answers back.
2. `components/` is the look: one stylesheet, one small script, the templates of the parts that every page is
   made of, the map.
3. `views/` says what is shown: pure functions from tables to rows and sentences. The terminal uses them too.

Where do I go to ...?
- change what a section of the report says: its module in `views/`, then its template in
  `report/templates/`
- change how a table, a chip or a bar looks: `components/style.css` and `components/templates/`
- change the map: `components/map/`
- let the public edition say more or less: `report/public.py`; a test holds it against a list
- add a page: a package beside `report/` that uses the same templates

Rules: a template computes nothing; every text is escaped; no page asks the network for anything; nothing
is styled in place, so that a page can forbid it; every chart is a table, or stands beside one.
"""
