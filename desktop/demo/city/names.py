"""French street names for the generated streets: real notables, flowers, trees, places and trades."""

from __future__ import annotations

import random
from collections.abc import Iterator

NOTABLES = """
Victor-Schœlcher;Louis-Pasteur;Marie-Curie;Pierre-Curie;Jules-Ferry;Léon-Gambetta;Georges-Clemenceau
Aristide-Briand;Jean-Moulin;Général-Leclerc;Maréchal-Lyautey;Maréchal-Joffre;Général-Delaborde;Gustave-Eiffel
Hector-Berlioz;Claude-Debussy;Maurice-Ravel;Georges-Bizet;Camille-Saint-Saëns;Charles-Gounod;Gabriel-Fauré
Erik-Satie;Jean-Philippe-Rameau;François-Couperin;Paul-Verlaine;Arthur-Rimbaud;Charles-Baudelaire;Stéphane-Mallarmé
Alphonse-de-Lamartine;Alfred-de-Musset;Alfred-de-Vigny;Gérard-de-Nerval;Honoré-de-Balzac;Gustave-Flaubert
Guy-de-Maupassant;Émile-Zola;Alphonse-Daudet;George-Sand;Anatole-France;Marcel-Proust;Colette;Jules-Verne
Alexandre-Dumas;Théophile-Gautier;Prosper-Mérimée;Jean-de-La-Fontaine;Molière;Pierre-Corneille;Jean-Racine
Nicolas-Boileau;Blaise-Pascal;René-Descartes;Voltaire;Denis-Diderot;D'Alembert;Montesquieu;Condorcet;Buffon
Bossuet;Fénelon;Sébastien-Vauban;Jean-Baptiste-Colbert;Sully;Turgot;Necker;Mirabeau;Danton;Lazare-Carnot;Hoche
Marceau;Kléber;Desaix;Lafayette;Denfert-Rochereau;Camille-Flammarion;Urbain-Le-Verrier;François-Arago
Joseph-Fourier;Évariste-Galois;Augustin-Fresnel;André-Marie-Ampère;Léon-Foucault;Joseph-Gay-Lussac
Marcellin-Berthelot;Claude-Bernard;Henri-Becquerel;Antoine-Lavoisier;Pierre-Simon-Laplace;Gaspard-Monge
Joseph-Louis-Lagrange;Sophie-Germain;Émilie-du-Châtelet;Georges-Cuvier;Jean-Baptiste-Lamarck;Nicéphore-Niépce
Louis-Daguerre;Auguste-Lumière;Louis-Blériot;Roland-Garros;Clément-Ader;Jean-Mermoz;Antoine-de-Saint-Exupéry
Hélène-Boucher;Maryse-Bastié;Guynemer;Montgolfier;Denis-Papin;Joseph-Jacquard;Marc-Seguin;Ferdinand-de-Lesseps
Philippe-Lebon;Edme-Mariotte;Guyton-de-Morveau;François-Rude;François-Pompon;Pierre-Paul-Prud'hon;Claus-Sluter
Claus-de-Werve;Hugues-Sambin;Jean-Goujon;Germain-Pilon;Auguste-Rodin;Camille-Claudel;Antoine-Bourdelle
Aristide-Maillol;Eugène-Delacroix;Théodore-Géricault;Gustave-Courbet;Camille-Corot;Jean-François-Millet
Édouard-Manet;Claude-Monet;Auguste-Renoir;Edgar-Degas;Paul-Cézanne;Berthe-Morisot;Alfred-Sisley;Camille-Pissarro
Paul-Gauguin;Georges-Seurat;Henri-Matisse;Georges-Braque;Fernand-Léger;Raoul-Dufy;Henri-Rousseau;Nicolas-Poussin
Antoine-Watteau;François-Boucher;Jean-Fragonard;Jacques-Louis-David;Dominique-Ingres;Honoré-Daumier;Gustave-Doré
Jeanne-d'Arc;Philippe-le-Hardi;Jean-sans-Peur;Philippe-le-Bon;Charles-le-Téméraire;Marguerite-de-Flandre
Saint-Bernard;Sainte-Bénigne;Saint-Vincent-de-Paul;Aloysius-Bertrand;Bernard-Courtois;Félix-Trutat;Henri-Darcy
Gaston-Gérard;Étienne-Bernard;Félix-Kir;Eugène-Spuller;Jean-Macé;Ferdinand-Buisson;Édouard-Herriot;Jean-Zay
Léon-Blum;Pierre-Mendès-France;Robert-Schuman;Jean-Monnet;Pierre-Brossolette;Guy-Môquet;Danielle-Casanova
Lucie-Aubrac;Berty-Albrecht;Simone-Weil;Louise-Michel;Olympe-de-Gouges;Flora-Tristan;Jules-Vallès;Jean-Jaurès
Jules-Guesde;Eugène-Pottier;Pierre-Semard;Colonel-Fabien;Missak-Manouchian;Commandant-Charcot;La-Pérouse
Bougainville;Samuel-de-Champlain;Jacques-Cartier;Surcouf;Jean-Bart;Duguay-Trouin;Suffren;Savorgnan-de-Brazza
Ernest-Renan;Hippolyte-Taine;Jules-Michelet;Edgar-Quinet;Alexis-de-Tocqueville;Auguste-Comte;Henri-Bergson
Romain-Rolland;Roger-Martin-du-Gard;Guillaume-Apollinaire;Charles-Péguy;Alain-Fournier;Max-Jacob
Robert-Desnos;Paul-Éluard;Saint-John-Perse;Jean-Giraudoux;Edmond-Rostand;Georges-Feydeau;Sarah-Bernhardt
Louis-Jouvet;Gérard-Philipe;Georges-Méliès;Jean-Vigo;Jacques-Copeau;Frédéric-Mistral;Pierre-de-Ronsard
Joachim-du-Bellay;Clément-Marot;François-Villon;François-Rabelais;Michel-de-Montaigne;Louise-Labé
Ambroise-Paré;Olivier-de-Serres;Bernard-Palissy;Parmentier;Philibert-de-l'Orme;Jules-Hardouin-Mansart
Le-Nôtre;Viollet-le-Duc;Haussmann;Davout;Junot;Bizot;Nansouty;Sambre;Marmont;Docteur-Calmette
Docteur-Laennec;Docteur-Maret;Docteur-Chaussier;Docteur-Quignard;Docteur-Albert-Rémy;Professeur-Roux
Abbé-Grégoire;Général-Fauconnet;Capitaine-Blanc;Sergent-Bobillot;Lieutenant-Colonel-Driant"""

