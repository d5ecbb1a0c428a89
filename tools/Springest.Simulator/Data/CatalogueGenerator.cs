namespace Springest.Simulator.Data;

/// <summary>Makes a catalogue of invented Dutch and English courses: the same for the same seed and sizes.</summary>
internal static class CatalogueGenerator
{
    public static Catalogue Generate(SimulatorOptions options)
    {
        var catalogue = new Catalogue(options.TimeProvider);
        var random = new Random(options.Seed);
        var institutes = InstituteGenerator.Put(catalogue, random, (options.Trainings / 12) + 3);
        var subjects = SubjectGenerator.Draw(random, options.Subjects);
        var plans = TrainingPlan.Draw(random, options, institutes.Count);
        foreach (var subject in plans.SelectMany(plan => plan.Subjects))
            subjects[subject].Count++;
        foreach (var subject in subjects)
            catalogue.Subjects.Put(subject.ToRecord());
        CategoryGenerator.Put(catalogue, subjects);
        CertificationGenerator.Put(catalogue, random, options.Certifications);
        ReviewGenerator.Put(catalogue, random, plans, institutes);
        var generator = new TrainingGenerator(institutes, subjects);
        foreach (var plan in plans)
        {
            var modified = TimeStamp.Day(plan.Modified)!.Value;
            var head = new RecordHead(plan.Id, institutes[plan.Institute]["id"]!.GetValue<long>(), modified, Published: true);
            catalogue.Trainings.Put(new Record(head, () => generator.Generate(plan), modified));
        }

        return catalogue;
    }
}
