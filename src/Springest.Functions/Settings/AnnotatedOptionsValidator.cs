using System.ComponentModel.DataAnnotations;
using System.Globalization;
using System.Reflection;
using Microsoft.Extensions.Options;

namespace Springest.Functions.Settings;

/// <summary>Checks options by the attributes of their properties; each sentence names the setting, its value and what is allowed.</summary>
/// <param name="section">The settings' common beginning, such as <c>Springest__Storage</c>.</param>
internal sealed class AnnotatedOptionsValidator<TOptions>(string section) : IValidateOptions<TOptions>
    where TOptions : class
{
    public ValidateOptionsResult Validate(string? name, TOptions options)
    {
        var faults = typeof(TOptions).GetProperties().SelectMany(property => Faults(property, property.GetValue(options))).ToList();
        return faults.Count > 0 ? ValidateOptionsResult.Fail(faults) : ValidateOptionsResult.Success;
    }

    private IEnumerable<string> Faults(PropertyInfo property, object? value)
        => property.GetCustomAttributes<ValidationAttribute>()
            .Where(rule => !rule.IsValid(value))
            .Select(rule =>
                rule.FormatErrorMessage(string.Create(CultureInfo.InvariantCulture, $"{section}__{property.Name} is '{value}'; it")));
}
