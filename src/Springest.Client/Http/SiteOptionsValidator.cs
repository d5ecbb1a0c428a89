using Microsoft.Extensions.Options;

namespace Springest.Client.Http;

/// <summary>Checks a site's settings; each fault is a sentence that names the setting, its value and what is allowed.</summary>
internal sealed class SiteOptionsValidator(string site, string settingPrefix) : IValidateOptions<SpringestSiteOptions>
{
    private static readonly Dictionary<string, Uri> s_knownHosts = new(StringComparer.OrdinalIgnoreCase)
    {
        ["nl"] = new("https://api.springest.nl"),
        ["uk"] = new("https://api.springest.co.uk"),
        ["be"] = new("https://api.nl.springest.be"),
        ["de"] = new("https://api.springest.de"),
        ["com"] = new("https://api.springest.com"),
    };

    public static Uri? KnownHost(string site) => s_knownHosts.GetValueOrDefault(site);

    public ValidateOptionsResult Validate(string? name, SpringestSiteOptions options)
    {
        if (name != site)
            return ValidateOptionsResult.Skip;
        var faults = Faults(options).ToList();
        return faults.Count == 0 ? ValidateOptionsResult.Success : ValidateOptionsResult.Fail(faults);
    }

    private IEnumerable<string> Faults(SpringestSiteOptions options)
    {
        if (HostFault(options.Host) is { } hostFault)
            yield return hostFault;
        if (string.IsNullOrWhiteSpace(options.ApiKey))
            yield return $"Setting '{Name(nameof(options.ApiKey))}' is missing: set it to the API key that Springest gave you for site "
                + $"'{site}'.";
        if (options.CertificatesPath is not ("/certificates" or "/users/certificates"))
            yield return Fault(nameof(options.CertificatesPath), options.CertificatesPath, "'/certificates' or '/users/certificates'");
        if (options.CertificateBookingField is not ("booking_id" or "conversion_id"))
            yield return Fault(nameof(options.CertificateBookingField), options.CertificateBookingField, "'booking_id' or 'conversion_id'");
        if (options.AutocompleteFormat is not ("jsonp" or "json"))
            yield return Fault(nameof(options.AutocompleteFormat), options.AutocompleteFormat, "'jsonp' or 'json'");
        if (AcceptedAnswer.Parse(options.AcceptedStatuses) is null)
            yield return Fault(nameof(options.AcceptedStatuses), options.AcceptedStatuses,
                "statuses 200 to 299, with commas between, each of them alone, as in '201', or with ':id'");
        if (!Enum.IsDefined(options.Format))
            yield return Fault(nameof(options.Format), options.Format, "'Json' or 'Xml'");
        if (RateLimitAnswer.Parse(options.RateLimitStatuses) is null)
        {
            yield return Fault(
                nameof(options.RateLimitStatuses), options.RateLimitStatuses,
                    "statuses 400 to 499, 503 and 509, with commas between, each of them alone, "
                + "as in '429', with a text that the body must hold, as in '403:rate limit', or with the header, as in '503:Retry-After'");
        }

        if (options.AttemptTimeout < TimeSpan.FromSeconds(1) || options.AttemptTimeout > TimeSpan.FromMinutes(10))
            yield return Fault(nameof(options.AttemptTimeout), options.AttemptTimeout, "00:00:01 to 00:10:00");
        if (options.Deadline < options.AttemptTimeout || options.Deadline > TimeSpan.FromHours(1))
            yield return Fault(nameof(options.Deadline), options.Deadline, $"AttemptTimeout ({options.AttemptTimeout}) to 01:00:00");
        if (options.Retries is < 0 or > 10)
            yield return Fault(nameof(options.Retries), options.Retries, "0 to 10");
        if (options.RetryDelay < TimeSpan.FromMilliseconds(1) || options.RetryDelay > TimeSpan.FromMinutes(1))
            yield return Fault(nameof(options.RetryDelay), options.RetryDelay, "00:00:00.001 to 00:01:00");
        if (options.MaxRetryAfter < TimeSpan.Zero || options.MaxRetryAfter > TimeSpan.FromMinutes(10))
            yield return Fault(nameof(options.MaxRetryAfter), options.MaxRetryAfter, "00:00:00 to 00:10:00");
        if (options.BreakDuration != TimeSpan.Zero
            && (options.BreakDuration < TimeSpan.FromSeconds(0.5) || options.BreakDuration > TimeSpan.FromMinutes(10)))
            yield return Fault(nameof(options.BreakDuration), options.BreakDuration, "00:00:00 (off) or 00:00:00.5 to 00:10:00");
        if (options.MaxAnswerBytes is < 64 * 1024 or > 256 * 1024 * 1024)
            yield return Fault(nameof(options.MaxAnswerBytes), options.MaxAnswerBytes, "65536 to 268435456");
    }

    private string? HostFault(Uri? host)
    {
        if (host is null)
            return $"Setting '{Name("Host")}' is missing: site '{site}' is none of nl, uk, be, de, com, so its host must be given, such as "
                + "'https://NAME.api.go.springest.nl'.";
        if (host.IsAbsoluteUri && (host.Scheme == Uri.UriSchemeHttps || (host.Scheme == Uri.UriSchemeHttp && host.IsLoopback))
            && host.UserInfo.Length == 0 && host.PathAndQuery == "/" && host.Fragment.Length == 0)
            return null;
        // Somebody may have pasted a link with the key in it.
        var shown = host.IsAbsoluteUri ? host.GetLeftPart(UriPartial.Scheme) + host.Authority.Split('@')[^1]
            : host.OriginalString.Split('?')[0];
        return Fault("Host", shown,
            "an address such as 'https://api.springest.nl' without path and query; http is allowed for this machine only");
    }

    private string Fault(string setting, object value, string allowed)
        => FormattableString.Invariant($"Setting '{Name(setting)}' is '{value}'; allowed: {allowed}.");

    private string Name(string setting) => $"{settingPrefix}{setting}";
}
