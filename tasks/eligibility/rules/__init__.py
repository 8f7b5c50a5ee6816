"""The eligibility rules, one file each (FAQ 3.1-3.4), and the registry that names them.

In: one `Case` (the form, its links to the registers, the gazetteer's figure) and the `RuleSettings` (round,
limits, topics). Out: one `Verdict` (outcome, evidence, source, a sentence for the applicant). Each rule is a
pure function. The registers outrank the form: a form that claims more than the register knows makes the
outcome unclear; where the register knows more, its row counts and the difference is a contradiction. A blank
answer is unclear, because a person can ask; only a blank motivation or topic is not met.

The files, in the order in which they build on each other:

    verdict.py            what a rule answers
    case.py               what a rule looks at and is measured against
    cohort_membership.py  what an accepted membership does to other rules
    applicant.py          what a body that is no local government is asked for, whichever rule asks
    on_time.py, local_government.py, population.py, gcom.py, climate_plan.py, cohort.py, mandate.py,
    participation.py, motivation.py, topic.py
                          the rules, in the order of `programme.vocabulary.RULES`
    registry.py           the name of each rule and its function

Where do I go to ...?

    change what a rule says       the file of its name
    change a limit or a clause    `programme/eligibility.toml`
    add a rule                    1. its name: `programme/vocabulary.py`, `RuleName`
                                  2. its clause: `programme/eligibility.toml`, `clauses`; a new limit there
                                     and in `programme/eligibility.py`
                                  3. its function: a file here, and a line in `registry.py`
                                  4. its case table: a file in `tests/tasks/eligibility`
"""
