<?xml version="1.0" encoding="utf-8"?>
<!DOCTYPE TS>
<TS version="2.1" language="fr_FR">
<context>
    <name>AbnormalTable</name>
    <message>
        <source>Priority</source>
        <translation>Priorité</translation>
    </message>
    <message>
        <source>Since</source>
        <translation>Depuis</translation>
    </message>
    <message>
        <source>State</source>
        <translation>État</translation>
    </message>
    <message>
        <source>Object</source>
        <translation>Objet</translation>
    </message>
    <message>
        <source>Commune</source>
        <translation>Commune</translation>
    </message>
    <message>
        <source>Layer</source>
        <translation>Couche</translation>
    </message>
    <message>
        <source>Nobody has said since when.</source>
        <translation>Personne n’a dit depuis quand.</translation>
    </message>
    <message>
        <source>Dated later than now: check the clock of whoever reported it.</source>
        <translation>Daté après l’heure actuelle&#xa0;: vérifiez l’horloge de qui l’a signalé.</translation>
    </message>
    <message>
        <source>For {0}</source>
        <translation>Depuis {0}</translation>
    </message>
    <message>
        <source>{0} · uncertain</source>
        <translation>{0} · incertain</translation>
    </message>
    <message>
        <source>{0} · unknown</source>
        <translation>{0} · inconnu</translation>
    </message>
</context>
<context>
    <name>AcknowledgeDialog</name>
    <message>
        <source>Note</source>
        <translation>Note</translation>
    </message>
    <message>
        <source>What is known or being done (optional)</source>
        <translation>Ce que l’on sait, ce qui est en cours (facultatif)</translation>
    </message>
</context>
<context>
    <name>Actions</name>
    <message>
        <source>Find</source>
        <translation>Trouver</translation>
    </message>
    <message>
        <source>Map</source>
        <translation>Carte</translation>
    </message>
    <message>
        <source>View</source>
        <translation>Affichage</translation>
    </message>
    <message>
        <source>Appearance</source>
        <translation>Apparence</translation>
    </message>
    <message>
        <source>Application</source>
        <translation>Application</translation>
    </message>
    <message>
        <source>Search everything</source>
        <translation>Rechercher partout</translation>
    </message>
    <message>
        <source>What is abnormal</source>
        <translation>Ce qui est anormal</translation>
    </message>
    <message>
        <source>Go to the selection</source>
        <translation>Aller à la sélection</translation>
    </message>
    <message>
        <source>Select nothing</source>
        <translation>Ne rien sélectionner</translation>
    </message>
    <message>
        <source>Remove every filter</source>
        <translation>Retirer tous les filtres</translation>
    </message>
    <message>
        <source>Whole territory</source>
        <translation>Tout le territoire</translation>
    </message>
    <message>
        <source>Previous view</source>
        <translation>Vue précédente</translation>
    </message>
    <message>
        <source>Next view</source>
        <translation>Vue suivante</translation>
    </message>
    <message>
        <source>Zoom in</source>
        <translation>Zoomer</translation>
    </message>
    <message>
        <source>Zoom out</source>
        <translation>Dézoomer</translation>
    </message>
    <message>
        <source>Next coordinate system</source>
        <translation>Système de coordonnées suivant</translation>
    </message>
    <message>
        <source>Copy the coordinates</source>
        <translation>Copier les coordonnées</translation>
    </message>
    <message>
        <source>Layers panel</source>
        <translation>Panneau des couches</translation>
    </message>
    <message>
        <source>Inspector</source>
        <translation>Inspecteur</translation>
    </message>
    <message>
        <source>Tables</source>
        <translation>Tableaux</translation>
    </message>
    <message>
        <source>Keyboard to the map</source>
        <translation>Clavier sur la carte</translation>
    </message>
    <message>
        <source>Keyboard to the layers</source>
        <translation>Clavier sur les couches</translation>
    </message>
    <message>
        <source>Keyboard to the inspector</source>
        <translation>Clavier sur l’inspecteur</translation>
    </message>
    <message>
        <source>Next part of the window</source>
        <translation>Partie suivante de la fenêtre</translation>
    </message>
    <message>
        <source>Previous part of the window</source>
        <translation>Partie précédente de la fenêtre</translation>
    </message>
    <message>
        <source>Usual layout</source>
        <translation>Disposition habituelle</translation>
    </message>
    <message>
        <source>Full screen</source>
        <translation>Plein écran</translation>
    </message>
    <message>
        <source>Light or dark theme</source>
        <translation>Thème clair ou sombre</translation>
    </message>
    <message>
        <source>Read the registry now</source>
        <translation>Relire le registre maintenant</translation>
    </message>
    <message>
        <source>Shortcuts</source>
        <translation>Raccourcis clavier</translation>
    </message>
    <message>
        <source>Open the menu</source>
        <translation>Ouvrir le menu</translation>
    </message>
    <message>
        <source>Quit</source>
        <translation>Quitter</translation>
    </message>
    <message>
        <source>Layers</source>
        <translation>Couches</translation>
    </message>
    <message>
        <source>Show or hide: {0}</source>
        <translation>Afficher ou masquer&#xa0;: {0}</translation>
    </message>
    <message>
        <source>Table: {0}</source>
        <translation>Tableau&#xa0;: {0}</translation>
    </message>
</context>
<context>
    <name>AlarmActs</name>
    <message>
        <source>Nothing chosen waits to be acknowledged.</source>
        <translation>Rien de ce qui est choisi n’attend d’acquittement.</translation>
    </message>
    <message>
        <source>Choose the alarms to shelve first.</source>
        <translation>Choisissez d’abord les alarmes à différer.</translation>
    </message>
    <message>
        <source>Choose the alarms of the objects under works first.</source>
        <translation>Choisissez d’abord les alarmes des objets en travaux.</translation>
    </message>
    <message>
        <source>{0} alarms</source>
        <translation>{0} alarmes</translation>
    </message>
    <message>
        <source>Nobody is signed in at this desk: choose who you are first.</source>
        <translation>Personne ne s’est identifié à ce poste&#xa0;: choisissez d’abord qui vous êtes.</translation>
    </message>
    <message>
        <source>Your role does not allow this: ask an operator or a supervisor.</source>
        <translation>Votre rôle ne le permet pas&#xa0;: demandez à un opérateur ou à un superviseur.</translation>
    </message>
</context>
<context>
    <name>AlarmBanner</name>
    <message>
        <source>and {0} more in the list</source>
        <translation>et {0} de plus dans la liste</translation>
    </message>
</context>
<context>
    <name>AlarmBlock</name>
    <message>
        <source>Priority {0} · {1}</source>
        <translation>Priorité&#xa0;{0} · {1}</translation>
    </message>
    <message>
        <source>Acknowledge</source>
        <translation>Acquitter</translation>
    </message>
    <message>
        <source>Shelve…</source>
        <translation>Différer…</translation>
    </message>
    <message>
        <source>Put back</source>
        <translation>Remettre</translation>
    </message>
    <message>
        <source>Cleared for {0}. {1}.</source>
        <translation>Disparue depuis {0}. {1}.</translation>
    </message>
    <message>
        <source>For {0}. {1}.</source>
        <translation>Depuis {0}. {1}.</translation>
    </message>
</context>
<context>
    <name>AlarmDialogs</name>
    <message>
        <source>Acknowledge</source>
        <translation>Acquitter</translation>
    </message>
    <message>
        <source>Shelve</source>
        <translation>Différer</translation>
    </message>
    <message>
        <source>Mask during works</source>
        <translation>Masquer pendant des travaux</translation>
    </message>
    <message>
        <source>Mask</source>
        <translation>Masquer</translation>
    </message>
</context>
<context>
    <name>AlarmFilters</name>
    <message>
        <source>Desk</source>
        <translation>Poste</translation>
    </message>
    <message>
        <source>Commune</source>
        <translation>Commune</translation>
    </message>
    <message>
        <source>Layer</source>
        <translation>Couche</translation>
    </message>
    <message>
        <source>Priority</source>
        <translation>Priorité</translation>
    </message>
    <message>
        <source>Status</source>
        <translation>État</translation>
    </message>
    <message>
        <source>Filter</source>
        <translation>Filtrer</translation>
    </message>
    <message>
        <source>Filter alarms by text</source>
        <translation>Filtrer les alarmes par texte</translation>
    </message>
    <message>
        <source>unacknowledged</source>
        <translation>non acquittée</translation>
    </message>
    <message>
        <source>acknowledged</source>
        <translation>acquittée</translation>
    </message>
    <message>
        <source>cleared, unacknowledged</source>
        <translation>disparue, non acquittée</translation>
    </message>
    <message>
        <source>shelved or masked</source>
        <translation>différée ou masquée</translation>
    </message>
