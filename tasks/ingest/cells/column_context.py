"""What a reader may need beside the cells of a column.

Belongs here: `ColumnContext` and making one for each column that is there. Must stay out: reading.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, date, tzinfo

from programme.form import ExportProfile, FormColumn
from programme.programme import Programme
from programme.rounds import Round
from tasks.ingest.cells.choices import Choices, choices_of
from warehouse.dictionary.inputs import INPUT_TABLES
from warehouse.dictionary.model import Column


@dataclass(frozen=True)
class ColumnContext:
    """One column as the form and as the dictionary have it, with the rules and the round.

    `profile`: the form tool that wrote the file; None for a plain table. `heading`: as it stands in the file;
    empty where the column was made. `date_1904`: whether its workbook counts days from 1904.
    `stated_zone`: the time zone that the file states for its time stamps.
    """

    form: FormColumn
    column: Column
    programme: Programme
    round: Round
    profile: ExportProfile | None = None
    heading: str = ""
    date_1904: bool = False
    stated_zone: tzinfo | None = None

    @property
    def zone(self) -> tzinfo:
        """The zone of a time stamp that names none.

        It is the one the file states, else the round's, unless the tool that wrote the file is known to mean
        UTC.
        """
        if self.stated_zone is not None and self.column.name == "submitted_at":
            return self.stated_zone
        writes_utc = self.profile is not None and self.profile.naive_times == "UTC"
        return UTC if writes_utc and self.column.name == "submitted_at" else self.round.zone

    @property
    def day_first(self) -> bool:
        """How a date is read that the column leaves open."""
        given = self.profile.day_first if self.profile else None
        return self.programme.form.day_first if given is None else given

    @property
    def window(self) -> tuple[date, date] | None:
        """The first and last day on which a form can have been sent; None for every other date.

        An order of day and month that puts more dates between them is the likelier one.
        """
        return (self.round.opens, self.round.closes) if self.column.name == "submitted_at" else None

    @property
    def listed(self) -> Choices:
        """The column's list of choices."""
        return self.choices(self.form.choices)

    def choices(self, name: str) -> Choices:
        """The list of choices of that name."""
        form = self.programme.form
        return choices_of(form.choices[name], form.close_spelling)

    @property
    def topics(self) -> Choices:
        """The programme's topics by id, label and other wordings."""
        form, topics = self.programme.form, self.programme.topics.topics
        wordings = {topic.id: (topic.label, *form.topic_wordings.get(topic.id, ())) for topic in topics}
        return choices_of(wordings, form.close_spelling)

    @property
    def criteria(self) -> Choices:
        """The rubric's criteria by id and title."""
        wordings = {name: (criterion.title,) for name, criterion in self.programme.rubric.by_id.items()}
        return choices_of(wordings, self.programme.form.close_spelling)


def column_contexts(
    table: str,
    columns: Iterable[str],
    programme: Programme,
    round_: Round,
    profile: str | None,
    headings: Mapping[str, str] | None = None,
    *,
    date_1904: bool = False,
    stated_zone: tzinfo | None = None,
) -> dict[str, ColumnContext]:
    """The context of each column of a table that is there, in order of the form.

    `profile` is the form tool that wrote the file, None where it is none of those known; `headings` maps a
    column to its heading in the file; `date_1904` says from when its workbook counts days;
    `stated_zone` is the time zone that the file states.
    """
    there, form = set(columns), programme.form.tables[table]
    tool = programme.form.profiles[profile] if profile else None
    return {
        name: ColumnContext(
            column,
            INPUT_TABLES[table][name],
            programme,
            round_,
            tool,
            (headings or {}).get(name, ""),
            date_1904,
            stated_zone,
        )
        for name, column in form.items()
        if name in there
    }
