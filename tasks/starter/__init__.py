"""The starter of each twinning: a sheet for the facilitator, and a calendar with four proposed sessions.

In: the tables of an approved version, the rules, and the moment of the approval. Out: for each twinning a
Markdown file and an `.ics` file, as bytes by file name. No personal data goes in. The files, in their order:

    days_off.py   weekends and public holidays of a country
    common.py     when the offices of all cities are open: through the year, and on single days
    sessions.py   which days and hours are proposed
    member.py     a twinning with its cities, from the tables
    plan.py       all that is said of one twinning
    sheet.py      the sheet (Markdown)
    calendar.py   the calendar (iCalendar, RFC 5545)
    step.py       all of it for a version

Where do I go to ...?

    change the sessions, their length or the notes    `programme/starter.toml`
    change office hours                               `programme/matchmaking.toml`
    change what the sheet says                        `sheet.py`
    change where the files are written                `flows/starters.py`
"""
