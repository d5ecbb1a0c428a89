using System.Collections;
using System.Collections.Frozen;
using System.Globalization;
using System.Resources;
using Microsoft.Extensions.Options;
using Springest.Functions.Sites;

namespace Springest.Functions.Certificates.Reports;

/// <summary>
/// The sentences of every code in every language: <c>Sentences.en.resx</c> and its siblings. What is written for a site is in the language
/// and the time zone of its settings; a reader may have any other (<see cref="In"/>).
/// </summary>
public sealed class Sentences(SpringestClients clients, IOptionsMonitor<SiteWordsOptions> options)
{
    private static readonly FrozenDictionary<string, FrozenDictionary<string, string>> s_all
        = ((string[])["en", "nl", "de"]).ToFrozenDictionary(language => language, Read);

    /// <summary>The languages that there are.</summary>
    public static IEnumerable<string> Languages => s_all.Keys;

    /// <summary>The words for a site; for files outside every site's folder those of the first one.</summary>
    public Wording For(string site)
    {
        var words = options.Get(clients.Find(site) ?? clients.Sites[0]);
        return In(words.Language, words.Zone);
    }

    /// <summary>Every text of a language by its name.</summary>
    public static IReadOnlyDictionary<string, string> All(string language) => s_all[language];

    /// <summary>The words in a language.</summary>
    /// <param name="language"><c>en</c>, <c>nl</c> or <c>de</c>.</param>
    /// <param name="zone">The zone of its times of day.</param>
    public static Wording In(string language, TimeZoneInfo zone) => new(s_all[language], CultureInfo.GetCultureInfo(language), zone);

    private static FrozenDictionary<string, string> Read(string language)
    {
        var resources = new ResourceManager($"{typeof(Sentences).FullName}.{language}", typeof(Sentences).Assembly);
        using var set = resources.GetResourceSet(CultureInfo.InvariantCulture, createIfNotExists: true, tryParents: false)!;
        return set.Cast<DictionaryEntry>().ToFrozenDictionary(entry => (string)entry.Key, entry => (string)entry.Value!);
    }
}
