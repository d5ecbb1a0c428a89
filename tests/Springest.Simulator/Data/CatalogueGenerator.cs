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
        PutTrainings(catalogue, plans, new TrainingGenerator(institutes, subjects));
        return catalogue;
    }

    private static void PutTrainings(Catalogue catalogue, IReadOnlyList<TrainingPlan> plans, TrainingGenerator generator)
    {
        var records = new byte[plans.Count][];
        Parallel.For(0, plans.Count, index => records[index] = generator.Generate(plans[index]));
        foreach (var (plan, record) in plans.Zip(records))
            catalogue.Trainings.Put(record, DateOnly.FromDateTime(plan.Modified.UtcDateTime));
    }
}