</context>
<context>
    <name>AlarmHistory</name>
    <message>
        <source>{0} lines written to {1}</source>
        <translation>{0} lignes écrites dans {1}</translation>
    </message>
    <message>
        <source>Key</source>
        <translation>Clé</translation>
    </message>
    <message>
        <source>Period</source>
        <translation>Période</translation>
    </message>
    <message>
        <source>24 hours</source>
        <translation>24&#xa0;heures</translation>
    </message>
    <message>
        <source>7 days</source>
        <translation>7&#xa0;jours</translation>
    </message>
    <message>
        <source>30 days</source>
        <translation>30&#xa0;jours</translation>
    </message>
    <message>
        <source>Event</source>
        <translation>Événement</translation>
    </message>
    <message>
        <source>Filter by object, rule or person</source>
        <translation>Filtrer par objet, règle ou personne</translation>
    </message>
    <message>
        <source>Export…</source>
        <translation>Exporter…</translation>
    </message>
    <message>
        <source>History of alarms</source>
        <translation>Historique des alarmes</translation>
    </message>
    <message>
        <source>Export the history</source>
        <translation>Exporter l’historique</translation>
    </message>
    <message>
        <source>Nothing in the history passes these filters.</source>
        <translation>Rien dans l’historique ne passe ces filtres.</translation>
    </message>
    <message>
        <source>The history is empty: it fills with the first alarm.</source>
        <translation>L’historique est vide&#xa0;: il se remplit dès la première alarme.</translation>
    </message>
    <message>
        <source>The history cannot be read or written: {0}</source>
        <translation>L’historique ne peut être lu ou écrit&#xa0;: {0}</translation>
    </message>
</context>
<context>
    <name>AlarmKpi</name>
    <message>
        <source>in 10 min</source>
        <translation>en 10&#xa0;min</translation>
    </message>
    <message>
        <source>standing</source>
        <translation>en cours</translation>
    </message>
    <message>
        <source>over 24 h</source>
        <translation>plus de 24&#xa0;h</translation>
    </message>
    <message>
        <source>chattering</source>
        <translation>instables</translation>
    </message>
    <message>
        <source>shelved</source>
        <translation>différées</translation>
    </message>
    <message>
        <source>masked</source>
        <translation>masquées</translation>
    </message>
    <message>
        <source>Alarms in 10 min, by desk</source>
        <translation>Alarmes en 10&#xa0;min, par poste</translation>
    </message>
    <message>
        <source>Most frequent in 24 h</source>
        <translation>Les plus fréquentes en 24&#xa0;h</translation>
    </message>
    <message>
        <source>No alarm in the last 10 minutes.</source>
        <translation>Aucune alarme ces 10 dernières minutes.</translation>
    </message>
    <message>
        <source>No alarm in the last 24 hours.</source>
        <translation>Aucune alarme ces 24 dernières heures.</translation>
    </message>
</context>
<context>
    <name>AlarmTable</name>
    <message>
        <source>Priority</source>
        <translation>Priorité</translation>
    </message>
    <message>
        <source>Time</source>
        <translation>Heure</translation>
    </message>
    <message>
        <source>Alarm</source>
        <translation>Alarme</translation>
    </message>
    <message>
        <source>Object</source>
        <translation>Objet</translation>
    </message>
    <message>
        <source>Commune</source>
        <translation>Commune</translation>
    </message>
    <message>
        <source>Desk</source>
        <translation>Poste</translation>
    </message>
    <message>
        <source>Status</source>
        <translation>État</translation>
    </message>
</context>
<context>
    <name>AlarmView</name>
    <message>
        <source>Alarms</source>
        <translation>Alarmes</translation>
    </message>
    <message>
        <source>Acknowledge</source>
        <translation>Acquitter</translation>
    </message>
    <message>
        <source>Acknowledge all shown…</source>
        <translation>Tout acquitter…</translation>
    </message>
    <message>
        <source>Shelve…</source>
        <translation>Différer…</translation>
    </message>
    <message>
        <source>More</source>
        <translation>Plus</translation>
    </message>
    <message>
        <source>List</source>
        <translation>Liste</translation>
    </message>
    <message>
        <source>History</source>
        <translation>Historique</translation>
    </message>
    <message>
        <source>Figures</source>
        <translation>Indicateurs</translation>
    </message>
    <message>
        <source>Acknowledge with a note… (N)</source>
        <translation>Acquitter avec une note… (N)</translation>
    </message>
    <message>
        <source>Put back in the list</source>
        <translation>Remettre dans la liste</translation>
    </message>
    <message>
        <source>Mask during works…</source>
        <translation>Masquer pendant des travaux…</translation>
    </message>
    <message>
        <source>Flood: {0} alarms in 10 min, 1 cause</source>
        <translation>Avalanche&#xa0;: {0} alarmes en 10&#xa0;min, 1&#xa0;cause</translation>
    </message>
    <message>
        <source>Flood: {0} alarms in 10 min, {1} causes</source>
        <translation>Avalanche&#xa0;: {0} alarmes en 10&#xa0;min, {1}&#xa0;causes</translation>
    </message>
    <message>
        <source>Usual order</source>
        <translation>Ordre habituel</translation>
    </message>
    <message>
        <source>Causes that explain most first</source>
        <translation>Les causes qui expliquent le plus</translation>
    </message>
    <message>
        <source>Nothing is shelved or masked. What is put aside waits here until its time.</source>
        <translation>Rien n’est différé ni masqué. Ce qui est mis de côté attend ici son heure.</translation>
    </message>
    <message>
        <source>No alarm passes these filters; {0} rows are hidden by them.</source>
        <translation>Aucune alarme ne passe ces filtres&#x202f;; ils cachent {0} lignes.</translation>
    </message>
    <message>
        <source>No alarm is known, but the live feed is cut: silence proves nothing.</source>
        <translation>Aucune alarme n’est connue, mais le flux est coupé&#xa0;: le silence ne prouve rien.</translation>
    </message>
    <message>
        <source>No alarm. One comes here as soon as an object reports a fault or crosses a threshold.</source>
        <translation>Aucune alarme. Il en vient une dès qu’un objet signale un défaut ou franchit un seuil.</translation>
    </message>
</context>
<context>
    <name>AlarmWords</name>
    <message>
        <source>1 related alarm</source>
        <translation>1&#xa0;alarme liée</translation>
    </message>
    <message>
        <source>{0} related alarms</source>
        <translation>{0}&#xa0;alarmes liées</translation>
    </message>
    <message>
        <source>{0} · uncertain</source>
        <translation>{0} · incertaine</translation>
    </message>
    <message>
        <source>all acknowledged</source>
        <translation>tout est acquitté</translation>
    </message>
    <message>
        <source>unacknowledged</source>
        <translation>non acquittée</translation>
    </message>
    <message>
        <source>{0} of {1} unacknowledged</source>
        <translation>{0} non acquittées sur {1}</translation>
    </message>
    <message>
        <source>For {0}</source>
        <translation>Depuis {0}</translation>
    </message>
    <message>
        <source>Acknowledged {0} by {1}</source>
        <translation>Acquittée {0} par {1}</translation>
    </message>
    <message>
        <source>: {0}</source>
        <translation>&#xa0;: «&#xa0;{0}&#xa0;»</translation>
    </message>
    <message>
        <source>Shelved until {0} by {1}: {2}</source>
        <translation>Différée jusqu’à {0} par {1}&#xa0;: {2}</translation>
    </message>
    <message>
        <source>masked · {0}</source>
        <translation>masquée · {0}</translation>
    </message>
    <message>
        <source>shelved {0}</source>
        <translation>différée {0}</translation>
    </message>
    <message>
        <source>cleared, unacknowledged</source>
        <translation>disparue, non acquittée</translation>
    </message>
    <message>
        <source>closed</source>
        <translation>close</translation>
    </message>
    <message>
        <source>acknowledged</source>
        <translation>acquittée</translation>
    </message>
    <message>
        <source>acknowledged · {0}</source>
        <translation>acquittée · {0}</translation>
    </message>
