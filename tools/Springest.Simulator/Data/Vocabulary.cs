namespace Springest.Simulator.Data;

/// <summary>The words that courses are made of.</summary>
internal static class Vocabulary
{
    public static readonly string[] Categories =
    [
        "Werk &amp; tijd", "Talen", "Leiderschap", "Projectmanagement", "Communicatie", "Financiën", "Marketing &amp; verkoop", "Personeel",
        "Informatica", "Data &amp; statistiek", "Techniek", "Veiligheid", "Zorg", "Welzijn", "Onderwijs", "Recht", "Bouw", "Logistiek",
        "Horeca", "Persoonlijke groei", "Kunst &amp; vorm",
    ];

    public static readonly string[] Topics =
    [
        "Plannen", "Timemanagement", "Onderhandelen", "Presenteren", "Zakelijk schrijven", "Gesprekstechnieken", "Coachend leidinggeven",
        "Situationeel leiderschap", "Verandermanagement", "Projectmatig werken", "Agile werken", "Scrum", "Lean", "Boekhouden",
        "Loonadministratie", "Btw in de praktijk", "Jaarrekening lezen", "Contentmarketing", "Zoekmachineoptimalisatie",
        "Verkoopgesprekken", "Accountmanagement", "Werving en selectie", "Verzuimbegeleiding", "Arbeidsrecht", "Privacyrecht",
        "Contractenrecht", "Excel", "Power BI", "Python", "C#", "Java", "SQL", "Netwerkbeheer", "Cybersecurity", "Cloudarchitectuur",
        "Datavisualisatie", "Statistiek", "Machine learning", "Lassen", "Elektrotechniek", "Besturingstechniek", "Werken op hoogte",
        "Bedrijfshulpverlening", "Heftruck", "Gevaarlijke stoffen", "Reanimatie", "Medicatieveiligheid", "Palliatieve zorg",
        "Omgaan met agressie", "Mindfulness", "Groepsdynamica", "Didactiek", "Klassenmanagement", "Bouwkundig tekenen", "Calculatie",
        "Magazijnbeheer", "Douane", "Voorraadbeheer", "Sociale hygiëne", "Wijnkennis", "Timmeren", "Fotografie", "Schilderen", "Engels",
        "Duits", "Frans", "Spaans", "Nederlands voor anderstaligen",
    ];

    public static readonly string[] EnglishTopics =
    [
        "Time Management", "Negotiation", "Public Speaking", "Business Writing", "Leadership Essentials", "Change Management",
        "Project Planning", "Agile Foundations", "Service Management", "Financial Modelling", "Digital Marketing", "Recruitment",
        "Contract Law", "Data Analysis", "Cloud Security", "Software Testing", "Network Administration", "Health &amp; Safety", "First Aid",
        "Supply Chain Planning",
    ];

    public static readonly string[] Specialities =
    [
        "basis", "gevorderden", "in de praktijk", "voor beginners", "voor professionals", "voor teams", "voor leidinggevenden", "opfris",
        "verdieping", "en samenwerken", "in de zorg", "in het onderwijs", "voor zzp'ers", "op de werkvloer", "masterclass",
        "examentraining",
    ];

    public static readonly string[] EnglishSpecialities =
    [
        "Foundation", "Advanced", "in Practice", "for Teams", "for Managers", "Refresher", "Masterclass", "Exam Preparation",
    ];

    public static readonly string[] Types = ["Cursus", "Training", "Opleiding", "Workshop", "Leergang"];

    public static readonly string[] EnglishTypes = ["Course", "Training", "Workshop", "Programme"];

    public static readonly string[] Institutes =
    [
        "Voorbeeld Academie", "Leerhuis Café &amp; Co", "Kompas Opleidingen", "De Kennisfabriek", "Noorderlicht Trainingen",
        "Delta Instituut", "Vaart &amp; Koers", "Instituut Lindenhof", "Bright Harbour Learning", "Groei® Opleiders", "Zuiderpoort College",
        "Atelier Vakwerk", "Stap Verder", "Het Leerplein", "Northgate Training", "De Ontwikkelkamer",
    ];

    public static readonly (int Id, string Name)[] Regions =
    [
        (1, "Amsterdam"), (2, "Rotterdam"), (3, "Den Haag"), (4, "Utrecht"), (5, "Eindhoven"), (6, "Groningen"), (7, "Tilburg"),
        (8, "Almere / Lelystad"), (9, "Nijmegen"), (10, "Breda"), (31, "Brussel"), (32, "Antwerpen"), (42, "Gent"), (47, "Terneuzen"),
    ];

