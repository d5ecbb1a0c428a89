using System.Globalization;
using Microsoft.Extensions.Options;
using Springest.Functions.Certificates.Ledger;

namespace Springest.Functions.Certificates.Reports;

/// <summary>The reasons as sentences, in the language of the setting: what is wrong, where, and what would be right.</summary>
public sealed class Sentences(IOptions<CertificatesOptions> options)
{
    private const string DuplicateOfUnnumbered = Reason.Duplicate + " of unnumbered";
    private const string LostKey = "lost key";
    private const string Gap = "gap";

    private static readonly Dictionary<string, (string English, string Dutch, string German)> _all = new(ManifestSentences.All)
    {
        [Reason.UnknownSite] = (
            "The file is in the folder '{0}', which is no site. Put it in a folder named after one of: {1}.",
            "Het bestand staat in de map '{0}', en dat is geen site. Zet het in een map met de naam van een van deze: {1}.",
            "Die Datei liegt im Ordner '{0}', und das ist keine Site. Legen Sie sie in einen Ordner mit einem dieser Namen: {1}."),
        [Reason.MetadataMissing] = (
            "Nothing says whose certificate this is. Put a file '{0}' beside it, list it in manifest.csv, or name it "
                + "certification_email_from_until.pdf, such as 3101_jo@example.org_2026-01-15.pdf.",
            "Nergens staat van wie dit certificaat is. Zet er een bestand '{0}' naast, vermeld het in manifest.csv, of noem het "
                + "certificering_e-mail_van_tot.pdf, zoals 3101_jo@example.org_2026-01-15.pdf.",
            "Nirgends steht, wessen Zertifikat das ist. Legen Sie eine Datei '{0}' daneben, führen Sie sie in manifest.csv auf, oder "
                + "nennen Sie sie Zertifizierung_E-Mail_von_bis.pdf, etwa 3101_jo@example.org_2026-01-15.pdf."),
        [Reason.SidecarUnreadable] = (
            "The file '{0}' beside it is not a JSON object of at most 64 KB with texts and numbers ({1}). Correct it.",
            "Het bestand '{0}' ernaast is geen JSON-object van ten hoogste 64 KB met teksten en getallen ({1}). Verbeter het.",
            "Die Datei '{0}' daneben ist kein JSON-Objekt von höchstens 64 KB mit Texten und Zahlen ({1}). Korrigieren Sie sie."),
        [Reason.FieldUnknown] = (
            "'{0}' says '{1}', which is no field; it may be a slip of the pen. The fields are: {2}. Correct it, or leave it out.",
            "In '{0}' staat '{1}', en dat is geen veld; misschien is het een schrijffout. De velden zijn: {2}. Verbeter het "
                + "of laat het weg.",
            "In '{0}' steht '{1}', und das ist kein Feld; vielleicht ist es ein Schreibfehler. Die Felder sind: {2}. Korrigieren Sie es "
                + "oder lassen Sie es weg."),
        [Reason.SidecarWithoutFile] = (
            "The file '{0}', which this would speak of, never came. Put it back together with its file, called as that is and .json, "
                + "such as jo.pdf.json.",
            "Het bestand '{0}', waarover dit zou gaan, is nooit gekomen. Zet het samen met zijn bestand terug, met de naam daarvan en "
                + ".json, zoals jo.pdf.json.",
            "Die Datei '{0}', um die es hier ginge, ist nie gekommen. Legen Sie dies zusammen mit seiner Datei zurück, unter deren "
                + "Namen und .json, etwa jo.pdf.json."),
        [Reason.CertificationIdMissing] = (
            "The certification_id is missing. Give the number of the certification, or its name as certification.",
            "De certification_id ontbreekt. Geef het nummer van de certificering, of de naam als certification.",
            "Die certification_id fehlt. Geben Sie die Nummer der Zertifizierung an, oder ihren Namen als certification."),
        [Reason.CertificationIdInvalid] = (
            "The certification_id '{0}' is not a whole number above zero. Give the number of the certification, such as 3101.",
            "De certification_id '{0}' is geen geheel getal boven nul. Geef het nummer van de certificering, zoals 3101.",
            "Die certification_id '{0}' ist keine ganze Zahl über null. Geben Sie die Nummer der Zertifizierung an, etwa 3101."),
        [Reason.CertificationUnknown] = (
            "Springest's site '{1}' had no verified certification {0} when its list was read, {2} UTC. Check the number. If it has been "
                + "verified since, put the file back in an hour.",
            "De Springest-site '{1}' had geen geverifieerde certificering {0} toen de lijst gelezen werd, {2} UTC. Controleer het "
                + "nummer. Is ze sindsdien geverifieerd, zet het bestand dan over een uur terug.",
            "Die Springest-Site '{1}' hatte keine verifizierte Zertifizierung {0}, als ihre Liste gelesen wurde, {2} UTC. Prüfen Sie "
                + "die Nummer. Wurde sie seither verifiziert, legen Sie die Datei in einer Stunde zurück."),
        [Reason.CertificationNameUnknown] = (
            "Springest's site '{1}' had no verified certification called '{0}' when its list was read, {2} UTC. Write the name exactly "
                + "as Springest does, or give its number as certification_id. If it has been verified since, put the file back in an hour.",
            "De Springest-site '{1}' had geen geverifieerde certificering met de naam '{0}' toen de lijst gelezen werd, {2} UTC. "
                + "Schrijf de naam precies zoals Springest, of geef het nummer als certification_id. Is ze sindsdien geverifieerd, zet "
                + "het bestand dan over een uur terug.",
            "Die Springest-Site '{1}' hatte keine verifizierte Zertifizierung namens '{0}', als ihre Liste gelesen wurde, {2} UTC. "
                + "Schreiben Sie den Namen genau wie Springest, oder geben Sie die Nummer als certification_id an. Wurde sie seither "
                + "verifiziert, legen Sie die Datei in einer Stunde zurück."),
        [Reason.CertificationAmbiguous] = (
            "Several certifications are called '{0}': {1}. Give the number of the one that is meant as certification_id.",
            "Meerdere certificeringen heten '{0}': {1}. Geef het nummer van de bedoelde als certification_id.",
            "Mehrere Zertifizierungen heißen '{0}': {1}. Geben Sie die Nummer der gemeinten als certification_id an."),
        [Reason.CertificationMismatch] = (
            "The certification {0} is called '{1}', not '{2}'. Correct one of them, or leave one out.",
            "De certificering {0} heet '{1}', niet '{2}'. Verbeter een van beide, of laat er een weg.",
            "Die Zertifizierung {0} heißt '{1}', nicht '{2}'. Korrigieren Sie eines von beiden, oder lassen Sie eines weg."),
        [Reason.EmailMissing] = (
            "The email is missing. Give the e-mail address of the person who earned the certificate.",
            "De email ontbreekt. Geef het e-mailadres van de persoon die het certificaat behaalde.",
            "Die email fehlt. Geben Sie die E-Mail-Adresse der Person an, die das Zertifikat erworben hat."),
        [Reason.EmailInvalid] = (
            "The email '{0}' is not an e-mail address. Give one such as jo@example.org.",
            "De email '{0}' is geen e-mailadres. Geef er een zoals jo@example.org.",
            "Die email '{0}' ist keine E-Mail-Adresse. Geben Sie eine an wie jo@example.org."),
        [Reason.ValidFromMissing] = (
            "The valid_from is missing. Give the first day of validity, such as 2026-01-15.",
            "De valid_from ontbreekt. Geef de eerste dag van geldigheid, zoals 2026-01-15.",
            "Das valid_from fehlt. Geben Sie den ersten Tag der Gültigkeit an, etwa 2026-01-15."),
        [Reason.ValidFromInvalid] = (
            "The valid_from '{0}' is not a date. Write year-month-day, such as 2026-01-15.",
            "De valid_from '{0}' is geen datum. Schrijf jaar-maand-dag, zoals 2026-01-15.",
            "Das valid_from '{0}' ist kein Datum. Schreiben Sie Jahr-Monat-Tag, etwa 2026-01-15."),
        [Reason.ValidUntilInvalid] = (
            "The valid_until '{0}' is not a date. Write year-month-day, such as 2029-01-15.",
            "De valid_until '{0}' is geen datum. Schrijf jaar-maand-dag, zoals 2029-01-15.",
            "Das valid_until '{0}' ist kein Datum. Schreiben Sie Jahr-Monat-Tag, etwa 2029-01-15."),
        [Reason.ValidUntilNeeded] = (
            "The certification {0} needs a valid_until. Give the last day of validity, such as 2029-01-15.",
            "De certificering {0} heeft een valid_until nodig. Geef de laatste dag van geldigheid, zoals 2029-01-15.",
            "Die Zertifizierung {0} braucht ein valid_until. Geben Sie den letzten Tag der Gültigkeit an, etwa 2029-01-15."),
        [Reason.ValidUntilTooEarly] = (
            "The valid_until {1} is before the valid_from {0}. Correct one of them.",
            "De valid_until {1} ligt voor de valid_from {0}. Verbeter een van beide.",
            "Das valid_until {1} liegt vor dem valid_from {0}. Korrigieren Sie eines von beiden."),
        [Reason.BookingIdInvalid] = (
            "The booking_id '{0}' is not a whole number above zero. Give the number of the booking, or leave it out.",
            "De booking_id '{0}' is geen geheel getal boven nul. Geef het nummer van de boeking, of laat het weg.",
            "Die booking_id '{0}' ist keine ganze Zahl über null. Geben Sie die Nummer der Buchung an, oder lassen Sie sie weg."),
        [Reason.FileTypeNotAllowed] = (
            "Files of type '{0}' are not submitted. Allowed: {1}.",
            "Bestanden van het type '{0}' worden niet ingediend. Toegestaan: {1}.",
            "Dateien vom Typ '{0}' werden nicht eingereicht. Erlaubt: {1}."),
        [Reason.FileEmpty] = (
            "The file is empty. Upload it again.",
            "Het bestand is leeg. Upload het opnieuw.",
            "Die Datei ist leer. Laden Sie sie erneut hoch."),
        [Reason.FileTooLarge] = (
            "The file has {0} bytes; at most {1} are allowed. Make it smaller.",
            "Het bestand telt {0} bytes; ten hoogste {1} zijn toegestaan. Maak het kleiner.",
            "Die Datei hat {0} Bytes; höchstens {1} sind erlaubt. Verkleinern Sie sie."),
        [Reason.FileIsBase64] = (
            "The file holds Base64 text instead of the document itself. Upload the document as it is.",
            "Het bestand bevat Base64-tekst in plaats van het document zelf. Upload het document zoals het is.",
            "Die Datei enthält Base64-Text statt des Dokuments selbst. Laden Sie das Dokument hoch, wie es ist."),
        [Reason.FileIsNotPdf] = (
            "The file is not a PDF, although its name says so. Save it as PDF and upload it again.",
            "Het bestand is geen pdf, al zegt de naam van wel. Sla het op als pdf en upload het opnieuw.",
            "Die Datei ist kein PDF, obwohl der Name es sagt. Speichern Sie sie als PDF und laden Sie sie erneut hoch."),
        [Reason.FileIsNotImage] = (
            "The file is not an image of the type that its name says. Save it as such and upload it again.",
            "Het bestand is geen afbeelding van het type dat de naam noemt. Sla het zo op en upload het opnieuw.",
            "Die Datei ist kein Bild des Typs, den der Name nennt. Speichern Sie sie so und laden Sie sie erneut hoch."),
        [Reason.FileIsCutOff] = (
            "The PDF has no end: it was probably cut off on the way. Upload it again.",
            "De pdf heeft geen einde: waarschijnlijk is hij onderweg afgebroken. Upload hem opnieuw.",
            "Das PDF hat kein Ende: wahrscheinlich wurde es unterwegs abgeschnitten. Laden Sie es erneut hoch."),
        [Reason.FileIsReencoded] = (
            "The file was damaged on its way: something took its content for text, as a flow does that is not told otherwise. Upload the "
                + "file itself.",
            "Het bestand is onderweg beschadigd: iets heeft de inhoud als tekst behandeld, zoals een flow doet als niets anders is "
                + "ingesteld. Upload het bestand zelf.",
            "Die Datei wurde unterwegs beschädigt: Etwas hat ihren Inhalt als Text behandelt, wie es ein Flow tut, dem nichts anderes "
                + "gesagt ist. Laden Sie die Datei selbst hoch."),
        [Reason.PdfHasNoPages] = (
            "The PDF has no page. Save it anew and upload it again.",
            "De pdf heeft geen pagina. Sla hem opnieuw op en upload hem opnieuw.",
            "Das PDF hat keine Seite. Speichern Sie es neu und laden Sie es erneut hoch."),
        [Reason.PdfIsEncrypted] = (
            "The PDF is encrypted. Save it without password or restrictions and upload it again.",
            "De pdf is versleuteld. Sla hem op zonder wachtwoord of beperkingen en upload hem opnieuw.",
            "Das PDF ist verschlüsselt. Speichern Sie es ohne Kennwort und Einschränkungen und laden Sie es erneut hoch."),
        [Reason.PdfHasScript] = (
            "The PDF has JavaScript in it. Save it without, for instance by printing it to a PDF, and upload it again.",
            "De pdf bevat JavaScript. Sla hem op zonder, bijvoorbeeld door hem als pdf af te drukken, en upload hem opnieuw.",
            "Das PDF enthält JavaScript. Speichern Sie es ohne, etwa indem Sie es als PDF drucken, und laden Sie es erneut hoch."),
        [Reason.PdfLaunches] = (
            "The PDF would start other programs. Save it without such actions, for instance by printing it to a PDF, and upload it again.",
            "De pdf zou andere programma's starten. Sla hem op zonder zulke acties, bijvoorbeeld door hem als pdf af te drukken, en "
                + "upload hem opnieuw.",
            "Das PDF würde andere Programme starten. Speichern Sie es ohne solche Aktionen, etwa indem Sie es als PDF drucken, und "
                + "laden Sie es erneut hoch."),
        [Reason.PdfHasAttachments] = (
            "The PDF has other files attached. Save it without them and upload it again.",
            "De pdf heeft andere bestanden als bijlage. Sla hem op zonder en upload hem opnieuw.",
            "Das PDF hat andere Dateien als Anlage. Speichern Sie es ohne sie und laden Sie es erneut hoch."),
        [Reason.PdfIsOpaque] = (
            "Parts of the PDF cannot be looked into: they are damaged, too large or packed in an unusual way. Save it anew, for "
                + "instance by printing it to a PDF, and upload it again.",
            "In delen van de pdf kan niet worden gekeken: ze zijn beschadigd, te groot of ongewoon verpakt. Sla hem opnieuw op, "
                + "bijvoorbeeld door hem als pdf af te drukken, en upload hem opnieuw.",
            "In Teile des PDF lässt sich nicht hineinsehen: Sie sind beschädigt, zu groß oder ungewöhnlich verpackt. Speichern Sie es "
                + "neu, etwa indem Sie es als PDF drucken, und laden Sie es erneut hoch."),
        [Reason.Duplicate] = (
            "This certificate was submitted before, from the file '{0}', and has the number {1}. Nothing was submitted again.",
            "Dit certificaat is al eerder ingediend, uit het bestand '{0}', en heeft nummer {1}. Er is niets opnieuw ingediend.",
            "Dieses Zertifikat wurde schon eingereicht, aus der Datei '{0}', und hat die Nummer {1}. Es wurde nichts erneut "
                + "eingereicht."),
        [DuplicateOfUnnumbered] = (
            "This certificate was submitted before, from the file '{0}'. Nothing was submitted again.",
            "Dit certificaat is al eerder ingediend, uit het bestand '{0}'. Er is niets opnieuw ingediend.",
            "Dieses Zertifikat wurde schon eingereicht, aus der Datei '{0}'. Es wurde nichts erneut eingereicht."),
        [Reason.Replaced] = (
            "A newer file for the same certificate has taken its place: '{0}'.",
            "Een nieuwer bestand voor hetzelfde certificaat is in de plaats gekomen: '{0}'.",
            "Eine neuere Datei für dasselbe Zertifikat ist an seine Stelle getreten: '{0}'."),
        [Reason.LetThrough] = (
            "It may be submitted although the same certificate was submitted before. Put the file back.",
            "Het mag worden ingediend, al is hetzelfde certificaat al eerder ingediend. Zet het bestand terug.",
            "Es darf eingereicht werden, obwohl dasselbe Zertifikat schon eingereicht wurde. Legen Sie die Datei zurück."),
        [Reason.RefusedBySpringest] = (
            "Springest refused it with status {0}: {1}. Correct that and put the file back.",
            "Springest weigerde het met status {0}: {1}. Verbeter dat en zet het bestand terug.",
            "Springest hat es mit Status {0} abgelehnt: {1}. Korrigieren Sie das und legen Sie die Datei zurück."),
        [Reason.WaitingForMetadata] = (
            "Waiting for '{0}', which says whose certificate this is.",
            "Wacht op '{0}', waarin staat van wie dit certificaat is.",
            "Wartet auf '{0}', worin steht, wessen Zertifikat das ist."),
        [Reason.WaitingForCatalogue] = (
            "Waiting until the certifications of the site '{0}' have been read for the first time.",
            "Wacht tot de certificeringen van de site '{0}' voor het eerst gelezen zijn.",
            "Wartet, bis die Zertifizierungen der Site '{0}' zum ersten Mal gelesen sind."),
        [Reason.WaitingForQuota] = (
            "Waiting for a free request: the hour's quota is used up.",
            "Wacht op een vrij verzoek: het quotum van dit uur is op.",
            "Wartet auf eine freie Anfrage: das Kontingent dieser Stunde ist aufgebraucht."),
        [Reason.WaitingForStorage] = (
            "The file could not be fetched from storage. It is tried again.",
            "Het bestand kon niet uit de opslag worden gehaald. Er wordt opnieuw geprobeerd.",
            "Die Datei konnte nicht aus dem Speicher geholt werden. Es wird erneut versucht."),
        [Reason.WaitingForRetry] = (
            "Springest could not be reached or did not let us in ({0}). It is tried again.",
            "Springest was niet bereikbaar of liet ons niet toe ({0}). Er wordt opnieuw geprobeerd.",
            "Springest war nicht erreichbar oder hat uns nicht zugelassen ({0}). Es wird erneut versucht."),
        [Reason.WaitingForFirst] = (
            "Another file for the same certificate is being submitted: '{0}'. Waiting for what becomes of it.",
            "Een ander bestand voor hetzelfde certificaat wordt ingediend: '{0}'. Wacht op wat daarvan komt.",
            "Eine andere Datei für dasselbe Zertifikat wird eingereicht: '{0}'. Wartet, was daraus wird."),
        [Reason.WaitingForSite] = (
            "Springest takes no certificates now ({0}). Now and then one is tried; the others follow as soon as it is taken.",
            "Springest neemt nu geen certificaten aan ({0}). Af en toe wordt er een geprobeerd; zodra dat lukt, volgen de andere.",
            "Springest nimmt zurzeit keine Zertifikate an ({0}). Ab und zu wird eines versucht; sobald das gelingt, folgen die anderen."),
        [Reason.WaitingForCertification] = (
            "Springest takes no certificates of this certification from this key ({0}). Now and then one is tried.",
            "Springest neemt van deze sleutel geen certificaten van deze certificering aan ({0}). Af en toe wordt er een geprobeerd.",
            "Springest nimmt von diesem Schlüssel keine Zertifikate dieser Zertifizierung an ({0}). Ab und zu wird eines versucht."),
        [Reason.SendingStopped] = (
            "It is ready. Somebody has stopped the sending of certificates; it goes out when somebody starts it again.",
            "Het is klaar. Iemand heeft het versturen van certificaten stopgezet; het gaat weg zodra iemand het weer aanzet.",
            "Es ist bereit. Jemand hat das Senden von Zertifikaten angehalten; es geht hinaus, sobald jemand es wieder startet."),
        [LostKey] = (
            "Nothing is submitted, because the ledger's key is lost, or the ledger beside it. See the page on operating the app.",
            "Er wordt niets ingediend, want de sleutel van het grootboek is zoek, of het grootboek zelf. Zie de pagina over beheer.",
            "Es wird nichts eingereicht, weil der Schlüssel des Hauptbuchs fehlt, oder es selbst. Siehe die Seite zum Betrieb."),
        [Gap] = (
            "The ledger was restored from a copy of {0} UTC. What was submitted after that is known from receipts alone: compare with "
                + "Springest, then start sending.",
            "Het grootboek is hersteld uit een kopie van {0} UTC. Wat daarna is ingediend, blijkt alleen uit ontvangstbewijzen: vergelijk "
                + "met Springest en start dan het versturen.",
            "Das Hauptbuch wurde aus einer Kopie vom {0} UTC wiederhergestellt. Was danach eingereicht wurde, ist nur aus Quittungen "
                + "bekannt: Vergleichen Sie mit Springest, und starten Sie dann das Senden."),
        [Cause.NoConnection] = ("no connection", "geen verbinding", "keine Verbindung"),
        [Cause.NoAnswer] = ("no answer in time", "geen antwoord op tijd", "keine Antwort rechtzeitig"),
        [Cause.Vanished] = ("the app was cut off", "de app werd afgebroken", "die App wurde unterbrochen"),
        [Cause.Restored] = (
            "the ledger was restored from a copy", "het grootboek is hersteld uit een kopie", "das Hauptbuch wurde aus einer Kopie "
                + "wiederhergestellt"),
        [Reason.StillBeingWritten] = (
            "Waiting until the file is complete.",
            "Wacht tot het bestand volledig is.",
            "Wartet, bis die Datei vollständig ist."),
        [Reason.OutcomeUnknown] = (
            "Nobody knows whether it arrived ({0}), and Springest does not list it. Until then, or a person decides, it is not sent again.",
            "Niemand weet of het is aangekomen ({0}), en Springest toont het niet. Tot dan, of iemand beslist, gaat het niet opnieuw weg.",
            "Niemand weiß, ob es angekommen ist ({0}), und Springest führt es nicht auf. Bis dahin, oder bis jemand entscheidet, wird es "
                + "nicht erneut gesendet."
        ),
    };