PLACES = """
des Lilas;des Roses;des Acacias;des Tilleuls;des Érables;des Marronniers;des Platanes;des Peupliers
des Charmes;des Chênes;des Frênes;des Bouleaux;des Noyers;des Cerisiers;des Pommiers;des Poiriers;des Pruniers
des Amandiers;des Genêts;des Bruyères;des Glycines;des Jonquilles;des Iris;des Violettes;des Pervenches
des Coquelicots;des Bleuets;des Primevères;des Églantines;du Muguet;des Aubépines;des Sureaux;des Noisetiers
des Mésanges;des Alouettes;des Hirondelles;des Rossignols;des Fauvettes;des Pinsons;des Bergeronnettes
des Vignes;des Vendangeurs;des Vignerons;du Pressoir;des Tonneliers;des Grands-Crus;du Clos;des Perrières
des Carrières;des Combes;de la Combe;de la Source;de la Fontaine;du Lavoir;du Puits;de l'Étang;du Moulin
du Gué;des Prés;des Prairies;du Pré-aux-Moines;des Jardins;des Vergers;du Verger;des Champs;des Sillons
des Moissons;des Blés;des Grandes-Varennes;de la Plaine;du Bocage;du Coteau;de la Montagne;de Bellevue
du Belvédère;des Crais;du Château;de l'Église;du Cimetière;du Presbytère;de la Chapelle;du Couvent
des Capucins;des Carmélites;des Ursulines;des Cordeliers;des Chartreux;des Bernardines;du Four;des Forges
des Maréchaux;des Tanneries;des Tisserands;des Potiers;des Verriers;des Imprimeurs;du Tillot;des Halles
du Marché;du Bourg;du Transvaal;de la Gare;du Viaduc;du Pont;de l'Écluse;du Canal;du Halage;des Mariniers
de l'Ouche;du Suzon;de la Tille;du Chemin-de-Fer;de l'Aérodrome;des Artisans;de l'Industrie;des Métiers
de l'Innovation;de l'Europe;de l'Égalité;de la Fraternité;du Souvenir;de la Paix;de la Résistance
du 8-Mai-1945;du 11-Novembre-1918;du 4-Septembre;du 19-Mars-1962;de Verdun;de la Marne;d'Alsace;de Lorraine
de Bourgogne
du Morvan;du Jura;de Franche-Comté;de Champagne;de Bretagne;de Normandie;de Provence;de Savoie;de Gascogne
de Bourgogne-Nord;de Beaune;de Nuits;de Meursault;de Pommard;de Volnay;de Vosne;de Vougeot;de Chambolle
de Morey;de Gevrey;de Fixin;de Couchey;de Santenay;de Chablis;de Mâcon;d'Autun;de Semur;de Montbard;d'Avallon
d'Auxerre;de Sens;de Langres;de Gray;de Besançon;de Dole;de Seurre;de Chalon;de Cluny;de Tournus;de Vézelay
de Fontenay;de Cîteaux;de Bèze;de Fleurey;de Velars;de Sombernon;de Pouilly;de Mirebeau;d'Is;de Til-Châtel
du Fort;de la Redoute;du Rempart;des Remparts;du Bastion;de la Porte-Neuve;de la Poterne;du Guet;de la Monnaie
du Palais;de la Chouette;du Bon-Pasteur;de la Croix-Blanche;du Lion-d'Or;du Petit-Cîteaux;du Chapeau-Rouge
du Tire-Pesseau;des Crots;de la Toppe;des Longènes;des Ruchottes;des Échézeaux;de la Charme;des Valendons
des Marmuzots;de la Sablière;de la Tuilerie;du Réservoir;des Écoles;du Stade;de la Mairie"""