</context>
<context>
    <name>ApprovalCard</name>
    <message>
        <source>A second person is asked for</source>
        <translation>Une seconde personne est demandée</translation>
    </message>
    <message>
        <source>{0}, {1}, asks your agreement:</source>
        <translation>{0}, {1}, demande votre accord&#xa0;:</translation>
    </message>
    <message>
        <source>Reason: {0}</source>
        <translation>Motif&#xa0;: {0}</translation>
    </message>
    <message>
        <source>Decline</source>
        <translation>Refuser</translation>
    </message>
    <message>
        <source>Show on the map</source>
        <translation>Montrer sur la carte</translation>
    </message>
    <message>
        <source>Agree</source>
        <translation>Donner mon accord</translation>
    </message>
    <message>
        <source>{0} s left to answer.</source>
        <translation>{0}&#xa0;s pour répondre.</translation>
    </message>
</context>
<context>
    <name>Asking</name>
    <message>
        <source>Cancel</source>
        <translation>Annuler</translation>
    </message>
</context>
<context>
    <name>AuditTable</name>
    <message>
        <source>No.</source>
        <translation>Nº</translation>
    </message>
    <message>
        <source>Time</source>
        <translation>Heure</translation>
    </message>
    <message>
        <source>Who</source>
        <translation>Qui</translation>
    </message>
    <message>
        <source>What</source>
        <translation>Acte</translation>
    </message>
    <message>
        <source>Target</source>
        <translation>Cible</translation>
    </message>
    <message>
        <source>Result</source>
        <translation>Résultat</translation>
    </message>
    <message>
        <source>Before → after</source>
        <translation>Avant → après</translation>
    </message>
    <message>
        <source>Reason</source>
        <translation>Motif</translation>
    </message>
    <message>
        <source>Unreadable: {0}</source>
        <translation>Illisible&#xa0;: {0}</translation>
    </message>
    <message>
        <source>application</source>
        <translation>application</translation>
    </message>
    <message>
        <source>Entry</source>
        <translation>Écriture</translation>
    </message>
    <message>
        <source>Sign-in</source>
        <translation>Prise de poste</translation>
    </message>
    <message>
        <source>Sign-out</source>
        <translation>Fin de poste</translation>
    </message>
    <message>
        <source>Command asked</source>
        <translation>Commande demandée</translation>
    </message>
    <message>
        <source>Command ended</source>
        <translation>Commande terminée</translation>
    </message>
    <message>
        <source>Command refused</source>
        <translation>Commande refusée</translation>
    </message>
    <message>
        <source>Second person asked</source>
        <translation>Seconde personne demandée</translation>
    </message>
    <message>
        <source>Command cancelled</source>
        <translation>Commande annulée</translation>
    </message>
    <message>
        <source>Second person agreed</source>
        <translation>Accord de la seconde personne</translation>
    </message>
    <message>
        <source>Second person declined</source>
        <translation>Refus de la seconde personne</translation>
    </message>
    <message>
        <source>Taken over</source>
        <translation>Main prise</translation>
    </message>
    <message>
        <source>Alarm acknowledged</source>
        <translation>Alarme acquittée</translation>
    </message>
    <message>
        <source>Alarm shelved</source>
        <translation>Alarme différée</translation>
    </message>
    <message>
        <source>Alarm put back</source>
        <translation>Alarme rétablie</translation>
    </message>
    <message>
        <source>Alarms masked</source>
        <translation>Alarmes masquées</translation>
    </message>
    <message>
        <source>Alarms no longer masked</source>
        <translation>Alarmes démasquées</translation>
    </message>
</context>
<context>
    <name>AuditView</name>
    <message>
        <source>{0} entries written to {1}</source>
        <translation>{0} écritures dans {1}</translation>
    </message>
    <message>
        <source>Verifying…</source>
        <translation>Vérification…</translation>
    </message>
    <message>
        <source>Chain whole: {0} entries verified at {1}</source>
        <translation>Chaîne intacte&#xa0;: {0} écritures vérifiées à {1}</translation>
    </message>
    <message>
        <source>Chain broken: {0}</source>
        <translation>Chaîne rompue&#xa0;: {0}</translation>
    </message>
    <message>
        <source>Period</source>
        <translation>Période</translation>
    </message>
    <message>
        <source>8 hours</source>
        <translation>8&#xa0;heures</translation>
    </message>
    <message>
        <source>24 hours</source>
        <translation>24&#xa0;heures</translation>
    </message>
    <message>
        <source>7 days</source>
        <translation>7&#xa0;jours</translation>
    </message>
    <message>
        <source>30 days</source>
        <translation>30&#xa0;jours</translation>
    </message>
    <message>
        <source>Person</source>
        <translation>Personne</translation>
    </message>
    <message>
        <source>Act</source>
        <translation>Acte</translation>
    </message>
    <message>
        <source>Selected object</source>
        <translation>Objet sélectionné</translation>
    </message>
    <message>
        <source>Filter by any word</source>
        <translation>Filtrer par un mot</translation>
    </message>
    <message>
        <source>Verify the chain</source>
        <translation>Vérifier la chaîne</translation>
    </message>
    <message>
        <source>Export…</source>
        <translation>Exporter…</translation>
    </message>
    <message>
        <source>Log</source>
        <translation>Main courante</translation>
    </message>
    <message>
        <source>Export the log</source>
        <translation>Exporter la main courante</translation>
    </message>
    <message>
        <source>The log is read by supervisors: sign in as one.</source>
        <translation>La main courante se lit avec le rôle superviseur&#xa0;: prendre le poste avec ce rôle.</translation>
    </message>
    <message>
        <source>Nothing has been recorded yet: every act of an operator will stand here.</source>
        <translation>Rien n’est encore inscrit&#xa0;: chaque acte d’un opérateur viendra ici.</translation>
    </message>
    <message>
        <source>Nothing in the log passes these filters.</source>
        <translation>Rien dans la main courante ne passe ces filtres.</translation>
    </message>
</context>
<context>
    <name>BottomPanel</name>
    <message>
        <source>Tables</source>
        <translation>Tableaux</translation>
    </message>
    <message>
        <source>Alarms</source>
        <translation>Alarmes</translation>
    </message>
    <message>
        <source>Nothing has been read from the registry yet: nothing can be said.</source>
        <translation>Rien n’a encore été lu au registre&#xa0;: on ne peut rien affirmer.</translation>
    </message>
    <message>
        <source>Nothing abnormal is known, but the live feed is cut: {0} objects are unknown.</source>
        <translation>Aucune anomalie connue, mais le flux est coupé&#xa0;: {0} objets sont dans un état inconnu.</translation>
    </message>
    <message>
        <source>Every object that reports is in a normal state; {0} do not report.</source>
        <translation>Tout ce qui répond est en état normal&#xa0;; {0} objets ne répondent pas.</translation>
    </message>
    <message>
        <source>Nothing is abnormal: every object that reports is in a normal state.</source>
        <translation>Rien d’anormal&#xa0;: tous les objets qui donnent des nouvelles sont dans un état normal.</translation>
    </message>
    <message>
        <source>The filters hide every object of this layer (Ctrl+Shift+F removes them).</source>
        <translation>Les filtres masquent tous les objets de cette couche (Ctrl+Maj+F les retire).</translation>
    </message>
    <message>
        <source>No object of this layer is in the registry.</source>
        <translation>Aucun objet de cette couche au registre.</translation>
    </message>
    <message>
        <source>Abnormal objects</source>
        <translation>Objets anormaux</translation>
    </message>
    <message>
        <source>Abnormal</source>
        <translation>Anormaux</translation>
    </message>
