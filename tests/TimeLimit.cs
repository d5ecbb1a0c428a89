using System.Collections.Concurrent;
using System.Reflection;
using Xunit.v3;

[assembly: TimeLimit]

/// <summary>
/// Cancels a test that does not end, so that it fails by its name instead of holding up all others; one that does not end even then ends
/// the whole program, which otherwise would never say what it waits for. Long campaigns set SPRINGEST_TEST_MINUTES.
/// </summary>
[AttributeUsage(AttributeTargets.Assembly)]
internal sealed class TimeLimitAttribute : BeforeAfterTestAttribute
{
    private static readonly TimeSpan s_grace = TimeSpan.FromMinutes(2);

    private static readonly TimeSpan s_limit = TimeSpan.FromMinutes(
        int.TryParse(Environment.GetEnvironmentVariable("SPRINGEST_TEST_MINUTES"), out var minutes) ? minutes : 10);

    private readonly ConcurrentDictionary<string, Timer> _running = new();

    public override void Before(MethodInfo methodUnderTest, IXunitTest test)
    {
        var context = TestContext.Current;
        var isCancelled = false;
        _running[test.UniqueID] = new Timer(_ => End(context, test, ref isCancelled), null, s_limit, s_grace);
    }

    public override void After(MethodInfo methodUnderTest, IXunitTest test)
    {
        if (_running.TryRemove(test.UniqueID, out var timer))
            timer.Dispose();
    }

    private static void End(ITestContext context, IXunitTest test, ref bool isCancelled)
    {
        if (isCancelled)
        {
            Console.WriteLine($"{test.TestDisplayName} does not end although it was cancelled. [FAIL]");
            Environment.Exit(1);
        }

        isCancelled = true;
        Console.WriteLine($"{test.TestDisplayName} has run for {s_limit.TotalMinutes} minutes and is cancelled.");
        context.CancelCurrentTest();
    }
}
