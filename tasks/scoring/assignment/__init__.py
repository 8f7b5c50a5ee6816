"""Giving applications to evaluators: exactly as many each, none with a conflict, loads balanced, topics
matched.

In: the applications to be evaluated, the list of evaluators, table CONFLICTS, the assignment before. Out:
table ASSIGNMENT, or what to relax where none is possible.

    evaluated_applications.py  which applications are evaluated, one row each
    min_cost_flow.py           the transport problem, solved exactly
    assign.py                  what is asked, its check, and what is said when it cannot be met

Where do I go to ...? Who is evaluated: `evaluated_applications.py`. What a good assignment is: `assign.py`.
"""