</context>
<context>
    <name>Card</name>
    <message>
        <source>Registry</source>
        <translation>Registre</translation>
    </message>
    <message>
        <source>Version {0}</source>
        <translation>Version {0}</translation>
    </message>
    <message>
        <source>No longer in the registry</source>
        <translation>N’est plus au registre</translation>
    </message>
    <message>
        <source>It was removed, or its layer is still being read.</source>
        <translation>Il en a été retiré, ou sa couche est encore en cours de lecture.</translation>
    </message>
    <message>
        <source>Unknown · last: {0}</source>
        <translation>Inconnu · dernier état&#xa0;: {0}</translation>
    </message>
    <message>
        <source>Unknown</source>
        <translation>Inconnu</translation>
    </message>
    <message>
        <source>Priority {0} · {1}</source>
        <translation>Priorité&#xa0;{0} · {1}</translation>
    </message>
    <message>
        <source>Dated {0}: check the clock of whoever reported it.</source>
        <translation>Daté {0}&#xa0;: vérifiez l’horloge de qui l’a signalé.</translation>
    </message>
    <message>
        <source>For {0}, since {1}.</source>
        <translation>Depuis {0} ({1}).</translation>
    </message>
    <message>
        <source>It has not reported since the console was started.</source>
        <translation>Aucune nouvelle depuis le démarrage du poste.</translation>
    </message>
    <message>
        <source>The live feed is cut: this is the last state received.</source>
        <translation>Le flux est coupé&#xa0;: voici le dernier état reçu.</translation>
    </message>
    <message>
        <source>Uncertain: last report {0} ago.</source>
        <translation>Incertain&#xa0;: dernières nouvelles il y a {0}.</translation>
    </message>
    <message>
        <source>Silent for {0}: check it on site or by camera.</source>
        <translation>Muet depuis {0}&#xa0;: à vérifier sur place ou par caméra.</translation>
    </message>
    <message>
        <source>Live values</source>
        <translation>Valeurs en direct</translation>
    </message>
    <message>
        <source>unknown · last: {0}</source>
        <translation>inconnu · dernier&#xa0;: {0}</translation>
    </message>
    <message>
        <source>unknown</source>
        <translation>inconnu</translation>
    </message>
</context>
<context>
    <name>Chooser</name>
    <message>
        <source>{0}: {1}</source>
        <translation>{0}&#xa0;: {1}</translation>
    </message>
</context>
<context>
    <name>CommandCard</name>
    <message>
        <source>Cancel</source>
        <translation>Annuler</translation>
    </message>
    <message>
        <source>Confirm within {0} s.</source>
        <translation>À confirmer dans les {0}&#xa0;s.</translation>
    </message>
    <message>
        <source>Waiting for a second person at another desk: {0} s left.</source>
        <translation>Une seconde personne, à un autre poste, a encore {0}&#xa0;s.</translation>
    </message>
    <message>
        <source>Send</source>
        <translation>Envoyer</translation>
    </message>
    <message>
        <source>Select the targets</source>
        <translation>Sélectionner les cibles</translation>
    </message>
    <message>
        <source>Confirm</source>
        <translation>Confirmer</translation>
    </message>
    <message>
        <source>Ask the second person</source>
        <translation>Demander la seconde personne</translation>
    </message>
    <message>
        <source>Retry the failed ones…</source>
        <translation>Réessayer les échecs…</translation>
    </message>
    <message>
        <source>Ask again…</source>
        <translation>Redemander…</translation>
    </message>
    <message>
        <source>Close</source>
        <translation>Fermer</translation>
    </message>
</context>
<context>
    <name>CommandDetail</name>
    <message>
        <source>Show on the map</source>
        <translation>Montrer sur la carte</translation>
    </message>
    <message>
        <source>Cancel it</source>
        <translation>Annuler la commande</translation>
    </message>
    <message>
        <source>Retry the failed ones…</source>
        <translation>Réessayer les échecs…</translation>
    </message>
    <message>
        <source>Reason: {0}</source>
        <translation>Motif&#xa0;: {0}</translation>
    </message>
    <message>
        <source>With {0}</source>
        <translation>Avec {0}</translation>
    </message>
</context>
<context>
    <name>CommandForm</name>
    <message>
        <source>For</source>
        <translation>Durée</translation>
    </message>
    <message>
        <source>Kept in the log</source>
        <translation>Inscrit en main courante</translation>
    </message>
    <message>
        <source>Reason</source>
        <translation>Motif</translation>
    </message>
</context>
<context>
    <name>CommandList</name>
    <message>
        <source>Commands</source>
        <translation>Commandes</translation>
    </message>
    <message>
        <source>No command has been given. Select an object: its commands are in the inspector and in the map&apos;s context menu.</source>
        <translation>Aucune commande n’a été donnée. Sélectionner un objet&#xa0;: ses commandes sont dans l’inspecteur et dans le menu contextuel de la carte.</translation>
    </message>
</context>
<context>
    <name>CommandSection</name>
    <message>
        <source>Command</source>
        <translation>Commande</translation>
    </message>
    <message>
        <source>Take over…</source>
        <translation>Prendre la main…</translation>
    </message>
    <message>
        <source>requested</source>
        <translation>demandé</translation>
    </message>
    <message>
        <source>accepted</source>
        <translation>accepté</translation>
    </message>
    <message>
        <source>observed</source>
        <translation>observé</translation>
    </message>
    <message>
        <source>Order</source>
        <translation>Ordre</translation>
    </message>
    <message>
        <source>no</source>
        <translation>non</translation>
    </message>
    <message>
        <source>yes</source>
        <translation>oui</translation>
    </message>
    <message>
        <source>until {0} ({1} left)</source>
        <translation>jusqu’à {0} (encore {1})</translation>
    </message>
    <message>
        <source>In the hands of {0}, {1}, until {2}.</source>
        <translation>Aux mains de {0}, {1}, jusqu’à {2}.</translation>
    </message>
</context>
<context>
    <name>CommandTable</name>
    <message>
        <source>Time</source>
        <translation>Heure</translation>
    </message>
    <message>
        <source>Order</source>
        <translation>Ordre</translation>
    </message>
    <message>
        <source>Targets</source>
        <translation>Cibles</translation>
    </message>
    <message>
        <source>Standing</source>
        <translation>Avancement</translation>
    </message>
    <message>
        <source>Asked by</source>
        <translation>Demandé par</translation>
    </message>
    <message>
        <source>Holds until</source>
        <translation>Jusqu’à</translation>
    </message>
    <message>
        <source>application</source>
        <translation>application</translation>
    </message>
