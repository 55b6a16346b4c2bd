"""Control points of the main lines of the territory, from general knowledge and rounded to about 100 m.

They place the well-known avenues, the rivers, the canal, the railways and the tramway roughly where they are;
everything between them is generated.
"""

from __future__ import annotations

import msgspec

LonLat = tuple[float, float]
Stop = str | LonLat
"""A named anchor of `ANCHORS`, or a point."""

ANCHORS: dict[str, LonLat] = {
    "darcy": (5.0333, 47.3236), "bernard": (5.0388, 47.3252), "republique": (5.0437, 47.3270),
    "roosevelt": (5.0495, 47.3253), "octobre": (5.0520, 47.3222), "carnot": (5.0493, 47.3188),
    "wilson": (5.0448, 47.3163), "tivoli": (5.0395, 47.3158), "suquet": (5.0338, 47.3163),
    "ouche": (5.0313, 47.3188), "misericorde": (5.0313, 47.3213), "gare": (5.0278, 47.3230),
    "liberation": (5.0418, 47.3212), "theatre": (5.0437, 47.3216), "zola": (5.0370, 47.3202),
    "notredame": (5.0415, 47.3222), "grangier": (5.0385, 47.3233), "bossuet": (5.0383, 47.3216),
    "michel": (5.0462, 47.3217),
    "clem": (5.0480, 47.3308), "stalingrad": (5.0575, 47.3330), "gray": (5.0640, 47.3272),
    "mirande": (5.0672, 47.3192), "universite": (5.0665, 47.3120), "mansart": (5.0625, 47.3052),
    "longvic-n": (5.0530, 47.3020), "parc": (5.0466, 47.3036), "eiffel": (5.0345, 47.3048),
    "jaures": (5.0262, 47.3070), "bourroches": (5.0168, 47.3125), "larrey": (5.0133, 47.3172),
    "albert": (5.0125, 47.3232), "hugo": (5.0165, 47.3282), "fontaine-s": (5.0270, 47.3345),
    "drapeau": (5.0375, 47.3352), "langres": (5.0472, 47.3374), "voltaire": (5.0560, 47.3150),
    "strasbourg": (5.0578, 47.3235), "champollion": (5.0365, 47.3440), "toison": (5.0545, 47.3512),
    "nation": (5.0510, 47.3450), "valmy": (5.0620, 47.3585), "kir": (4.9900, 47.3240),
    "talant": (5.0005, 47.3368), "fontaine": (5.0205, 47.3420), "daix": (5.0000, 47.3510),
    "ahuy": (5.0225, 47.3685), "hauteville": (4.9950, 47.3675), "plombieres": (4.9730, 47.3395),
    "corcelles": (4.9370, 47.3010), "flavignerot": (4.9180, 47.2875), "marsannay": (4.9880, 47.2705),
    "chenove": (5.0060, 47.2925), "perrigny": (5.0060, 47.2665), "longvic": (5.0640, 47.2880),
    "ouges": (5.0740, 47.2610), "fenay": (5.0640, 47.2320), "breteniere": (5.1130, 47.2390),
    "neuilly": (5.1080, 47.2785), "sennecey": (5.1050, 47.2910), "magny": (5.1600, 47.2720),
    "chevigny": (5.1350, 47.2995), "bressey": (5.1840, 47.3065), "quetigny": (5.1060, 47.3145),
    "stapo": (5.0850, 47.3312),
}  # fmt: skip


class Road(msgspec.Struct, frozen=True):
    """A well-known road: its name, class and course."""

    name: str
    cls: str
    course: tuple[Stop, ...]


def _road(name: str, cls: str, *course: Stop) -> Road:
    return Road(name, cls, course)


