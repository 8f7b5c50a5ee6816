"""The second call, 2026-01: who applied, and which trouble each application brings.

Belongs here: the cases, in the order of their ids. Must stay out: the registers (`cohort.py`,
`signatories.py`). The call closed on 8 January 2026, 23:59:59 in Brussels. Some cities of the first call
apply again.
"""

from __future__ import annotations

from datetime import date

from samples import hostile
from samples.case import Call, Case

TWINNABLE = (
    Case("Tallinn EE", "digital-twins 3/4, data 3/4", "Tallinna linn", "EST", partners=("Gent BE",),
         shows="applies again, now a member", why="pending in the first round, member since October 2025", quality=4.1),
    Case("Rabat MA", "lighting 4/3, cooling 4/2", "الرباط", "Morocco",
         shows="applies again, other script, still pending", why="its name in Latin letters in the first round, in Arabic now; still unsigned", quality=3.5),
    Case("Lagos NG", "mobility 5/2, waste-to-energy 4/2", "Lagos State - Lagos Metropolitan Area", "NG", kind="metropolitan_area", partners=("Kampala UG",),
         shows="applies again", why="the city of the hostile form of the first round, without it", quality=3.3),
    Case("Da Nang VN", "waste-to-energy 4/3, resilience 4/3", "Danang City", "Vietnam", partners=("Cebu City PH",),
         shows="applies again", why="another spelling of city and country; member now", quality=3.4),
    Case("Porto PT", "buildings 2/5, finance 3/3, mobility 3/4", "Município do Porto", "Portugal", partners=("Bologna IT",), quality=4.4),
    Case("Bologna IT", "buildings 4/3, digital-twins 3/3", "Comune di Bologna", "Italia", partners=("Porto|Portugal",), shows="decorated name, mutual preference",
         why="'Comune di'; names Porto and is named", quality=4.3),
    Case("Gent BE", "digital-twins 2/4, buildings 3/4, data 3/4", "Stad Gent", "Belgium", partners=("Tallinn EE",), shows="exonym", why="Gent in the form, Ghent in the list",
         quality=4.1),
    Case("Århus DK", "hydrogen 3/4, data 2/5", "Aarhus Kommune", "Denmark", shows="older spelling", why="Aarhus in the form, Århus in the register", quality=4.2),
    Case("Lyon FR", "cooling 2/5, hydrogen 4/3", "Métropole de Lyon", "France", kind="metropolitan_area", quality=4.0),
    Case("İzmir TR", "ports 4/3, cooling 4/2", "İzmir Büyükşehir Belediyesi", "TÜRKİYE", kind="metropolitan_area", partners=("Alexandria EG",), quality=3.8),
    Case("Alexandria EG", "ports 5/2, cooling 5/1", "الإسكندرية", "Egypt", partners=("İzmir TR",), shows="other script, mutual preference",
         why="Arabic; names İzmir and is named", quality=3.0),
    Case("Dakar SN", "lighting 4/2, mobility 4/2", "Ville de Dakar", "Sénégal", shows="applies again", why="late in the first round, in time now", quality=3.3),
    Case("Lusaka ZM", "waste-to-energy 5/1, lighting 3/2", "Lusaka City Council", "Zambia", partners=("Kampala UG",), quality=2.9),
    Case("Kampala UG", "waste-to-energy 3/4, mobility 4/3", "Kampala City Council", "Uganda", partners=("Lusaka ZM", "Lagos NG"),
         shows="mutual preferences, funded before", why="names two cities that name it; with Lusaka it was funded on waste-to-energy", quality=3.7),
    Case("Addis Ababa ET", "mobility 4/3, resilience 3/2", "አዲስ አበባ", "Ethiopia", shows="other script", why="Ethiopic", quality=3.3),
    Case("Lima PE", "mobility 4/3, finance 4/2", "Municipalidad Metropolitana de Lima", "Perú", kind="metropolitan_area", partners=("Santiago CL",), quality=3.6),
    Case("Santiago CL", "mobility 2/5, cooling 4/3, finance 3/3", "Ilustre Municipalidad de Santiago", "Chile", partners=("Lima PE",), quality=4.0),
    Case("San José CR", "renewables 2/4, mobility 4/3", "Municipalidad de San José", "Costa Rica", shows="homonym in the country",
         why="a second San José in the list, far smaller: population and position decide", quality=3.7),
    Case("Fortaleza BR", "renewables 4/3, hydrogen 4/2", "Prefeitura de Fortaleza", "Brazil", "2025-12-18T10:20:00-03:00",
         shows="tentative: scenario 3", why="applied to the cohort on 5 January, after this form and before the deadline", quality=3.4),
    Case("Guadalajara MX", "finance 3/4, waste-to-energy 4/2, mobility 4/3", "Gobierno de Guadalajara", "México", quality=3.5),
    Case("Cuenca EC", "renewables 4/2, resilience 4/3", "GAD Municipal de Cuenca", "Ecuador", shows="homonym abroad", why="a Cuenca in Spain has signed too", quality=3.1),
    Case("Kochi IN", "ports 4/2, mobility 3/4", "Kochi Municipal Corporation (Cochin)", "India", shows="two names in one cell", why="old name in brackets", quality=3.4),
    Case("Colombo LK", "ports 4/3, resilience 4/2", "Colombo Municipal Council", "Sri Lanka", partners=("Kochi IN",), quality=3.1),
    Case("Kathmandu NP", "resilience 5/2, waste-to-energy 4/2", "काठमाडौं", "Nepal", answers={"gcom_status": "will_sign"},
         shows="other script, signature lapsed", why="Devanagari; its line in the list is inactive, pending in the cohort", quality=3.0),
    Case("Cebu City PH", "waste-to-energy 4/2, resilience 3/4", "City Government of Cebu", "Philippines", "2025-12-22 16:45:09", partners=("Da Nang VN",),
         shows="tentative: scenario 2, mutual preference", why="pending in the cohort since 1 December; names Da Nang and is named", quality=3.3),
    Case("Fukuoka JP", "hydrogen 2/5, data 3/4, ports 3/5", "福岡市", "Japan", partners=("Daegu KR",), quality=4.2),
    Case("Daegu KR", "hydrogen 4/3, data 3/3", "Daegu Metropolitan City", "Korea, Republic of", kind="metropolitan_area", partners=("Fukuoka JP",), quality=3.8),
    Case("Melbourne AU", "renewables 2/5, resilience 2/4, lighting 2/4", "City of Melbourne", "Australia", partners=("Wellington NZ",), quality=4.4),
    Case("Wellington NZ", "resilience 4/4, renewables 3/3", "Te Kaunihera o Pōneke Wellington City Council", "Aotearoa New Zealand", partners=("Melbourne AU",),
         shows="two languages in one cell", why="Māori and English names of city and country", quality=4.0),
    Case("Suva FJ", "resilience 5/1, ports 4/1", "Suva City Council", "Fiji", answers={"gcom_status": "will_sign"},
         shows="tentative: unsigned, promises to sign", why="pending in the cohort, not a signatory, commits to sign", quality=2.8),
    Case("Amman JO", "finance 4/3, cooling 4/3", "أمانة عمّان الكبرى", "Jordan", kind="metropolitan_area", shows="other script", why="Arabic with vowel signs", quality=3.6),
    Case("Tbilisi GE", "finance 4/2, lighting 3/3", "თბილისი", "Georgia", shows="other script, country like a US state", why="Georgian letters; Georgia is the country",
         quality=3.2),
)  # fmt: skip