OLD_STREETS = """
rue des Forges;rue Verrerie;rue Vannerie;rue Chaudronnerie;rue du Bourg;rue Piron;rue Amiral-Roussin
rue Philippe-Pot;rue Danton;rue Victor-Dumay;rue Condorcet;rue du Tillot;rue Crébillon;rue Sainte-Anne
rue du Petit-Potet;rue Buffon;rue Saumaise;rue de la Manutention;rue Brûlard;rue du Chapeau-Rouge;rue Michelet
rue du Docteur-Maret;rue Mariotte;rue de la Poste;rue du Château;rue Mably;rue Bannelier;rue Quentin
rue François-Rude;rue Odebert;rue Ramey;rue du Champ-de-Mars;rue Auguste-Comte;rue Assier;rue Jeannin
rue Lamonnoye;rue Longepierre;rue Diderot;rue Proudhon;rue Turgot;rue Legouz-Gerland;rue Berlier
rue de l'École-de-Droit;rue du Lycée;rue Franklin;rue Colson;rue Charrue;rue Bossuet;rue Dauphine;rue Pasteur
rue Philibert-Papillon;rue Hernoux;rue Vaillant;rue Saint-Philibert;rue Cazotte;rue des Roses-Blanches
rue des Bons-Enfants;rue du Palais;rue Jean-Baptiste-Liégeard;rue du Vieux-Collège;rue Pouffier;rue d'Assas
rue Mirabeau;rue Suquet;rue Maret;rue du Rempart;rue Tabourot-des-Accords;rue du Morimont;rue Étioux
rue Sainte-Marguerite;rue des Novices;rue du Refuge;rue de la Prévôté;rue Claude-Bernard;rue Gagnereaux"""