ROADS: tuple[Road, ...] = (
    # the boulevards around the old town
    _road("boulevard de Brosses", "primary", "darcy", "bernard"),
    _road("boulevard de la Trémouille", "primary", "bernard", "republique"),
    _road("boulevard Thiers", "primary", "republique", "roosevelt", "octobre"),
    _road("boulevard Carnot", "primary", "octobre", "carnot", "wilson"),
    _road("rue de Tivoli", "secondary", "wilson", "tivoli", "suquet"),
    _road("rue de l'Hôpital", "secondary", "suquet", "ouche"),
    _road("boulevard de Sévigné", "secondary", "ouche", "misericorde", "darcy"),
    # the old town
    _road("rue de la Liberté", "tertiary", "darcy", (5.0358, 47.3227), "bossuet", "liberation"),
    _road("rue Rameau", "tertiary", "liberation", "theatre", "michel", "octobre"),
    _road("rue de la Préfecture", "tertiary", "notredame", (5.0422, 47.3248), "republique"),
    _road("rue Musette", "tertiary", "grangier", (5.0400, 47.3226), "notredame"),
    _road("rue des Godrans", "tertiary", "bossuet", "grangier", "bernard"),
    _road("rue Chabot-Charny", "tertiary", "theatre", (5.0440, 47.3190), "wilson"),
    _road("rue Monge", "tertiary", "bossuet", "zola", (5.0345, 47.3185), "ouche"),
    _road("rue Berbisey", "tertiary", "zola", (5.0365, 47.3185), "suquet"),
    _road("rue Vauban", "tertiary", "liberation", (5.0402, 47.3190), "tivoli"),
    _road("rue Jean-Jacques-Rousseau", "tertiary", "notredame", (5.0437, 47.3240), "roosevelt"),
    _road("rue de la Chouette", "tertiary", "theatre", "notredame"),
    _road("rue Devosge", "secondary", "darcy", (5.0345, 47.3258), (5.0400, 47.3283), "republique"),
    # the outer boulevards
    _road("boulevard Gallieni", "secondary", "fontaine-s", "drapeau", "langres"),
    _road("boulevard Paul-Doumer", "secondary", "langres", "stalingrad", "gray"),
    _road("boulevard Jeanne-d'Arc", "secondary", "gray", "mirande"),
    _road("boulevard de l'Université", "secondary", "mirande", "universite", "mansart"),
    _road("boulevard Mansart", "secondary", "mansart", "longvic-n", "parc"),
    _road("boulevard Winston-Churchill", "secondary", "parc", "eiffel"),
    _road("boulevard Palissy", "secondary", "eiffel", "jaures"),
    _road("boulevard Eugène-Fyot", "secondary", "jaures", "bourroches", "larrey"),
    _road("boulevard des Gorgets", "secondary", "larrey", "albert"),
    _road("boulevard François-Pompon", "secondary", "albert", "hugo"),
    _road("boulevard des Valendons", "secondary", "hugo", "fontaine-s"),
    _road("boulevard de Strasbourg", "secondary", "clem", (5.0555, 47.3283), "strasbourg"),
    _road("boulevard Voltaire", "secondary", "strasbourg", (5.0582, 47.3195), "voltaire", (5.0520, 47.3110)),
    _road(
        "boulevard Champollion", "secondary", "champollion", "nation", (5.0640, 47.3425), (5.0700, 47.3380)
    ),
    _road(
        "boulevard du Chanoine-Kir",
        "secondary",
        "larrey",
        (5.0040, 47.3178),
        "kir",
        (4.9835, 47.3290),
        (4.9780, 47.3352),
        "plombieres",
    ),
    # the avenues
    _road(
        "avenue Victor-Hugo",
        "primary",
        "darcy",
        (5.0290, 47.3252),
        (5.0225, 47.3270),
        "hugo",
        (5.0090, 47.3312),
        "talant",
    ),
    _road("avenue Maréchal-Foch", "secondary", "darcy", "gare"),
    _road("rue du Docteur-Rémy", "tertiary", "misericorde", "gare"),
    _road("avenue Albert-Ier", "secondary", "gare", (5.0205, 47.3223), "albert"),
    _road(
        "route de Paris",
        "secondary",
        "albert",
        (5.0065, 47.3288),
        (4.9930, 47.3336),
        (4.9830, 47.3372),
        "plombieres",
    ),
    _road("rue de Jouvence", "secondary", "bernard", (5.0352, 47.3290), "fontaine-s"),
    _road("rue de Fontaine", "secondary", "fontaine-s", (5.0245, 47.3385), "fontaine"),
    _road("rue de Dijon", "tertiary", "fontaine", (5.0110, 47.3475), "daix"),
    _road("avenue du Drapeau", "primary", "republique", (5.0412, 47.3312), "drapeau", "champollion"),
    _road("route d'Ahuy", "secondary", "champollion", (5.0310, 47.3550), "ahuy"),
    _road("avenue Garibaldi", "primary", "republique", (5.0452, 47.3320), "langres"),
    _road(
        "avenue de Langres", "primary", "langres", "nation", "toison", (5.0615, 47.3625), (5.0700, 47.3800)
    ),
    _road("boulevard Clemenceau", "primary", "republique", "clem"),
    _road(
        "avenue de Stalingrad",
        "primary",
        "clem",
        "stalingrad",
        (5.0700, 47.3380),
        (5.0830, 47.3445),
        (5.1050, 47.3610),
    ),
    _road("rue de Gray", "primary", "octobre", "strasbourg", "gray", (5.0745, 47.3296), "stapo"),
    _road("route de Gray", "primary", "stapo", (5.1050, 47.3370), (5.1400, 47.3450)),
    _road("rue de Mirande", "secondary", "octobre", (5.0577, 47.3208), "mirande"),
    _road("avenue Alain-Savary", "secondary", "mirande", (5.0800, 47.3175), (5.0930, 47.3152), "quetigny"),
    _road("route de Bressey", "tertiary", "quetigny", (5.1300, 47.3140), (5.1600, 47.3080), "bressey"),
    _road("rue d'Auxonne", "primary", "wilson", (5.0520, 47.3110), "mansart"),
    _road(
        "route de Dole",
        "primary",
        "mansart",
        (5.0760, 47.2968),
        (5.0900, 47.2900),
        "neuilly",
        (5.1350, 47.2660),
        (5.1900, 47.2450),
    ),
    _road("rue de Longvic", "primary", "wilson", (5.0492, 47.3095), "longvic-n"),
    _road("route de Dijon", "secondary", "longvic-n", (5.0590, 47.2950), "longvic"),
    _road(
        "route de Seurre",
        "secondary",
        "longvic",
        (5.0720, 47.2740),
        "ouges",
        (5.0920, 47.2500),
        "breteniere",
        (5.1300, 47.2200),
    ),
    _road("cours Général-de-Gaulle", "tertiary", "wilson", (5.0458, 47.3100), "parc"),
    _road("avenue Jean-Jaurès", "primary", "suquet", (5.0297, 47.3115), "jaures"),
    _road(
        "route de Beaune",
        "primary",
        "jaures",
        (5.0170, 47.2992),
        "chenove",
        (4.9985, 47.2820),
        "marsannay",
        (4.9760, 47.2400),
    ),
    _road(
        "avenue Roland-Carraz",
        "secondary",
        "jaures",
        (5.0205, 47.2925),
        (5.0145, 47.2780),
        "perrigny",
        (5.0020, 47.2400),
    ),
    _road("rue de Chenôve", "secondary", "chenove", (5.0205, 47.2925)),
    _road(
        "route de Corcelles",
        "tertiary",
        "bourroches",
        (5.0040, 47.3092),
        (4.9780, 47.3020),
        (4.9560, 47.2990),
        "corcelles",
        "flavignerot",
        (4.8900, 47.2800),
    ),
    _road("boulevard des Clairs-Logis", "tertiary", "talant", (5.0100, 47.3398), "fontaine"),
    _road("rue de Bellevue", "tertiary", "talant", (4.9975, 47.3440), "daix", "hauteville"),
    _road("rue de Majnoni", "tertiary", "fontaine", (5.0290, 47.3432), "champollion"),
    _road("route de Troyes", "secondary", "daix", (4.9800, 47.3580), (4.9500, 47.3750)),
    _road(
        "boulevard de l'Europe",
        "secondary",
        "stapo",
        (5.0990, 47.3230),
        "quetigny",
        (5.1180, 47.3050),
        "chevigny",
    ),
    _road("avenue de la République", "tertiary", "chevigny", "bressey"),
    _road("rue de Genlis", "tertiary", "chevigny", (5.1450, 47.2850), "magny"),
    _road("route de Sennecey", "tertiary", "chevigny", (5.1200, 47.2935), "sennecey", "neuilly"),
    _road("rue de Dijon", "tertiary", (5.0760, 47.2968), (5.0920, 47.2950), "sennecey"),
    _road("rue de la Colombière", "tertiary", "parc", (5.0500, 47.2950), (5.0560, 47.2860), "longvic"),
)

