using Springest.EndToEnd.Tests.Surroundings;
using Springest.Testing;

namespace Springest.EndToEnd.Tests.Processes;

/// <summary>What needs instances of its own: they are killed and stopped, and their output is read.</summary>
[Trait("Part", "Process")]
public abstract class ProcessTests(World world)
{
    protected const string OnceAYear = World.OnceAYear;

    protected World World => world;

    /// <summary>As a power failure would end it.</summary>
    protected static Task Kill(AppProcess instance)
    {
        instance.Kill();
        return Task.CompletedTask;
    }

    /// <summary>The timers of webhooks and of certificates fire every other second.</summary>
    protected static Dictionary<string, string> Brisk(params (string Setting, string Value)[] more)
    {
        const string everyOtherSecond = "*/2 * * * * *";
        var settings = new Dictionary<string, string>
        {
            ["Springest__Webhooks__Schedule"] = everyOtherSecond,
            ["Springest__Certificates__SweepSchedule"] = everyOtherSecond,
        };
        foreach (var (setting, value) in more)
            settings[setting] = value;
        return settings;
    }

    /// <summary>And those of the mirror every ten seconds.</summary>
    protected static Dictionary<string, string> BriskMirror(params (string Setting, string Value)[] more)
        => Brisk(
        [
            .. Mirror.Tables.Select(table => ($"Springest__Mirror__{table}__Schedule", "*/10 * * * * *")),
            ("Springest__Mirror__LeaseDuration", "00:00:20"),
            .. more,
        ]);
}
