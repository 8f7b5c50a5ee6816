"""Human decisions: what each kind takes, which are in force, and what was found about them.

In: rows of a decisions file (from the step ingest), one decision of the command line, or the recorded
decisions of a round. Out: valid rows of the dictionary's table DECISIONS, the decisions in force, and
findings. What a decision of some kind does stays with the step that it is about: every later step is given
the decisions in force and picks its own kinds.

The files, in the order in which a decision passes through them:

    pin_value.py  what the value of a `pin` says: topic, and hard rules it is insisted on against
    kinds.py      what each kind takes and what its matter is; one valid decision, and its id
    file_rows.py  the rows of a decisions file: their ids, and those that are set aside
    people.py     whether two names are those of one person
    effective.py  which recorded decisions are in force
    approvals.py  who approved a version, and whether that is enough
    standing.py   what became of each, and which contradict each other
    confirmations.py  what a confirmed twinning is, so that no version is needed to know it
    findings.py   what is told about decisions: one without effect, an undo of nothing
    known.py      which names of a decision nobody knows, and the nearest that are known
    effects.py    what a decision will change, in words
    history.py    all decisions as a list, with what they did

Where do I go to ...?

    add a kind of decision             `programme/vocabulary.py` (its name), `kinds.py` (what it takes),
                                       then the step that applies it
    say that a later decision replaces
    an earlier one                     `kinds.py`, the kind's `matter`
    see what an undo does              `effective.py`
    apply `link`, `no_link`            `tasks/crosscheck`
    apply `rule`, `accept_late`,
    `withdraw`, `merge`                `tasks/eligibility/outcome_overrides.py`
    apply `no_conflict`                `tasks/scoring/reviews/conflicts.py`
    apply `pin`, `forbid`, `confirm`,
    `release`                          `tasks/matchmaking`
    apply `carry_over`                 `tasks/eligibility/carried_over.py`
"""
