"""The evaluators' reviews: which scores count, and who must not evaluate whom.

In: the tables `evaluations`, `evaluators` and `submissions`, the decisions in force. Out: the scores that
count, table CONFLICTS, and findings.

    selected_reviews.py  which scores count
    conflicts.py         signs of a conflict of interest, declared conflicts, who scored in spite of a sign

Where do I go to ...? A score that is refused: `selected_reviews.py`. A conflict: `conflicts.py`.
"""
