namespace Springest.Tools.Demo;

/// <summary>What must be the same for a demo to go on: the size of the site.</summary>
internal sealed record DemoState(int Trainings, int Subjects, int Certifications);