    public static readonly (int Id, string Name)[] Methods =
    [
        (6, "Thuisstudie"), (7, "Open inschrijving"), (10, "In company"), (12, "E-learning"),
    ];

    public static readonly (int Id, string Name)[] Levels =
    [
        (1, "MBO"), (2, "HBO"), (3, "VMBO+"), (4, "MBO+"), (5, "VMBO"), (6, "HBO+"), (7, "WO+ Denkniveau"), (8, "Master"), (9, "Bachelor"),
        (10, "MBA"), (52, "Associate Degree"),
    ];

    public static readonly (int Id, string Name)[] Associations =
    [
        (1, "VETRON"), (2, "NIMA"), (3, "Cedeo"), (4, "NRTO"), (5, "VOI"), (6, "ISO register"), (10, "EXIN"), (76, "Microsoft"),
        (82, "CREBO"), (83, "CROHO"),
    ];

    public static readonly string[] Costs =
    [
        "study material", "examination", "lunch", "registration fee", "accommodation", "coaching", "arrangement",
    ];

    public static readonly string[] Openings =
    [
        "Wil je meer bereiken met {0}? In deze opleiding leer je het vak van mensen die het elke dag doen.",
        "{0} vraagt om oefening. Daarom werk je vanaf het eerste uur met je eigen voorbeelden &amp; vragen.",
        "Aan het eind kun je {0} zelfstandig toepassen, van de eerste schets tot en met de oplevering.",
        "Deze training over {0} past bij iedereen die snel resultaat zoekt zonder de diepte te verliezen.",
        "Met {0} bespaar je tijd, voorkom je fouten en houd je overzicht: ook als het druk is.",
    ];

    public static readonly string[] EnglishOpenings =
    [
        "Would you like to get more out of {0}? Learn it from people who do it every day.",
        "{0} takes practice, so you work on your own cases &amp; questions from the first hour.",
        "When you leave you can apply {0} on your own, from a first sketch to the finished piece.",
    ];

    public static readonly string[] Sentences =
    [
        "De groep is klein, zodat er ruimte blijft voor je eigen situatie.",
        "Vooraf ontvang je een korte vragenlijst; de docent stemt het programma daarop af.",
        "Theorie en oefening wisselen elkaar af, en elk blok eindigt met een opdracht.",
        "Na afloop krijg je een bewijs van deelname, en wie het examen haalt een diploma.",
        "Je oefent met actuele casussen uit de zorg, het onderwijs en het bedrijfsleven.",
        "De docenten hebben minstens tien jaar ervaring en staan zelf nog in de praktijk.",
        "Er is koffie, thee en een lunch met streekproducten &ndash; houd rekening met circa &euro;&nbsp;25 per dag.",
        "Tussen de bijeenkomsten werk je ongeveer drie uur per week aan een eigen project.",
        "Je krijgt toegang tot de online leeromgeving, waar je alle materialen een jaar lang terugvindt.",
        "Heb je al ervaring? Dan kun je na een korte toets direct instromen in het vervolg.",
        "Annuleren kan kosteloos tot veertien dagen voor de eerste lesdag.",
        "Wie dat wil, kan het geleerde afsluiten met een onafhankelijk examen (‘theorie’ én ‘praktijk’).",
        "Parkeren is gratis; vanaf het station is het acht minuten lopen.",
        "Deelnemers waarderen vooral het tempo, de voorbeelden en de persoonlijke feedback.",
    ];

    public static readonly string[] EnglishSentences =
    [
        "Groups are small, which leaves room for your own questions.",
        "Theory and exercises take turns, and every block ends with an assignment.",
        "You get a year of access to the learning environment with all the materials.",
        "Our trainers have at least ten years of experience &ndash; and still work in the field.",
        "Lunch &amp; coffee are included; the venue is an eight-minute walk from the station.",
        "You may sit an independent exam at the end; the fee is charged separately.",
        "Between sessions you spend about three hours a week on a project of your own.",
        "You can cancel free of charge up to fourteen days before the first day.",
    ];

    public static readonly string[] Headings =
    [
        "Voor wie?", "Programma", "Resultaat", "Werkwijze", "Examen &amp; diploma", "Praktische informatie",
    ];

    public static readonly string[] EnglishHeadings =
    [
        "Who is it for?", "Programme", "Outcome", "How we work", "Exam &amp; certificate", "Practical details",
    ];
}