</context>
<context>
    <name>CommandWords</name>
    <message>
        <source>Done: {0} of {1} observed.</source>
        <translation>Terminé&#xa0;: effet observé sur {0} des {1} cibles.</translation>
    </message>
    <message>
        <source>{0} of {1} observed, {2} not: see each below.</source>
        <translation>Effet observé sur {0} des {1} cibles&#xa0;; {2} en échec, ci-dessous.</translation>
    </message>
    <message>
        <source>Not sent</source>
        <translation>Non envoyé</translation>
    </message>
    <message>
        <source>Selecting</source>
        <translation>Sélection en cours</translation>
    </message>
    <message>
        <source>Selected</source>
        <translation>Sélectionné</translation>
    </message>
    <message>
        <source>Waiting for the second person</source>
        <translation>Attend la seconde personne</translation>
    </message>
    <message>
        <source>Sent</source>
        <translation>Envoyé</translation>
    </message>
    <message>
        <source>Accepted</source>
        <translation>Accepté</translation>
    </message>
    <message>
        <source>Observed</source>
        <translation>Effet observé</translation>
    </message>
    <message>
        <source>Refused</source>
        <translation>Refusé</translation>
    </message>
    <message>
        <source>Cancelled</source>
        <translation>Annulé</translation>
    </message>
    <message>
        <source>Too late</source>
        <translation>Trop tard</translation>
    </message>
    <message>
        <source>Failed</source>
        <translation>Échec</translation>
    </message>
    <message>
        <source>Diverged</source>
        <translation>Ne correspond plus</translation>
    </message>
    <message>
        <source>Outcome unknown</source>
        <translation>Issue inconnue</translation>
    </message>
    <message>
        <source>Your role does not allow it</source>
        <translation>Ce rôle ne le permet pas</translation>
    </message>
    <message>
        <source>Nobody has signed in at this desk: sign in first</source>
        <translation>Personne n’a pris ce poste&#xa0;: prendre le poste d’abord</translation>
    </message>
    <message>
        <source>The live feed is cut: no order leaves until it is back</source>
        <translation>Le flux est coupé&#xa0;: aucun ordre ne part avant son retour</translation>
    </message>
    <message>
        <source>The states are being read again: wait until that is done</source>
        <translation>Les états sont en cours de relecture&#xa0;: attendre la fin</translation>
    </message>
    <message>
        <source>Its state is not sure enough to command it: check it on site or by camera</source>
        <translation>État trop incertain pour commander&#xa0;: vérifier sur place ou par caméra</translation>
    </message>
    <message>
        <source>Its state forbids it now</source>
        <translation>Son état l’interdit en ce moment</translation>
    </message>
    <message>
        <source>This object does not have that action</source>
        <translation>Cet objet n’a pas cette commande</translation>
    </message>
    <message>
        <source>A value is outside its limits</source>
        <translation>Une valeur dépasse ses limites</translation>
    </message>
    <message>
        <source>The registry no longer has this object</source>
        <translation>Cet objet n’est plus au registre</translation>
    </message>
    <message>
        <source>Another desk is commanding it</source>
        <translation>Un autre poste a la main</translation>
    </message>
    <message>
        <source>The log could not be written: nothing was sent</source>
        <translation>La main courante n’a pas pu être écrite&#xa0;: rien n’est parti</translation>
    </message>
    <message>
        <source>The second person must be someone else, at another desk</source>
        <translation>La seconde personne doit être quelqu’un d’autre, à un autre poste</translation>
    </message>
    <message>
        <source>The second person declined</source>
        <translation>La seconde personne a refusé</translation>
    </message>
    <message>
        <source>No second person answered in time</source>
        <translation>Aucune seconde personne n’a répondu à temps</translation>
    </message>
    <message>
        <source>The gateway did not answer: see how the equipment stands</source>
        <translation>Pas de réponse de la passerelle&#xa0;: vérifier l’état de l’équipement</translation>
    </message>
    <message>
        <source>Accepted, but the equipment does not report the effect</source>
        <translation>Accepté, mais l’équipement ne montre pas l’effet</translation>
    </message>
    <message>
        <source>The console stopped before the outcome was known</source>
        <translation>Le poste s’est arrêté avant de connaître l’issue</translation>
    </message>
    <message>
        <source>A later order took its place</source>
        <translation>Un ordre plus récent l’a remplacé</translation>
    </message>
    <message>
        <source>The equipment is in local mode: someone is working on it</source>
        <translation>Équipement en mode local&#xa0;: quelqu’un y travaille</translation>
    </message>
    <message>
        <source>The equipment is carrying out another order</source>
        <translation>L’équipement exécute un autre ordre</translation>
    </message>
    <message>
        <source>Confirmed too late: select again</source>
        <translation>Confirmé trop tard&#xa0;: sélectionner de nouveau</translation>
    </message>
    <message>
        <source>It was not selected before the order: select again</source>
        <translation>Non sélectionné avant l’ordre&#xa0;: sélectionner de nouveau</translation>
    </message>
    <message>
        <source>Its state changed meanwhile: look at it, then ask again</source>
        <translation>Son état a changé entre-temps&#xa0;: le regarder, puis redemander</translation>
    </message>
    <message>
        <source>An old order was refused: ask again</source>
        <translation>Ordre ancien refusé&#xa0;: redemander</translation>
    </message>
    <message>
        <source>Already received: carried out once only</source>
        <translation>Déjà reçu&#xa0;: exécuté une seule fois</translation>
    </message>
    <message>
        <source>The order reached the gateway too late</source>
        <translation>L’ordre est arrivé trop tard à la passerelle</translation>
    </message>
    <message>
        <source>The gateway did not understand the order</source>
        <translation>La passerelle n’a pas compris l’ordre</translation>
    </message>
    <message>
        <source>The equipment failed</source>
        <translation>Défaut de l’équipement</translation>
    </message>
    <message>
        <source>Leaves as soon as you confirm.</source>
        <translation>Part dès l’envoi.</translation>
    </message>
    <message>
        <source>Its targets are selected first; you then confirm within 30 s.</source>
        <translation>Les cibles sont d’abord sélectionnées&#xa0;; confirmation ensuite dans les 30&#xa0;s.</translation>
    </message>
    <message>
        <source>A second person, at another desk, must agree within 120 s.</source>
        <translation>Une seconde personne, à un autre poste, doit donner son accord dans les 120&#xa0;s.</translation>
    </message>
    <message>
        <source>viewer</source>
        <translation>consultation</translation>
    </message>
    <message>
        <source>operator</source>
        <translation>opérateur</translation>
    </message>
    <message>
        <source>supervisor</source>
        <translation>superviseur</translation>
    </message>
    <message>
        <source>planner</source>
        <translation>planificateur</translation>
    </message>
</context>
<context>
    <name>CommuneChooser</name>
    <message>
        <source>Whole territory</source>
        <translation>Tout le territoire</translation>
    </message>
    <message>
        <source>Map</source>
        <translation>Plan</translation>
    </message>
    <message>
        <source>the others are hidden</source>
        <translation>les autres sont masquées</translation>
    </message>
    <message>
        <source>{0} communes</source>
        <translation>{0}&#xa0;communes</translation>
    </message>
</context>
<context>
    <name>Contents</name>
    <message>
        <source>In the commune</source>
        <translation>Dans la commune</translation>
    </message>
</context>
<context>
    <name>DeskTabs</name>
    <message>
        <source>Desks</source>
        <translation>Postes</translation>
    </message>
    <message>
        <source>All desks</source>
        <translation>Tous les postes</translation>
    </message>
    <message>
        <source>Choose it again to leave this desk.</source>
        <translation>Choisissez-le de nouveau pour quitter ce poste.</translation>
    </message>
</context>
<context>
    <name>Duty</name>
    <message>
        <source>Commands</source>
        <translation>Commandes</translation>
    </message>
    <message>
        <source>Log</source>
        <translation>Main courante</translation>
    </message>
</context>
<context>
    <name>DutyActions</name>
    <message>
        <source>Alarms</source>
        <translation>Alarmes</translation>
    </message>
    <message>
        <source>Commands</source>
        <translation>Commandes</translation>
    </message>
    <message>
        <source>Acknowledge</source>
        <translation>Acquitter</translation>
    </message>
    <message>
        <source>Acknowledge all that is listed…</source>
        <translation>Acquitter toute la liste…</translation>
    </message>
    <message>
        <source>Shelve…</source>
        <translation>Différer…</translation>
    </message>
    <message>
        <source>Silence for 15 min, or sound again</source>
        <translation>Couper le son 15&#xa0;min, ou le rétablir</translation>
    </message>
    <message>
        <source>Command what is selected…</source>
        <translation>Commander la sélection…</translation>
    </message>
    <message>
        <source>Running and past commands</source>
        <translation>Commandes en cours et passées</translation>
    </message>
    <message>
        <source>Log</source>
        <translation>Main courante</translation>
    </message>
    <message>
        <source>Sign in or out…</source>
        <translation>Prendre ou quitter le poste…</translation>
    </message>
</context>
<context>
    <name>FeatureTable</name>
    <message>
        <source>State</source>
        <translation>État</translation>
    </message>
    <message>
        <source>Name</source>
        <translation>Nom</translation>
    </message>
    <message>
        <source>Commune</source>
        <translation>Commune</translation>
    </message>
</context>
<context>
    <name>HistoryTable</name>
    <message>
        <source>Time</source>
        <translation>Heure</translation>
    </message>
    <message>
        <source>Event</source>
        <translation>Événement</translation>
    </message>
    <message>
        <source>Priority</source>
        <translation>Priorité</translation>
    </message>
    <message>
        <source>Alarm</source>
        <translation>Alarme</translation>
    </message>
    <message>
        <source>Object</source>
        <translation>Objet</translation>
    </message>
    <message>
        <source>Commune</source>
        <translation>Commune</translation>
    </message>
    <message>
        <source>By</source>
        <translation>Par</translation>
    </message>
    <message>
        <source>Note</source>
        <translation>Note</translation>
    </message>
    <message>
        <source>raised</source>
        <translation>apparue</translation>
    </message>
    <message>
        <source>cleared</source>
        <translation>disparue</translation>
    </message>
    <message>
        <source>acknowledged</source>
        <translation>acquittée</translation>
    </message>
    <message>
        <source>closed</source>
        <translation>close</translation>
    </message>
    <message>
        <source>shelved</source>
        <translation>différée</translation>
    </message>
    <message>
        <source>put back</source>
        <translation>remise</translation>
    </message>
    <message>
        <source>masked</source>
        <translation>masquée</translation>
    </message>
    <message>
        <source>no longer masked</source>
        <translation>démasquée</translation>
    </message>
    <message>
        <source>chattering</source>
        <translation>instable</translation>
    </message>
    <message>
        <source>settled</source>
        <translation>stabilisée</translation>
    </message>