TRUNKS: tuple[Road, ...] = (
    _road("A 38", "motorway", (4.8800, 47.3370), (4.9150, 47.3415), (4.9400, 47.3412), (4.9680, 47.3440),
          (4.9830, 47.3480)),
    _road("Liaison nord", "trunk", (4.9830, 47.3480), (5.0000, 47.3555), (5.0180, 47.3555), (5.0360, 47.3535),
          (5.0545, 47.3570), (5.0680, 47.3555)),
    _road("Rocade est", "trunk", (5.0680, 47.3555), (5.0790, 47.3460), (5.0925, 47.3340), (5.0965, 47.3200),
          (5.0925, 47.3060), (5.0850, 47.2965), (5.0760, 47.2870), (5.0650, 47.2800), (5.0450, 47.2790),
          (5.0270, 47.2770)),
    _road("A 311", "motorway", (5.0270, 47.2770), (5.0190, 47.2640), (5.0150, 47.2490), (5.0060, 47.2250)),
    _road("A 31", "motorway", (4.9850, 47.2200), (5.0100, 47.2380), (5.0450, 47.2420), (5.0800, 47.2440),
          (5.1120, 47.2510), (5.1400, 47.2640), (5.1520, 47.2850), (5.1530, 47.3050), (5.1430, 47.3250),
          (5.1230, 47.3500), (5.0950, 47.3750), (5.0850, 47.4050)),
    _road("A 39", "motorway", (5.0870, 47.2985), (5.1000, 47.2860), (5.1220, 47.2720), (5.1400, 47.2640),
          (5.1650, 47.2480), (5.2000, 47.2250)),
)  # fmt: skip

