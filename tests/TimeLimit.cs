using System.Collections.Concurrent;
using System.Reflection;
using Xunit.v3;

[assembly: TimeLimit]

/// <summary>
/// Cancels a test that does not end, so that it fails by its name instead of holding up all others. Long campaigns set
/// SPRINGEST_TEST_MINUTES.
/// </summary>
[AttributeUsage(AttributeTargets.Assembly)]
internal sealed class TimeLimitAttribute : BeforeAfterTestAttribute
{
    private static readonly TimeSpan s_limit = TimeSpan.FromMinutes(
        int.TryParse(Environment.GetEnvironmentVariable("SPRINGEST_TEST_MINUTES"), out var minutes) ? minutes : 15);

    private readonly ConcurrentDictionary<string, Timer> _running = new();

    public override void Before(MethodInfo methodUnderTest, IXunitTest test)
    {
        var context = TestContext.Current;
        _running[test.UniqueID] = new Timer(_ => Cancel(context, test), null, s_limit, Timeout.InfiniteTimeSpan);
    }

    public override void After(MethodInfo methodUnderTest, IXunitTest test)
    {
        if (_running.TryRemove(test.UniqueID, out var timer))
            timer.Dispose();
    }

    private static void Cancel(ITestContext context, IXunitTest test)
    {
        Console.WriteLine($"{test.TestDisplayName} has run for {s_limit.TotalMinutes} minutes and is cancelled.");
        context.CancelCurrentTest();
    }
}
