"""In which encoding a text is that does not say it, for each alphabet in each encoding that has it."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from tasks.ingest.files.encodings import CODECS
from tasks.ingest.step import ReadTable
from tests.tasks.ingest.conftest import MINIMAL

FORMS: dict[str, tuple[str, list[str], str]] = {
    "Spanish": (
        "Spain",
        ["Málaga", "Logroño", "Castellón"],
        "El municipio quiere reducir las emisiones en la región. ¿Cómo? Con más energía.",
    ),
    "French": (
        "France",
        ["Besançon", "Nîmes", "Orléans"],
        "L’été dernier, la métropole a adopté un plan : 100 % d’énergie renouvelable « à la française ».",
    ),
    "German": (
        "Germany",
        ["Köln", "Düsseldorf", "Gießen"],
        "Die Wärmewende für große Gebäude – über 30 Jahre.",
    ),
    "Portuguese": (
        "Portugal",
        ["Évora", "Setúbal", "Guimarães"],
        "A câmara quer reduzir emissões e partilhar informação.",
    ),
    "Swedish": ("Sweden", ["Malmö", "Göteborg", "Västerås"], "Vi vill minska utsläppen på många sätt."),
    "Danish": ("Denmark", ["Århus", "Køge", "Sønderborg"], "Vi ønsker at nedsætte udledningen på kort sigt."),
    "Italian": (
        "Italy",
        ["Forlì", "Cefalù", "Città di Castello"],
        "La città vuole ridurre le emissioni perché è già molto attiva.",
    ),
    "Icelandic": (
        "Iceland",
        ["Reykjavík", "Akureyri", "Garðabær"],
        "Við viljum draga úr losun með því að nýta orkuna þar.",
    ),
    "Polish": (
        "Poland",
        ["Łódź", "Wrocław", "Gdańsk"],
        "Miasto chce ograniczyć emisję gazów i poprawić jakość życia mieszkańców.",
    ),
    "Czech": (
        "Czechia",
        ["Plzeň", "České Budějovice", "Ústí nad Labem"],
        "Město chce snížit emise a zlepšit kvalitu života obyvatel.",
    ),
    "Slovak": (
        "Slovakia",
        ["Košice", "Žilina", "Banská Bystrica"],
        "Mesto chce znížiť emisie a zlepšiť kvalitu života obyvateľov.",
    ),
    "Hungarian": (
        "Hungary",
        ["Győr", "Hódmezővásárhely", "Székesfehérvár"],
        "A város csökkenteni szeretné a kibocsátást és jobb életminőséget.",
    ),
    "Romanian": (
        "Romania",
        ["Iași", "Brașov", "Timișoara"],
        "Orașul vrea să reducă emisiile și să îmbunătățească viața oamenilor.",
    ),
    "Romanian cedilla": (
        "Romania",
        ["Iaşi", "Braşov", "Constanţa"],
        "Oraşul vrea să reducă emisiile şi să îmbunătăţească viaţa.",
    ),
    "Croatian": (
        "Croatia",
        ["Šibenik", "Požega", "Čakovec"],
        "Grad želi smanjiti emisije i poboljšati kvalitetu života građana, već sada.",
    ),
    "Slovene": (
        "Slovenia",
        ["Škofja Loka", "Črnomelj", "Žalec"],
        "Mesto želi zmanjšati emisije in izboljšati kakovost življenja.",
    ),
    "Bulgarian": (
        "Bulgaria",
        ["София", "Пловдив", "Бургас"],
        "Градът иска да намали емисиите и да подобри живота.",
    ),
    "Ukrainian": (
        "Ukraine",
        ["Київ", "Львів", "Запоріжжя"],
        "Місто хоче зменшити викиди й поліпшити якість життя.",
    ),
    "Serbian": (
        "Serbia",
        ["Ниш", "Крагујевац", "Београд"],
        "Град жели да смањи емисије и побољша квалитет живота.",
    ),
    "Greek": (
        "Greece",
        ["Αθήνα", "Πάτρα", "Άρτα"],
        "Ο δήμος θέλει να μειώσει τις εκπομπές και να βελτιώσει τη ζωή.",
    ),
    "Turkish": (
        "Türkiye",
        ["İzmir", "Eskişehir", "Muğla"],
        "Şehir, emisyonları azaltmak ve yaşam kalitesini artırmak istiyor; öğrenmeye açığız.",
    ),
    "Lithuanian": (
        "Lithuania",
        ["Šiauliai", "Kėdainiai", "Panevėžys"],
        "Miestas nori sumažinti išmetamą kiekį ir pagerinti gyvenimo kokybę.",
    ),
    "Latvian": (
        "Latvia",
        ["Rēzekne", "Jūrmala", "Liepāja"],
        "Pilsēta vēlas samazināt emisijas un uzlabot iedzīvotāju dzīves kvalitāti.",
    ),
    "Estonian": (
        "Estonia",
        ["Pärnu", "Võru", "Jõgeva"],
        "Linn soovib vähendada heitmeid ja õppida teistelt.",
    ),
    "Finnish": (
        "Finland",
        ["Jyväskylä", "Hämeenlinna", "Järvenpää"],
        "Kaupunki haluaa vähentää päästöjä ja oppia muilta.",
    ),
    "Hebrew": ("Israel", ["תל אביב", "חיפה", "ירושלים"], "העיר רוצה להפחית פליטות"),
}
"""Alphabet to a country, three of its cities, and how somebody there writes of a plan."""
QUICK = {
    "Windows-1252",
    "Windows-1250",
    "ISO 8859-2",
    "Mac Roman",
    "DOS 850",
    "DOS 852",
    "DOS 862",
    "DOS 866",
}
CASES = [
    pytest.param(
        alphabet, name, id=f"{alphabet} in {name}", marks=() if name in QUICK else (pytest.mark.long,)
    )
    for alphabet, (country, cities, plan) in FORMS.items()
    for name, codec in CODECS.items()
    if all(text == text.encode(codec, "ignore").decode(codec) for text in (country, *cities, plan))
]
CEDILLAS = str.maketrans("ŞşŢţ", "ȘșȚț")


@pytest.mark.parametrize(("alphabet", "name"), CASES)
def test_three_forms_say_their_encoding(
    read: Callable[..., ReadTable], as_csv: Callable[..., str], alphabet: str, name: str
) -> None:
    country, cities, plan = FORMS[alphabet]
    forms = [
        MINIMAL | {"submission_id": f"S{n}", "city_name": city, "country": country, "motivation": plan}
        for n, city in enumerate(cities)
    ]
    table = read(as_csv(forms).encode(CODECS[name]))
    rows = table.frame.sort("row")
    found = [text.translate(CEDILLAS) for text in (*rows["city_name"], rows["motivation"][0])]
    assert found == [text.translate(CEDILLAS) for text in (*cities, plan)]
    assert table.findings["expectation"].to_list() == []
