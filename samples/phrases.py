"""What cities write about each topic: phrases of invented free texts.

Belongs here: phrases. Must stay out: how they are put together (`free_texts.py`).
"""

from __future__ import annotations

from typing import NamedTuple


class Phrases(NamedTuple):
    """Phrases for one topic.

    `actions` follow "we want to", `challenges` follow "because"; `practices` and `lessons` stand alone.
    """

    actions: tuple[str, ...]
    challenges: tuple[str, ...]
    practices: tuple[str, ...]
    lessons: tuple[str, ...]


PHRASES = {
    "renewables": Phrases(
        (
            "put solar roofs on forty schools and share their power with the neighbours",
            "replace diesel sets in the outer districts by solar and storage",
        ),
        (
            "the grid operator delays new connections by more than a year",
            "most roofs belong to owners who neither pay nor use the power bill",
        ),
        (
            "A municipal roof register that shows every owner the yield of the roof.",
            "A citizen share scheme for the first two solar parks.",
        ),
        (
            "We bought inverters that nobody in the region could repair.",
            "We promised lower bills before the tariff was approved.",
        ),
    ),
    "waste-to-energy": Phrases(
        (
            "turn market and kitchen waste into biogas for the bus depot",
            "build a small digester beside the sewage works and feed the gas to it",
        ),
        (
            "the landfill will be full within three years",
            "organic waste arrives mixed and the gas yield stays low",
        ),
        (
            "Separate collection at markets, run with the traders' association.",
            "A gate fee that falls with the purity of the delivered waste.",
        ),
        (
            "Our first digester stood still because nobody was responsible for sorting.",
            "We signed a supply contract for more waste than we collect.",
        ),
    ),
    "buildings": Phrases(
        (
            "renovate three housing blocks to net zero while people live in them",
            "write a renovation standard for all municipal buildings and test it",
        ),
        (
            "owners and tenants share neither costs nor savings",
            "firms able to renovate a whole block at once are missing",
        ),
        (
            "A one-stop shop that takes owners from the audit to the loan.",
            "Serial renovation with prefabricated facades in one street.",
        ),
        (
            "We measured the savings only after the subsidies had ended.",
            "Ventilation was planned last and cost us the trust of the tenants.",
        ),
    ),
    "cooling": Phrases(
        (
            "map heat by street and plan shade, wind corridors and cool roofs from it",
            "connect hospitals and offices to a district cooling loop",
        ),
        (
            "heat waves now last three weeks and hit the old quarters first",
            "room air conditioners drive the evening peak of demand",
        ),
        (
            "A heat plan with open cool rooms in libraries and schools.",
            "Cool roofs painted by trained young people of the quarter.",
        ),
        (
            "We planted trees without money to water them.",
            "The first cooling loop was sized for offices that were never built.",
        ),
    ),
    "lighting": Phrases(
        (
            "renew twelve thousand street lights and dim them by the hour",
            "use lamp posts for charging points and sensors without new trenches",
        ),
        (
            "a third of the lights date from before 1990 and the records are incomplete",
            "residents fear darker streets and oppose dimming",
        ),
        (
            "A light register kept by the crews themselves on their phones.",
            "Evening walks with residents before each change of lighting.",
        ),
        (
            "We bought a control system that speaks to one maker's lamps only.",
            "The savings went to the general budget and maintenance got none.",
        ),
    ),
    "mobility": Phrases(
        (
            "electrify two bus lines and use the depot's battery to relieve the grid",
            "set up charging hubs with storage at six markets",
        ),
        (
            "the depot's grid connection allows four buses at a time",
            "private minibuses carry most people and stand outside every contract",
        ),
        (
            "A charging plan drawn with the grid operator, street by street.",
            "A leasing scheme for electric minibuses with the drivers' cooperatives.",
        ),
        (
            "We ordered buses before we had ordered the connection.",
            "Free charging filled the places with cars that stayed all day.",
        ),
    ),
    "hydrogen": Phrases(
        (
            "supply port machinery and refuse trucks from one small electrolyser",
            "test hydrogen from surplus wind power in heavy vehicles",
        ),
        (
            "demand is too scattered for any supplier to invest",
            "safety rules for filling stations differ between authorities",
        ),
        (
            "A joint purchase of vehicles by five municipal companies.",
            "A safety dialogue with the fire service from the first sketch on.",
        ),
        (
            "The station was ready a year before the first truck.",
            "We underestimated the price of the water treatment.",
        ),
    ),
    "resilience": Phrases(
        (
            "raise substations and pumps above the flood line, the hospitals' first",
            "restore wetlands upstream and link them to the drainage plan",
        ),
        (
            "each rainy season cuts power to a quarter of the households",
            "maps of underground networks contradict each other",
        ),
        (
            "A flood drill every year with utilities, schools and the radio.",
            "A common register of critical assets of all utilities.",
        ),
        (
            "Walls built in one district sent the water into the next.",
            "The early warning was in a language many residents do not read.",
        ),
    ),
    "ports": Phrases(
        (
            "supply ships at berth with shore power and clean the drayage trucks",
            "turn the old quay into a logistics hub without diesel",
        ),
        (
            "city and port authority plan with different years and different data",
            "emissions at berth reach the schools nearby",
        ),
        (
            "A joint air quality office of city and port.",
            "Port dues that fall for ships which use shore power.",
        ),
        (
            "Shore power was built where the fewest ships call.",
            "We left the truck drivers out of the first talks.",
        ),
    ),
    "digital-twins": Phrases(
        (
            "build a digital twin of energy use in one district and plan from it",
            "join models of traffic, heat and air in one open twin",
        ),
        (
            "every department models with its own data and none can be compared",
            "the model exists but no decision has ever used it",
        ),
        (
            "A twin that planners and residents use in the same public meeting.",
            "Open interfaces required in every contract for models.",
        ),
        (
            "We bought a beautiful picture without data behind it.",
            "Nobody was paid to keep the model up to date.",
        ),
    ),
    "data": Phrases(
        (
            "bring meters of all municipal buildings into one open data platform",
            "agree on shared data rules with utilities and transport firms",
        ),
        (
            "utility data arrives yearly, on paper and without addresses",
            "privacy questions stop every exchange before it begins",
        ),
        (
            "A data officer in each department who meets the others every month.",
            "A public register of every sensor in the city.",
        ),
        (
            "Our first platform collected everything and answered nothing.",
            "We published data that no one had checked and lost trust.",
        ),
    ),
    "finance": Phrases(
        (
            "bundle small energy projects in a special-purpose vehicle and issue a green bond",
            "blend public grants with bank loans for home renovation",
        ),
        (
            "single projects are too small for any bank to look at",
            "the city may not borrow above a limit set by the state",
        ),
        (
            "A revolving fund that lives on saved energy bills.",
            "A project book with one page of figures for each investor.",
        ),
        (
            "The bond was ready but the projects were not.",
            "We paid for a rating that investors did not ask for.",
        ),
    ),
}

ACTIVITIES = (
    "The action follows the climate plan and adds what it lacks.",
    "It builds on a study by the regional university and does not repeat it.",
    "A national programme pays for the network; this action concerns its use.",
    "It is aligned with the mobility plan and the budget of the coming two years.",
)
GAP_PLANS = (
    "The grid belongs to a regional company; a cooperation agreement is being signed.",
    "The state sets the tariffs; we apply for a pilot clause in the law.",
    "The port authority decides on the quays; both councils meet four times a year.",
)
EXPECTATIONS = (
    "We expect to compare contracts, costs and mistakes with a city of our size and to return with a plan "
    "our council can decide on.",
    "From the exchange we expect honest figures, visits of our engineers to working examples and a critical "
    "eye on our own plan.",
    "We hope for a partner who is two steps ahead on one part and two behind on another, so that both sides "
    "learn.",
)
WILLINGNESS = (
    "In return we share our data, our tender documents and what went wrong.",
    "We are willing to show our failures as openly as our results and to host the partner in our city.",
    "Our team will report to other cities what we learn, whether or not it flatters us.",
)