OUCHE: tuple[LonLat, ...] = (
    (4.8780, 47.3400), (4.9150, 47.3385), (4.9400, 47.3378), (4.9700, 47.3360), (4.9860, 47.3318),
    (5.0055, 47.3255), (5.0130, 47.3205), (5.0240, 47.3178), (5.0318, 47.3155), (5.0385, 47.3100),
    (5.0480, 47.3005), (5.0570, 47.2925), (5.0680, 47.2842), (5.0860, 47.2765), (5.1050, 47.2728),
    (5.1300, 47.2610), (5.1600, 47.2490), (5.2050, 47.2350),
)  # fmt: skip
SUZON: tuple[LonLat, ...] = (
    (5.0130, 47.4050), (5.0260, 47.3820), (5.0275, 47.3680), (5.0345, 47.3580), (5.0395, 47.3460),
    (5.0420, 47.3370), (5.0428, 47.3310),
)  # fmt: skip
TILLE: tuple[LonLat, ...] = (
    (5.2050, 47.3350), (5.1930, 47.3150), (5.1890, 47.3040), (5.1780, 47.2880), (5.1660, 47.2710),
    (5.1720, 47.2540), (5.1900, 47.2350),
)  # fmt: skip
NORGES: tuple[LonLat, ...] = (
    (5.1500, 47.3550), (5.1490, 47.3350), (5.1560, 47.3200), (5.1640, 47.3000), (5.1700, 47.2850),
    (5.1660, 47.2710),
)  # fmt: skip
CANAL: tuple[LonLat, ...] = (
    (4.8780, 47.3383), (4.9150, 47.3366), (4.9500, 47.3360), (4.9720, 47.3335), (4.9850, 47.3268),
    (5.0030, 47.3206), (5.0140, 47.3186), (5.0240, 47.3158), (5.0312, 47.3118), (5.0600, 47.2850),
    (5.0850, 47.2610), (5.1140, 47.2340), (5.1300, 47.2190),
)  # fmt: skip
LAKE: tuple[LonLat, ...] = (
    (5.0065, 47.3262), (5.0050, 47.3238), (4.9960, 47.3252), (4.9885, 47.3283), (4.9840, 47.3310),
    (4.9855, 47.3330), (4.9930, 47.3310), (5.0010, 47.3278),
)  # fmt: skip
PORT: tuple[LonLat, ...] = ((5.0300, 47.3134), (5.0322, 47.3124), (5.0318, 47.3112), (5.0292, 47.3126))

