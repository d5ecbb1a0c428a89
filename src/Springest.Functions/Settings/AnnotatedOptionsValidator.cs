using System.ComponentModel.DataAnnotations;
using System.Globalization;
using System.Reflection;
using Microsoft.Extensions.Options;

namespace Springest.Functions.Settings;

/// <summary>Checks options by the attributes of their properties; each sentence names the setting, its value and what is allowed.</summary>
/// <param name="section">The settings' common beginning, such as <c>Springest__Storage</c>.</param>
/// <param name="options">Name of the options that they are; null for all of the class.</param>
internal sealed class AnnotatedOptionsValidator<TOptions>(string section, string? options = null) : IValidateOptions<TOptions>
    where TOptions : class
{
    public ValidateOptionsResult Validate(string? name, TOptions value)
    {
        if (options is not null && options != name)
            return ValidateOptionsResult.Skip;
        var faults = typeof(TOptions).GetProperties().SelectMany(property => Faults(property, property.GetValue(value))).ToList();
        return faults.Count > 0 ? ValidateOptionsResult.Fail(faults) : ValidateOptionsResult.Success;
    }

    private IEnumerable<string> Faults(PropertyInfo property, object? value)
        => property.GetCustomAttributes<ValidationAttribute>()
            .Where(rule => !rule.IsValid(value))
            .Select(rule =>
                rule.FormatErrorMessage(string.Create(CultureInfo.InvariantCulture, $"{section}__{property.Name} is '{value}'; it")));
}
