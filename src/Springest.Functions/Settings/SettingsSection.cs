namespace Springest.Functions.Settings;

/// <summary>A section below <c>Springest</c> that a feature registers.</summary>
/// <param name="Name">Its path, as <c>Mirror:Trainings</c>; <c>*</c> stands for a name that the owner chooses.</param>
/// <param name="Options">The class that holds its settings.</param>
/// <param name="Left">Settings of the class that the app does not have.</param>
public sealed record SettingsSection(string Name, Type Options, params string[] Left)
{
    /// <summary>Names of its settings.</summary>
    public IEnumerable<string> Settings
        => Options.GetProperties().Where(property => property.CanWrite).Select(property => property.Name).Except(Left);
}