RAILWAYS: tuple[tuple[LonLat, ...], ...] = (
    ((4.8780, 47.3420), (4.9150, 47.3435), (4.9500, 47.3428), (4.9720, 47.3418), (4.9900, 47.3358),
     (5.0080, 47.3300), (5.0200, 47.3250), (5.0262, 47.3226)),
    ((5.0262, 47.3226), (5.0245, 47.3180), (5.0218, 47.3100), (5.0215, 47.3020), (5.0190, 47.2900),
     (5.0118, 47.2720), (4.9960, 47.2480), (4.9870, 47.2200)),
    ((5.0262, 47.3226), (5.0305, 47.3268), (5.0380, 47.3302), (5.0470, 47.3298), (5.0540, 47.3262),
     (5.0590, 47.3190), (5.0680, 47.3050), (5.0830, 47.2930), (5.1000, 47.2840), (5.1280, 47.2720),
     (5.2050, 47.2420)),
    ((5.0470, 47.3298), (5.0560, 47.3310), (5.0630, 47.3370), (5.0680, 47.3480), (5.0740, 47.3700),
     (5.0760, 47.4050)),
    ((5.0218, 47.3100), (5.0250, 47.3030), (5.0360, 47.2940), (5.0520, 47.2825), (5.0640, 47.2650),
     (5.0800, 47.2450), (5.1000, 47.2150)),
)  # fmt: skip


class Line(msgspec.Struct, frozen=True):
    """A transit line: its label, termini and the anchors or points it passes."""

    label: str
    start: str
    end: str
    course: tuple[Stop, ...]


TRAMS: tuple[Line, ...] = (
    Line("T1", "Dijon Gare", "Quetigny Centre", (
        "gare", "darcy", "bernard", "republique", "clem", (5.0555, 47.3322), "stalingrad", (5.0655, 47.3325),
        (5.0705, 47.3250), "mirande", "universite", (5.0755, 47.3105), (5.0850, 47.3120), (5.0960, 47.3132),
        "quetigny", (5.1120, 47.3142))),
    Line("T2", "Valmy", "Chenôve Centre", (
        "valmy", (5.0590, 47.3545), "toison", "nation", "langres", (5.0452, 47.3320), "republique", "bernard",
        "darcy", "gare", (5.0282, 47.3190), (5.0297, 47.3115), "jaures", (5.0170, 47.2992), (5.0110, 47.2950),
        "chenove", (5.0050, 47.2890))),
)  # fmt: skip