</context>
<context>
    <name>Inspector</name>
    <message>
        <source>Inspector</source>
        <translation>Inspecteur</translation>
    </message>
    <message>
        <source>Close the inspector</source>
        <translation>Fermer l’inspecteur</translation>
    </message>
    <message>
        <source>Command {0} · {1}</source>
        <translation>Commander · {0} · {1}</translation>
    </message>
    <message>
        <source>Command all of {0} {1} · {2}</source>
        <translation>Commander tout · {0} {1} · {2}</translation>
    </message>
    <message>
        <source>Linked</source>
        <translation>Liens</translation>
    </message>
    <message>
        <source>Select all {0}</source>
        <translation>Sélectionner les {0}</translation>
    </message>
    <message>
        <source>Nearby</source>
        <translation>À proximité</translation>
    </message>
    <message>
        <source>Nothing is selected</source>
        <translation>Rien n’est sélectionné</translation>
    </message>
    <message>
        <source>Click an object on the map or in a table, or find it with Ctrl+K. Ctrl-click adds it to the selection.</source>
        <translation>Cliquez un objet sur la carte ou dans un tableau, ou cherchez-le avec Ctrl+K. Ctrl+clic l’ajoute à la sélection.</translation>
    </message>
</context>
<context>
    <name>LayerModel</name>
    <message>
        <source>Uncertain: no recent news</source>
        <translation>Incertain&#xa0;: rien de récent</translation>
    </message>
    <message>
        <source>Unknown: no news</source>
        <translation>Inconnu&#xa0;: aucune nouvelle</translation>
    </message>
    <message>
        <source>{0} in all</source>
        <translation>{0} en tout</translation>
    </message>
    <message>
        <source>{0} shown by the filter</source>
        <translation>{0} après filtrage</translation>
    </message>
    <message>
        <source>{0} priority {1}: {2}</source>
        <translation>{0} priorité&#xa0;{1}&#xa0;: {2}</translation>
    </message>
    <message>
        <source>uncertain: {0}</source>
        <translation>incertains&#xa0;: {0}</translation>
    </message>
    <message>
        <source>unknown: {0}</source>
        <translation>inconnus&#xa0;: {0}</translation>
    </message>
    <message>
        <source>Nothing yet: the registry has not been read since the start.</source>
        <translation>Rien pour l’instant&#xa0;: le registre n’a pas été lu depuis l’ouverture.</translation>
    </message>
    <message>
        <source>The registry has no such collection; should it be given one, it will fill by itself.</source>
        <translation>Le registre ne fournit pas cette collection. Si elle y est ajoutée, la couche se remplira d’elle-même.</translation>
    </message>
    <message>
        <source>Equipment</source>
        <translation>Équipements</translation>
    </message>
    <message>
        <source>Transport</source>
        <translation>Transport</translation>
    </message>
    <message>
        <source>Operations</source>
        <translation>Opérations</translation>
    </message>
    <message>
        <source>Territory</source>
        <translation>Territoire</translation>
    </message>
</context>
<context>
    <name>LayerOptions</name>
    <message>
        <source>Opacity</source>
        <translation>Opacité</translation>
    </message>
    <message>
        <source>Show only</source>
        <translation>N’afficher que</translation>
    </message>
    <message>
        <source>Remove the filters</source>
        <translation>Retirer les filtres</translation>
    </message>
    <message>
        <source>all</source>
        <translation>tous</translation>
    </message>
    <message>
        <source>yes</source>
        <translation>oui</translation>
    </message>
    <message>
        <source>no</source>
        <translation>non</translation>
    </message>
    <message>
        <source>equals</source>
        <translation>égal à</translation>
    </message>
    <message>
        <source>contains</source>
        <translation>contient</translation>
    </message>
</context>
<context>
    <name>LayerTree</name>
    <message>
        <source>Layers</source>
        <translation>Couches</translation>
    </message>
    <message>
        <source>Hide</source>
        <translation>Masquer</translation>
    </message>
    <message>
        <source>Show</source>
        <translation>Afficher</translation>
    </message>
    <message>
        <source>Show only this layer</source>
        <translation>N’afficher que cette couche</translation>
    </message>
    <message>
        <source>Show the usual layers</source>
        <translation>Afficher les couches habituelles</translation>
    </message>
    <message>
        <source>Fit the map to it</source>
        <translation>Cadrer la carte dessus</translation>
    </message>
    <message>
        <source>Open as a table</source>
        <translation>Ouvrir en tableau</translation>
    </message>
    <message>
        <source>Opacity and filters…</source>
        <translation>Opacité et filtres…</translation>
    </message>
    <message>
        <source>Remove the filters</source>
        <translation>Retirer les filtres</translation>
    </message>
</context>
<context>
    <name>LayerView</name>
    <message>
        <source>Layers</source>
        <translation>Couches</translation>
    </message>
</context>
<context>
    <name>Map</name>
    <message>
        <source>Uncertain: no recent news</source>
        <translation>Incertain&#xa0;: rien de récent</translation>
    </message>
    <message>
        <source>Unknown: no news</source>
        <translation>Inconnu&#xa0;: aucune nouvelle</translation>
    </message>
    <message>
        <source>Demo: generated, approximate</source>
        <translation>Démonstration&#xa0;: données générées, approximatives</translation>
    </message>
</context>
<context>
    <name>MapMenu</name>
    <message>
        <source>Go to it</source>
        <translation>Y aller</translation>
    </message>
    <message>
        <source>Copy its identifier</source>
        <translation>Copier son identifiant</translation>
    </message>
    <message>
        <source>Copy {0}</source>
        <translation>Copier {0}</translation>
    </message>
    <message>
        <source>Select all {0} and show them</source>
        <translation>Sélectionner les {0} et les cadrer</translation>
    </message>
    <message>
        <source>and {0} more</source>
        <translation>et {0} autres</translation>
    </message>
</context>
<context>
    <name>NoticeStrip</name>
    <message>
        <source>Close this notice</source>
        <translation>Fermer cet avis</translation>
    </message>
</context>
<context>
    <name>Opening</name>
    <message>
        <source>Vigie is building its demo metropolis</source>
        <translation>Vigie construit sa métropole de démonstration</translation>
    </message>
    <message>
        <source>No registry is configured yet, so Vigie builds a simulated city to work on: 23 communes, their streets and their equipment. This is done once and takes some ten seconds; afterwards Vigie opens at once.</source>
        <translation>Aucun registre n’est encore configuré&#xa0;: Vigie construit une ville simulée, ses 23 communes, leurs rues et leurs équipements. C’est fait une seule fois, en une dizaine de secondes&#xa0;; ensuite, Vigie s’ouvre aussitôt.</translation>
    </message>
    <message>
        <source>First reading of the registry</source>
        <translation>Première lecture du registre</translation>
    </message>
    <message>
        <source>This console holds nothing yet. The layers appear one after the other as they are read, and stay available without the network.</source>
        <translation>Ce poste ne contient encore rien. Les couches apparaissent au fur et à mesure de leur lecture&#xa0;; elles resteront consultables sans réseau.</translation>
    </message>
    <message>
        <source>Nothing to show yet</source>
        <translation>Rien à montrer pour l’instant</translation>
    </message>
    <message>
        <source>The registry does not answer, and this console has never read it. Vigie tries again by itself; F5 tries now. If it lasts, check the registry’s address and the network.</source>
        <translation>Le registre ne répond pas et ce poste ne l’a jamais lu. Vigie réessaie d’elle-même&#xa0;; F5 réessaie tout de suite. Si cela dure, vérifiez l’adresse du registre et le réseau.</translation>
    </message>
    <message>
        <source>The registry is empty</source>
        <translation>Le registre est vide</translation>
    </message>
    <message>
        <source>It answers, but none of its collections feeds a layer of Vigie. Check the mapping.</source>
        <translation>Il répond, mais aucune de ses collections n’alimente une couche de Vigie. Vérifiez la correspondance des collections.</translation>
    </message>
</context>
<context>
    <name>OperatorMenu</name>
    <message>
        <source>nobody signed in</source>
        <translation>poste non pris</translation>
    </message>
    <message>
        <source>{0}, {1}</source>
        <translation>{0}, {1}</translation>
    </message>
    <message>
        <source>Sign in to act from this desk</source>
        <translation>Prendre le poste pour agir d’ici</translation>
    </message>
    <message>
        <source>No operator is declared in operators.toml</source>
        <translation>Aucun opérateur déclaré dans operators.toml</translation>
    </message>
    <message>
        <source>Sign out</source>
        <translation>Quitter le poste</translation>
    </message>
</context>
<context>
    <name>Parts</name>
    <message>
        <source>Map</source>
        <translation>Carte</translation>
    </message>
</context>
<context>
    <name>Progress</name>
    <message>
        <source>Targets</source>
        <translation>Cibles</translation>
    </message>
