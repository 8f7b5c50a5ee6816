"""The XLSX workbooks of an evaluation: written for evaluators and the chair, and read back.

In: the assignment, the rubric, the files that evaluators returned. Out: bytes of workbooks; from returned
ones table EVALUATIONS, findings and who has returned what. Nothing here touches a file.

    layout.py              names of sheets, marks and headings
    evaluator_workbook.py  the workbook that an evaluator fills in
    token.py               the token that proves whose a workbook is
    sheet.py               one returned file: recognising it, its cells
    whose.py               whose each returned file is, and which counts
    told.py                what is told of returned workbooks
    returned.py            reading the workbooks that count
    chair_workbook.py      the workbook of the chair

Where do I go to ...? A heading: `layout.py`. A returned file that is refused: `whose.py`.
"""