    /// <summary>The sentence of a reason.</summary>
    public string Say(string code, params ReadOnlySpan<object?> values)
    {
        var (english, dutch, german) = _all[code];
        var format = options.Value.Language switch { "nl" => dutch, "de" => german, _ => english };
        return string.Format(CultureInfo.InvariantCulture, format, values);
    }

    /// <summary>A cause in words: those of a code, or an answer's status as it is.</summary>
    public string? Word(string? cause) => cause is not null && _all.ContainsKey(cause) ? Say(cause) : cause;

    /// <summary>The problem, said of a line of a list.</summary>
    public Problem InLine(string file, int line, Problem problem)
    {
        var word = options.Value.Language switch
        {
            "nl" => "regel",
            "de" => "Zeile",
            _ => "line",
        };
        return problem with
        {
            Line = line,
            Message = string.Create(CultureInfo.InvariantCulture, $"{file}, {word} {line}: {problem.Message}"),
        };
    }

    /// <summary>That a file was submitted before.</summary>
    public Problem AboutDuplicate(SubmissionEntity first)
    {
        // A stub has no file's name any more.
        var file = first.Blob.Length > 0 ? first.Blob : first.RowKey;
        return new(Reason.Duplicate, first.CertificateId is { } id ? Say(Reason.Duplicate, file, id) : Say(DuplicateOfUnnumbered, file));
    }

    /// <summary>That nothing can be submitted.</summary>
    public string AboutLostKey() => Say(LostKey);

    /// <summary>That the ledger comes from a copy.</summary>
    public string AboutGap(DateTimeOffset from)
        => Say(Gap, from.UtcDateTime.ToString("yyyy-MM-dd HH:mm", CultureInfo.InvariantCulture));

    /// <summary>The reason with its sentence, about a field.</summary>
    public Problem About(string? field, string code, params ReadOnlySpan<object?> values) => new(code, Say(code, values), field);
}