</context>
<context>
    <name>SearchBox</name>
    <message>
        <source>Search equipment, address, commune…</source>
        <translation>Rechercher équipement, adresse, commune…</translation>
    </message>
    <message>
        <source>Search and commands</source>
        <translation>Recherche et commandes</translation>
    </message>
    <message>
        <source>No object, street, commune or command is called that</source>
        <translation>Aucun objet, rue, commune ou commande de ce nom</translation>
    </message>
    <message>
        <source>Coordinates</source>
        <translation>Coordonnées</translation>
    </message>
    <message>
        <source>Communes</source>
        <translation>Communes</translation>
    </message>
    <message>
        <source>Streets</source>
        <translation>Rues</translation>
    </message>
    <message>
        <source>Addresses</source>
        <translation>Adresses</translation>
    </message>
    <message>
        <source>Equipment and operations</source>
        <translation>Équipements et opérations</translation>
    </message>
    <message>
        <source>Commands</source>
        <translation>Commandes</translation>
    </message>
</context>
<context>
    <name>Several</name>
    <message>
        <source>{0} objects selected</source>
        <translation>{0}&#xa0;objets sélectionnés</translation>
    </message>
    <message>
        <source>Command {0} · {1}</source>
        <translation>Commander · {0} · {1}</translation>
    </message>
    <message>
        <source>Objects</source>
        <translation>Objets</translation>
    </message>
    <message>
        <source>and {0} more</source>
        <translation>et {0} autres</translation>
    </message>
</context>
<context>
    <name>Shortcuts</name>
    <message>
        <source>Shortcuts</source>
        <translation>Raccourcis clavier</translation>
    </message>
    <message>
        <source>On the map, in the tree and in the tables</source>
        <translation>Sur la carte, dans l’arbre et dans les tableaux</translation>
    </message>
    <message>
        <source>Move the map</source>
        <translation>Déplacer la carte</translation>
    </message>
    <message>
        <source>Arrows, or drag</source>
        <translation>Flèches, ou glisser</translation>
    </message>
    <message>
        <source>Zoom</source>
        <translation>Zoom</translation>
    </message>
    <message>
        <source>+ and −, or the wheel</source>
        <translation>+ et −, ou la molette</translation>
    </message>
    <message>
        <source>Add to the selection</source>
        <translation>Ajouter à la sélection</translation>
    </message>
    <message>
        <source>Ctrl+click</source>
        <translation>Ctrl+clic</translation>
    </message>
    <message>
        <source>Show or hide the layer</source>
        <translation>Afficher ou masquer la couche</translation>
    </message>
    <message>
        <source>Space</source>
        <translation>Espace</translation>
    </message>
    <message>
        <source>Opacity and filters of the layer; go to the object</source>
        <translation>Opacité et filtres de la couche&#x202f;; aller à l’objet</translation>
    </message>
    <message>
        <source>Enter</source>
        <translation>Entrée</translation>
    </message>
    <message>
        <source>Menu of the layer</source>
        <translation>Menu de la couche</translation>
    </message>
    <message>
        <source>Menu key</source>
        <translation>Touche Menu</translation>
    </message>
    <message>
        <source>Next button, list or link</source>
        <translation>Bouton, liste ou lien suivant</translation>
    </message>
    <message>
        <source>Tab</source>
        <translation>Tab</translation>
    </message>
</context>
<context>
    <name>SideCard</name>
    <message>
        <source>Close (Esc)</source>
        <translation>Fermer (Échap)</translation>
    </message>
</context>
<context>
    <name>SoundButton</name>
    <message>
        <source>Silence for {0} min</source>
        <translation>Couper {0}&#xa0;min</translation>
    </message>
    <message>
        <source>Sound again now</source>
        <translation>Rétablir le son</translation>
    </message>
    <message>
        <source>Sound</source>
        <translation>Son</translation>
    </message>
    <message>
        <source>Alarms are heard. They can be silenced for 30 minutes at most.</source>
        <translation>Les alarmes s’entendent. Le son se coupe 30&#xa0;minutes au plus.</translation>
    </message>
    <message>
        <source>Silent for {0}</source>
        <translation>Son coupé {0}</translation>
    </message>
    <message>
        <source>Alarms are not heard until then; they still blink.</source>
        <translation>Les alarmes ne s’entendent pas d’ici là&#x202f;; elles clignotent toujours.</translation>
    </message>
</context>
<context>
    <name>StatusBar</name>
    <message>
        <source>Change the coordinate system (right-click to choose or copy)</source>
        <translation>Changer de système de coordonnées (clic droit pour choisir ou copier)</translation>
    </message>
    <message>
        <source>Scale {0}</source>
        <translation>Échelle {0}</translation>
    </message>
    <message>
        <source>Feed</source>
        <translation>Flux</translation>
    </message>
    <message>
        <source>{0} · not connected yet</source>
        <translation>{0} · pas encore connecté</translation>
    </message>
    <message>
        <source>{0} · cut since {1} ({2})</source>
        <translation>{0} · coupé depuis {1} ({2})</translation>
    </message>
    <message>
        <source>{0} · resynchronising</source>
        <translation>{0} · resynchronisation</translation>
    </message>
    <message>
        <source>{0} · connected, no message yet</source>
        <translation>{0} · connecté, aucun message encore</translation>
    </message>
    <message>
        <source>{0} · catching up</source>
        <translation>{0} · resynchronisation</translation>
    </message>
    <message>
        <source>{0} · {1} msg/s · {2}</source>
        <translation>{0} · {1}&#xa0;msg/s · {2}</translation>
    </message>
    <message>
        <source>Last message: {0}</source>
        <translation>Dernier message&#xa0;: {0}</translation>
    </message>
    <message>
        <source>{0} messages a second</source>
        <translation>{0} messages par seconde</translation>
    </message>
    <message>
        <source>What it retains is being read: until then its states are uncertain</source>
        <translation>Relecture des états en cours&#xa0;: d’ici là ils restent incertains</translation>
    </message>
    <message>
        <source>Coordinates {0}</source>
        <translation>Coordonnées {0}</translation>
    </message>
    <message>
        <source>Copy the coordinates</source>
        <translation>Copier les coordonnées</translation>
    </message>
</context>
<context>
    <name>SyncStatus</name>
    <message>
        <source>Registry not reached: {0}</source>
        <translation>Registre injoignable&#xa0;: {0}</translation>
    </message>
    <message>
        <source>{0} (and {1} more)</source>
        <translation>{0} (et {1} autres)</translation>
    </message>
    <message>
        <source>Registry read in part: {0}</source>
        <translation>Registre lu en partie&#xa0;: {0}</translation>
    </message>
    <message>
        <source>Registry · asking what has changed</source>
        <translation>Registre · recherche des changements</translation>
    </message>
    <message>
        <source>Making the demo metropolis · {0} %</source>
        <translation>Création de la métropole de démonstration · {0}&#xa0;%</translation>
    </message>
    <message>
        <source>asking</source>
        <translation>interrogation</translation>
    </message>
    <message>
        <source>reading</source>
        <translation>lecture</translation>
    </message>
    <message>
        <source>comparing</source>
        <translation>comparaison</translation>
    </message>
    <message>
        <source>removing</source>
        <translation>retraits</translation>
    </message>
    <message>
        <source>placing in communes</source>
        <translation>placement par commune</translation>
    </message>
    <message>
        <source>indexing</source>
        <translation>indexation</translation>
    </message>
    <message>
        <source>{0} of {1}</source>
        <translation>{0} sur {1}</translation>
    </message>
    <message>
        <source>{0}/s</source>
        <translation>{0}/s</translation>
    </message>
    <message>
        <source>{0} left</source>
        <translation>reste {0}</translation>
    </message>
    <message>
        <source>Registry · unreachable</source>
        <translation>Registre · injoignable</translation>
    </message>
    <message>
        <source>Registry · never read</source>
        <translation>Registre · jamais lu</translation>
    </message>
    <message>
        <source>Registry · unreachable · picture of {0}</source>
        <translation>Registre · injoignable · dernière lecture {0}</translation>
    </message>
    <message>
        <source>Registry · in step {0}</source>
        <translation>Registre · synchronisé {0}</translation>
    </message>
    <message>
        <source>{0}: the registry no longer lists {1} of {2} objects. They are kept.</source>
        <translation>{0}&#xa0;: le registre ne liste plus {1} des {2}&#xa0;objets. Ils sont conservés.</translation>
    </message>