TROUBLED = (
    Case("San Fernando PH", "resilience 4/2, waste-to-energy 3/2", "City of San Fernando, Pampanga", "PH",
         answers={"population": "251248"}, shows="applies again, ambiguous name with a hint", why="province and population are given now; the name alone still fits two cities", quality=3.2),
    Case("Portland US", "lighting 3/4, buildings 3/3", "City of Portland", "USA", answers={"population": ""}, shows="ambiguous name",
         why="Portland in Oregon or in Maine: no state, no population", quality=3.7),
    Case("Victoria PH", "renewables 4/1", "Municipality of Victoria", "Philippines", kind="town", answers={"cohort_status": "applied"},
         shows="ambiguous name, decided as none", why="a recorded decision says it is neither of the two Victorias in the list", quality=2.4),
    Case("Gothenburg SE", "ports 2/5, mobility 2/5", "Göteborgs Stad", "Sweden", sent="2026-01-09T00:06:10+01:00",
         shows="late by minutes, accepted", why="six minutes late; a recorded decision accepts it", quality=4.3),
    Case("Halifax CA", "ports 3/4, resilience 3/4", "Halifax Municipality", "Canada", "2026-01-08T20:15:00-04:00", panel="none",
         shows="looks on time, is late", why="20:15 in Halifax is 01:15 of the next day in Brussels"),
    Case("Peine DE", "buildings 4/2", "Stadt Peine", "Germany", answers={"population": "50100"},
         shows="applies again, population across the line", why="now says 50,100; the registers say 49,953"),
    Case("Puerto Varas CL", "resilience 3/2, waste-to-energy 4/1", "Asociación Invented del Lago", "Chile", kind="consortium", key="Lago",
         members=("Puerto Varas CL", "Quellón CL", "Purranque CL"), answers={"gcom_status": "will_sign"},
         shows="applies again, one member to sign", why="the third municipality promises to sign now", quality=2.9),
    Case("Cento IT", "cooling 3/2", "Consorzio Invented Reno", "Italia", kind="consortium", key="Reno", members=("Cento IT", "Cesenatico IT", "San Lazzaro IT"),
         shows="consortium, a plan is missing", why="one municipality's plan is still in preparation", quality=3.0),
    Case("Maputo MZ", "ports 4/2, waste-to-energy 4/2", "Município de Maputo", "MOZ", kind="ngo",
         answers={"mandate": "official_letter", "organisation": "Sample Friends of Maputo (invented)", "mandate_url": "https://example.org/letters/maputo.pdf"},
         shows="association with a letter", why="another kind of applicant with an official letter of the city", quality=3.0),
    Case("Asunción PY", "other", "Municipalidad de Asunción", "Paraguay", answers={"topic_1": "Urban beekeeping"}, shows="only another topic",
         why="a topic that is none of the twelve", quality=2.6),
    Case("Auckland NZ", "mobility 2/4, cooling 3/2", "Auckland Council", "New Zealand", shows="withdrawn application", why="withdrawn by a recorded decision", panel="none"),
    Case("Sousse TN", "ports 3/2", "سوسة", "Tunisie", answers={"motivation": "", "english_confirmed": ""}, shows="motivation blank",
         why="no motivation; the question about English is blank too", quality=2.5),
    Case("Antananarivo MG", "finance 5/1, waste-to-energy 4/1", "=HYPERLINK(\"http://example.org\",\"Antananarivo\")", "Madagascar", panel="none",
         answers={"applicant_type": "", "motivation": hostile.LONG, "contact_name": hostile.TEMPLATE, "organisation": hostile.PATH, "lessons": hostile.CONTROL,
                  "good_practices": hostile.RIGHT_TO_LEFT, "action_summary": hostile.MARKDOWN},
         shows="hostile text, required value missing", why="a formula for a name, hostile answers, and no kind of applicant: set aside"),
    Case("Davao PH", "data 3/2, resilience 3/3", "Davao City", "Philippines", key="Davao planning", answers={"organisation": "City Planning Office of Davao (sample)"},
         shows="two departments, merged", why="a recorded decision lets the next form stand for both", panel="none"),
    Case("Davao PH", "data 3/3, cooling 4/2", "City Government of Davao", "Philippines", answers={"good_practices": hostile.SQL, "lessons": hostile.SCRIPT,
         "jurisdiction_gap_plan": hostile.COMMAND}, shows="two departments, merged; hostile text", why="stands for both departments; formulas and scripts in answers",
         panel="disputed", quality=3.0),
)  # fmt: skip

SECOND_CALL = Call(
    round_id="2026-01",
    opens=date(2025, 11, 3),
    last_day=date(2026, 1, 8),
    register_as_of=date(2026, 1, 12),
    evaluated_on=date(2026, 1, 23),
    cases=TWINNABLE + TROUBLED,
)
