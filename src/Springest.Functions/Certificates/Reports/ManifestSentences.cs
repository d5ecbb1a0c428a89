namespace Springest.Functions.Certificates.Reports;

/// <summary>The sentences about manifests, for <see cref="Sentences"/>.</summary>
internal static class ManifestSentences
{
    public static readonly Dictionary<string, (string English, string Dutch, string German)> All = new()
    {
        [Reason.ManifestMisnamed] = (
            "A list of certificates must be a CSV file with the name manifest.csv, in small letters; this one is called '{0}'. Save it so.",
            "Een lijst van certificaten moet een CSV-bestand zijn dat manifest.csv heet, in kleine letters; deze heet "
                + "'{0}'. Sla hem zo op.",
            "Eine Liste von Zertifikaten muss eine CSV-Datei mit dem Namen manifest.csv sein, in Kleinbuchstaben; diese heißt "
                + "'{0}'. Speichern Sie sie so."),
        [Reason.ManifestTooLarge] = (
            "The list is too long: at most {0} MB and {1} lines are allowed. Split it, each part with its files in a folder of its own.",
            "De lijst is te lang: ten hoogste {0} MB en {1} regels zijn toegestaan. Splits hem, elk deel met zijn bestanden in een "
                + "eigen map.",
            "Die Liste ist zu lang: höchstens {0} MB und {1} Zeilen sind erlaubt. Teilen Sie sie, jeden Teil mit seinen Dateien in "
                + "einem eigenen Ordner."),
        [Reason.ManifestNotUtf8] = (
            "The list is not in UTF-8. Save it again; in Excel choose 'CSV UTF-8'.",
            "De lijst is niet in UTF-8. Sla hem opnieuw op; kies in Excel 'CSV UTF-8'.",
            "Die Liste ist nicht in UTF-8. Speichern Sie sie erneut; wählen Sie in Excel 'CSV UTF-8'."),
        [Reason.ManifestHeaderInvalid] = (
            "The first line must name the columns, with commas or semicolons between: file, email, certification_id or certification, "
                + "valid_from, and if needed valid_until and booking_id. This cannot be: '{0}'.",
            "De eerste regel moet de kolommen noemen, met komma's of puntkomma's ertussen: file, email, certification_id of "
                + "certification, valid_from, en zo nodig valid_until en booking_id. Dit kan niet: '{0}'.",
            "Die erste Zeile muss die Spalten nennen, mit Kommas oder Semikolons dazwischen: file, email, certification_id oder "
                + "certification, valid_from, und falls nötig valid_until und booking_id. Das geht nicht: '{0}'."),
        [Reason.ManifestQuoteOpen] = (
            "A quote is opened here and never closed. Write two quotes for one that belongs to the text.",
            "Hier begint een aanhalingsteken dat nergens sluit. Schrijf er twee voor een dat bij de tekst hoort.",
            "Hier wird ein Anführungszeichen geöffnet und nie geschlossen. Schreiben Sie zwei für eines, das zum Text gehört."),
        [Reason.ManifestNamesNoFile] = (
            "The list names no file. Add a line for each certificate.",
            "De lijst noemt geen bestand. Voeg voor elk certificaat een regel toe.",
            "Die Liste nennt keine Datei. Fügen Sie für jedes Zertifikat eine Zeile hinzu."),
        [Reason.ManifestFileInvalid] = (
            "The file '{0}' is not the name of a file in the list's own folder. Give its name with its extension and "
                + "without folders, such as jo.pdf.",
            "De file '{0}' is niet de naam van een bestand in de map van de lijst zelf. Geef de naam met extensie en "
                + "zonder mappen, zoals jo.pdf.",
            "Die file '{0}' ist nicht der Name einer Datei im Ordner der Liste. Geben Sie den Namen mit Endung und "
                + "ohne Ordner an, etwa jo.pdf."),
        [Reason.ManifestFileTwice] = (
            "The file '{0}' is named more than once, in the lines {1}. Keep the one that is right.",
            "Het bestand '{0}' wordt meermaals genoemd, in de regels {1}. Houd de juiste over.",
            "Die Datei '{0}' wird mehrmals genannt, in den Zeilen {1}. Behalten Sie die richtige."),
        [Reason.ManifestLineTooLong] = (
            "The line has {0} cells, more than the {1} columns. Put quotes around a text that holds a comma or semicolon.",
            "De regel heeft {0} cellen, meer dan de {1} kolommen. Zet aanhalingstekens om een tekst met een komma of puntkomma.",
            "Die Zeile hat {0} Zellen, mehr als die {1} Spalten. Setzen Sie Anführungszeichen um einen Text mit Komma oder Semikolon."),
        [Reason.ManifestLineMissing] = (
            "Nothing says whose certificate this is: manifest.csv has no line for '{0}'. Add one and put both back.",
            "Nergens staat van wie dit certificaat is: manifest.csv heeft geen regel voor '{0}'. Voeg die toe en zet beide terug.",
            "Nirgends steht, wessen Zertifikat das ist: manifest.csv hat keine Zeile für '{0}'. Fügen Sie eine hinzu und legen Sie "
                + "beides zurück."),
        [Reason.ManifestFilesMissing] = (
            "{0} of {1} files never came, the first of them {2}. Put the list back together with them; what is done stays done.",
            "{0} van {1} bestanden zijn nooit gekomen, als eerste {2}. Zet de lijst samen met hen terug; wat klaar is, blijft klaar.",
            "{0} von {1} Dateien sind nie gekommen, als erste {2}. Legen Sie die Liste mit ihnen zurück; was erledigt ist, bleibt erledigt."
        ),
        [Reason.ManifestFilesRefused] = (
            "{0} of {1} files were refused; the reasons are beside them. Correct them and put them back with the list; what is done "
                + "stays done.",
            "{0} van {1} bestanden zijn geweigerd; de redenen staan ernaast. Verbeter ze en zet ze met de lijst terug; wat klaar is, "
                + "blijft klaar.",
            "{0} von {1} Dateien wurden abgelehnt; die Gründe liegen daneben. Korrigieren Sie sie und legen Sie sie mit der Liste "
                + "zurück; was erledigt ist, bleibt erledigt."),
        [Reason.DateAmbiguous] = (
            "The date '{0}' can be either of two days. Write year-month-day, such as 2026-01-15.",
            "De datum '{0}' kan twee dagen betekenen. Schrijf jaar-maand-dag, zoals 2026-01-15.",
            "Das Datum '{0}' kann zwei Tage bedeuten. Schreiben Sie Jahr-Monat-Tag, etwa 2026-01-15."),
        [Reason.WaitingForFiles] = (
            "Waiting for {0} of {1} files.",
            "Wacht op {0} van {1} bestanden.",
            "Wartet auf {0} von {1} Dateien."),
    };
}
