using System.Diagnostics;
using Microsoft.Extensions.DependencyInjection;
using Springest.Simulator.Behaviours;

namespace Springest.Client.Tests;

/// <summary>This project switches off .NET's own redaction of addresses, so what is not seen here is not there.</summary>
public sealed class KeyMaskingTests
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task No_log_trace_or_exception_shows_a_key()
    {
        var seen = new List<string>();
        using var listener = new ActivityListener
        {
            ShouldListenTo = _ => true,
            Sample = (ref ActivityCreationOptions<ActivityContext> _) => ActivitySamplingResult.AllDataAndRecorded,
            ActivityStopped = activity =>
            {
                lock (seen)
                    seen.Add($"{activity.Source.Name} {activity.DisplayName} {string.Join(' ', activity.TagObjects)} {activity.StatusDescription}");
            },
        };
        ActivitySource.AddActivityListener(listener);
        using var diagnostics = DiagnosticListener.AllListeners.Subscribe(new DiagnosticLines(seen));
        await using var api = await Api.StartAsync(services: services => services.AddHttpClient("Springest.nl").AddDefaultLogger());

        await api.Client.ListTrainings().FirstAsync(Cancellation);
        await api.Client.ListCertifications().FirstAsync(Cancellation);
        api.Simulator.Behaviour.Faults.Add(new Fault { Times = 4 });
        seen.Add((await Assert.ThrowsAsync<SpringestException>(() => api.Client.ListSubjects().FirstAsync(Cancellation).AsTask())).ToString());
        api.Simulator.Behaviour.Faults.Add(new Fault { Times = 4, Kind = FaultKind.Close });
        seen.Add((await Assert.ThrowsAsync<SpringestException>(() => api.Client.ListSubjects().FirstAsync(Cancellation).AsTask())).ToString());

        var everything = string.Join('\n', seen.Concat(api.Log.Lines));
        Assert.Contains("Springest.Client", everything);
        Assert.Contains("GET http://127.0.0.1", everything);
        Assert.DoesNotContain("canary", everything);
        Assert.DoesNotContain("api_key", everything);
    }

    [Fact]
    public async Task A_server_that_repeats_the_address_does_not_make_us_show_the_key()
    {
        await using var api = await Api.StartAsync();
        var echo = $"<p>/subjects.json?api_key={Uri.EscapeDataString(Api.Key)} or {Api.Key} or {Uri.EscapeDataString(Api.CertificationsKey)}</p>";
        api.Simulator.Behaviour.Faults.Add(new Fault { Status = 400, Body = echo, ContentType = "text/html" });

        var fault = await Assert.ThrowsAsync<SpringestException>(() => api.Client.ListSubjects().FirstAsync(Cancellation).AsTask());

        Assert.Equal("<p>/subjects.json?api_key=*** or *** or ***</p>", fault.Excerpt);
        Assert.DoesNotContain("canary", fault.ToString());
    }

    private sealed class DiagnosticLines(List<string> seen) : IObserver<DiagnosticListener>, IObserver<KeyValuePair<string, object?>>
    {
        public void OnNext(DiagnosticListener value)
        {
            if (value.Name == "HttpHandlerDiagnosticListener")
                value.Subscribe(this);
        }

        public void OnNext(KeyValuePair<string, object?> value)
        {
            lock (seen)
                seen.Add($"{value.Key} {value.Value}");
        }

        public void OnCompleted()
        {
        }

        public void OnError(Exception error)
        {
        }
    }
}
