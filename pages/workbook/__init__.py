"""The review workbook: the open points of a round for those who have no desk, and the answers read back.

In go the open points with their answers (`pages/views/answers.py`); out comes an XLSX workbook with a list
to choose from in each row. Back come replies: which answer, why. `layout.py` (sheets, marks, headings),
`write.py`, `read.py`.

Where do I go to ...?
- let a kind of point be answered in another way: `pages/views/answers.py`
- see where it is written and how replies become decisions: `flows/review_workbook.py`
"""
