"""How severe each evaluator is, how that is corrected, and how uncertain the ranking stays.

In: the scores that can be used (`reviews/`), the rubric. Out: corrections of judgements, the tables
SEVERITIES, RANK_INTERVALS and CLOSE_PAIRS. Severities are about persons and are never published.

    mixed_model.py     the numerical model over plain arrays: variances and effects of evaluators
    calibration.py     from scores to corrections, severities and noise
    drawn_totals.py    totals under drawn weights and errors, for all applications at once
    rank_intervals.py  the ranks an application takes when what is uncertain is drawn again

Where do I go to ...? A formula and its source: `mixed_model.py`. What is done with it: `calibration.py`.
"""
