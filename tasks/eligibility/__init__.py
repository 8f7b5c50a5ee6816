"""The step eligibility: which form counts, and whether its city may take part (FAQ 3.1-3.4).

In: canonical submissions and registers, the links of the step crosscheck, the decisions in force. Out: the
tables `applications`, `eligibility_checks` and `eligibility`, and findings. Beside the step: what became of a
city's earlier applications, and the letters of the early scan.

The files, in the order in which a form passes through them:

    rules/                one file for each eligibility rule, and their registry
    outcome_overrides.py  what people decided about forms: outcomes, withdrawals, merges
    checks.py             one rule on one application, with a person's decision over the computed outcome
    form_states.py        which form of a city counts
    several_forms.py      what is told of several forms of one city
    applications.py       the table `applications`
    judge.py              the step: the order of the parts, and the status of each application
    carried_over.py       forms of an earlier round that a decision brings into this one
    earlier_rounds.py     one city across rounds
    taken_cities.py       cities that a round holds, which are taken in every other
    conditions.py         what tentative cities still have to bring, and by when
    partner_advice.py     what a letter says of preferred partners outside the cohort
    scan_letters.py       the early scan's letters
    unused_forms.py       what who sent a form that could not be used is asked
    scan_overview.py      the early scan's overview for the office

Where do I go to ...?

    see where an answer becomes a rule's outcome     `rules/`, the file of the rule's name
    add a rule                                       `rules/__init__.py`
    see how outcomes make a status                   `programme/vocabulary.py`, `status_of`
    see which of two forms of a city counts          `form_states.py`
    let a decision do something new                  `outcome_overrides.py`, `checks.py`, `form_states.py`
    change what a letter says                        `programme/letters.toml`; the points themselves: `rules/`
"""