</context>
<context>
    <name>TakeOverCard</name>
    <message>
        <source>Take over {0}</source>
        <translation>Prendre la main sur {0}</translation>
    </message>
    <message>
        <source>It is in the hands of {0}. They are told who took it, and why.</source>
        <translation>Aux mains de {0}. Ce poste verra qui a pris la main, et pourquoi.</translation>
    </message>
    <message>
        <source>Reason (required)</source>
        <translation>Motif (obligatoire)</translation>
    </message>
    <message>
        <source>Reason</source>
        <translation>Motif</translation>
    </message>
    <message>
        <source>Cancel</source>
        <translation>Annuler</translation>
    </message>
    <message>
        <source>Take over</source>
        <translation>Prendre la main</translation>
    </message>
</context>
<context>
    <name>TopBar</name>
    <message>
        <source>Menu (F10)</source>
        <translation>Menu (F10)</translation>
    </message>
    <message>
        <source>console {0}</source>
        <translation>poste {0}</translation>
    </message>
    <message>
        <source>DEMO · simulated data</source>
        <translation>DÉMO · données simulées</translation>
    </message>
    <message>
        <source>Time</source>
        <translation>Heure</translation>
    </message>
</context>
<context>
    <name>Trouble</name>
    <message>
        <source>no answer within {0} s</source>
        <translation>pas de réponse en {0}&#xa0;s</translation>
    </message>
    <message>
        <source>no answer ({0})</source>
        <translation>pas de réponse ({0})</translation>
    </message>
    <message>
        <source>its certificate is not accepted ({0})</source>
        <translation>son certificat n’est pas accepté ({0})</translation>
    </message>
    <message>
        <source>access refused ({0})</source>
        <translation>accès refusé ({0})</translation>
    </message>
    <message>
        <source>not found ({0})</source>
        <translation>introuvable ({0})</translation>
    </message>
    <message>
        <source>the registry is out of service ({0})</source>
        <translation>le registre est hors service ({0})</translation>
    </message>
    <message>
        <source>redirects without end</source>
        <translation>redirections sans fin</translation>
    </message>
    <message>
        <source>its link leads to another address, {0}, and was not followed</source>
        <translation>son lien mène à une autre adresse, {0}, et n’a pas été suivi</translation>
    </message>
    <message>
        <source>the answer is larger than {0} MB</source>
        <translation>la réponse dépasse {0}&#xa0;Mo</translation>
    </message>
    <message>
        <source>the answer stops after {0} bytes</source>
        <translation>la réponse s’arrête après {0} octets</translation>
    </message>
    <message>
        <source>the answer stops in the middle</source>
        <translation>la réponse est coupée</translation>
    </message>
    <message>
        <source>the answer is not complete after {0} s</source>
        <translation>la réponse n’est pas complète après {0}&#xa0;s</translation>
    </message>
    <message>
        <source>the answer is nested too deeply to be data</source>
        <translation>la réponse est trop imbriquée pour être des données</translation>
    </message>
    <message>
        <source>the answer is not a list of features ({0})</source>
        <translation>la réponse n’est pas une liste d’objets ({0})</translation>
    </message>
    <message>
        <source>a web page came instead of data (a login page?)</source>
        <translation>une page web est venue à la place des données (page de connexion&#xa0;?)</translation>
    </message>
    <message>
        <source>its next page leads back to one already read</source>
        <translation>sa page suivante ramène à une page déjà lue</translation>
    </message>
    <message>
        <source>there is no collection {0} (any more)</source>
        <translation>il n’y a pas (ou plus) de collection {0}</translation>
    </message>
    <message>
        <source>the disk is full</source>
        <translation>le disque est plein</translation>
    </message>
    <message>
        <source>free some space there, nothing saved before is lost</source>
        <translation>libérez de la place&#xa0;; rien de ce qui était enregistré n’est perdu</translation>
    </message>
    <message>
        <source>cannot be written</source>
        <translation>ne peut pas être écrit</translation>
    </message>
    <message>
        <source>give this user the right to write in {0}</source>
        <translation>donnez à cet utilisateur le droit d’écrire dans {0}</translation>
    </message>
    <message>
        <source>the database is damaged ({0})</source>
        <translation>la base est abîmée ({0})</translation>
    </message>
    <message>
        <source>restart Vigie, or restore a copy of it</source>
        <translation>redémarrez Vigie, ou restaurez-en une copie</translation>
    </message>
    <message>
        <source>another program keeps the database locked</source>
        <translation>un autre programme tient la base verrouillée</translation>
    </message>
    <message>
        <source>close it and try again</source>
        <translation>fermez-le et réessayez</translation>
    </message>
    <message>
        <source>permission denied</source>
        <translation>permission refusée</translation>
    </message>
    <message>
        <source>the file system is read-only</source>
        <translation>le disque est en lecture seule</translation>
    </message>
    <message>
        <source>no such file or folder</source>
        <translation>fichier ou dossier introuvable</translation>
    </message>
    <message>
        <source>check registry.url</source>
        <translation>vérifiez registry.url</translation>
    </message>
    <message>
        <source>check registry.url and the network</source>
        <translation>vérifiez registry.url et le réseau</translation>
    </message>
    <message>
        <source>check registry.url and the access rights</source>
        <translation>vérifiez registry.url et les droits d’accès</translation>
    </message>
    <message>
        <source>check registry.url and the collection&apos;s name</source>
        <translation>vérifiez registry.url et le nom de la collection</translation>
    </message>
    <message>
        <source>check the rights of this workstation</source>
        <translation>vérifiez les droits de ce poste</translation>
    </message>
    <message>
        <source>it will be tried again</source>
        <translation>nouvel essai automatique</translation>
    </message>
    <message>
        <source>try again; nothing was removed</source>
        <translation>réessayez&#xa0;; rien n’a été retiré</translation>
    </message>
    <message>
        <source>nothing was removed</source>
        <translation>rien n’a été retiré</translation>
    </message>
    <message>
        <source>what the cache holds of it is kept</source>
        <translation>ce que le poste en avait est conservé</translation>
    </message>
    <message>
        <source>correct the mapping or ask its keepers</source>
        <translation>corrigez la correspondance ou demandez à ses gestionnaires</translation>
    </message>
    <message>
        <source>choose another folder</source>
        <translation>choisissez un autre dossier</translation>
    </message>
    <message>
        <source>check the disk</source>
        <translation>vérifiez le disque</translation>
    </message>
</context>
<context>
    <name>UntilDialog</name>
    <message>
        <source>For how long</source>
        <translation>Pour combien de temps</translation>
    </message>
    <message>
        <source>Choose when it comes back: nothing is put aside for ever.</source>
        <translation>Choisissez quand elle revient&#xa0;: rien n’est mis de côté pour toujours.</translation>
    </message>
    <message>
        <source>Reason</source>
        <translation>Motif</translation>
    </message>
    <message>
        <source>Spare part ordered, works on site…</source>
        <translation>Pièce commandée, travaux sur place…</translation>
    </message>
    <message>
        <source>Comes back at {0}.</source>
        <translation>Revient à {0}.</translation>
    </message>
</context>
<context>
    <name>Values</name>
    <message>
        <source>yes</source>
        <translation>oui</translation>
    </message>
    <message>
        <source>no</source>
        <translation>non</translation>
    </message>
</context>
<context>
    <name>Window</name>
    <message>
        <source>Remove them</source>
        <translation>Les retirer</translation>
    </message>
</context>
<context>
    <name>Wording</name>
    <message>
        <source>d</source>
        <comment>days, after a number</comment>
        <translation>j</translation>
    </message>
    <message>
        <source>{0} ago</source>
        <translation>il y a {0}</translation>
    </message>
    <message>
        <source>yesterday {0}</source>
        <translation>hier {0}</translation>
    </message>
    <message>
        <source>in future {0}</source>
        <translation>futur {0}</translation>
    </message>
    <message>
        <source>W</source>
        <comment>west, after a longitude</comment>
        <translation>O</translation>
    </message>
</context>
<context>
    <name>ZoomButtons</name>
    <message>
        <source>Zoom in (+)</source>
        <translation>Zoomer (+)</translation>
    </message>
    <message>
        <source>Zoom out (−)</source>
        <translation>Dézoomer (−)</translation>
    </message>
    <message>
        <source>Whole territory (Home)</source>
        <translation>Tout le territoire (Origine)</translation>
    </message>
</context>
</TS>
