"""The step scoring: points and rank of every application (FAQ 3.5), and what the chair needs to defend them.

In: canonical submissions and evaluations, the table `eligibility`, the list of evaluators, the decisions in
force, the rubric. Out: the tables `scores` and `ranking`, findings, and working tables that are never
published (`warehouse/dictionary/judging.py`). Beside the step: giving applications to evaluators, and their
workbooks.

The files, in the order in which they build on each other:

    fixed_point.py    points in whole ten-thousandths
    form_evidence.py  what the form alone says of each criterion
    reviews/          which of the evaluators' scores count, and who must not evaluate whom
    severity/         how severe each evaluator is, and how uncertain the ranking is
    points.py         from judgements to points, totals and ranks
    explanation.py    why an application has its points, in words
    step.py           the step: the order of the parts
    assignment/       which evaluators read which application
    workbooks/        the workbooks of the evaluators and of the chair

Where do I go to ...?

    change a weight, a question, a number       `programme/rubric.toml`
    see why a score does not count              `reviews/selected_reviews.py`
    see what makes a conflict of interest       `reviews/conflicts.py`
    see how severity is corrected               `severity/calibration.py`
    see how sure a rank is                      `severity/rank_intervals.py`
    see how a total is rounded                  `fixed_point.py`, `apportion`
    change what a city is told of its points    `explanation.py`; the advice: `programme/rubric.toml`
    change what a workbook looks like           `workbooks/layout.py`, `workbooks/evaluator_workbook.py`
"""