FIRST_NAMES = """
Adolphe;Albert;Alexandre;Alice;André;Antoine;Armand;Auguste;Benoît;Blanche;Camille;Charles;Claude;Clément;Édouard
Edmond;Émile;Étienne;Eugène;Félix;Fernand;François;Gabriel;Gaston;Georges;Henri;Hubert;Jacques;Jeanne;Joseph
Jules;Julien;Léon;Louis;Lucien;Madeleine;Marcel;Marguerite;Marthe;Maurice;Paul;Pierre;Philibert;René;Suzanne"""

FAMILY_NAMES = """
Morizot;Bouchard;Grivot;Clerget;Mugnier;Jacquin;Naudet;Perrenet;Chanson;Bizouard;Magnien;Rousselot;Guyot;Poinsot
Maillard;Bertheau;Confuron;Gremeaux;Lamarche;Trapet;Rebourseau;Drouhin;Groffier;Marion;Viénot;Collardot;Garnier
Bassot;Belin;Boillot;Carré;Chevillard;Cornu;Darviot;Derey;Fornerot;Fournier;Gallois;Girard;Huguenot;Jobard;Joliet
Lallemand;Lavier;Lebault;Machard;Mathey;Ménétrier;Moissenet;Nicolle;Paquot;Pernot;Petitjean;Picard;Quillardet
Ragot;Regnault;Renaudot;Sirugue;Tainturier;Tisserand;Truchot;Vachet;Vauthier;Voisenet"""


def listed(text: str) -> list[str]:
    """The names of one of the lists above."""
    return [name.strip() for name in text.strip().replace("\n", ";").split(";")]


class NameBook:
    """Gives each street of a commune a name of its own; the order of asking decides, the seed shuffles."""

    def __init__(self, seed: int) -> None:
        self._seed = seed
        self._sources: dict[tuple[str, str], Iterator[str]] = {}
        self._used: dict[str, set[str]] = {}

    def reserve(self, commune: str, name: str) -> None:
        """Keep a known name from being given again in that commune."""
        self._used.setdefault(commune, set()).add(name)

    def take_old(self, commune: str) -> str | None:
        """A name of the old town's, while there are some left."""
        used = self._used.setdefault(commune, set())
        name = next((candidate for candidate in listed(OLD_STREETS) if candidate not in used), None)
        if name is not None:
            used.add(name)
        return name

    def take(self, commune: str, kind: str) -> str:
        """A name for a street of that kind (rue, impasse, allée, chemin...)."""
        used = self._used.setdefault(commune, set())
        source = self._sources.get((commune, kind))
        if source is None:
            source = self._sources[commune, kind] = _names(kind, f"{self._seed}/{commune}/{kind}")
        name = next(candidate for candidate in source if candidate not in used)
        used.add(name)
        return name


def _names(kind: str, key: str) -> Iterator[str]:
    """Names for a kind of street: well-known ones, then people of the country, then other kinds."""
    shuffle = random.Random(key).shuffle
    people, places = listed(NOTABLES), listed(PLACES)
    pool = places if kind in ("chemin", "ruelle") else people + places
    shuffle(pool)
    yield from (f"{kind} {name}" for name in pool)
    locals_ = [f"{first}-{family}" for first in listed(FIRST_NAMES) for family in listed(FAMILY_NAMES)]
    shuffle(locals_)
    yield from (f"{kind} {name}" for name in locals_)
    number = 1
    while True:
        yield f"{kind} n° {number}"
        number += 1
