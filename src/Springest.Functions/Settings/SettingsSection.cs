namespace Springest.Functions.Settings;

/// <summary>A section below <c>Springest</c> that a feature registers.</summary>
/// <param name="Name">Its path, as <c>Mirror:Trainings</c>; <c>*</c> stands for a name that the owner chooses.</param>
/// <param name="Options">The class that holds its settings.</param>
public sealed record SettingsSection(string Name, Type Options);
