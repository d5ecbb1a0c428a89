using System.Diagnostics;
using System.Diagnostics.Metrics;
using System.Diagnostics.Tracing;
using Microsoft.Extensions.DependencyInjection;
using Springest.Simulator.Behaviours;

namespace Springest.Client.Tests;

/// <summary>This project switches off .NET's own redaction of addresses, so what is not seen here is not there.</summary>
[Collection(nameof(Alone))]
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
                Note(seen, $"{activity.Source.Name} {activity.DisplayName} {string.Join(' ', activity.TagObjects)} {activity.StatusDescription}");
            },
        };
        ActivitySource.AddActivityListener(listener);
        using var meters = new MeterListener { InstrumentPublished = (instrument, self) => self.EnableMeasurementEvents(instrument) };
        meters.SetMeasurementEventCallback<double>((instrument, value, tags, _) => Note(seen, $"{instrument.Name} {string.Join(' ', tags.ToArray())}"));
        meters.SetMeasurementEventCallback<long>((instrument, value, tags, _) => Note(seen, $"{instrument.Name} {string.Join(' ', tags.ToArray())}"));
        meters.Start();
        using var events = new EventLines(seen);
        using var diagnostics = DiagnosticListener.AllListeners.Subscribe(new DiagnosticLines(seen));
        await using var api = await Api.StartAsync(services: services => services.AddHttpClient("Springest.nl").AddDefaultLogger().AddHttpMessageHandler(() => new Dump(seen)));

        await api.Client.ListTrainings().FirstAsync(Cancellation);
        await api.Client.ListCertifications().FirstAsync(Cancellation);
        api.Simulator.Behaviour.Faults.Add(new Fault { Times = 4 });
        Note(seen, (await Assert.ThrowsAsync<SpringestException>(() => api.Client.ListSubjects().FirstAsync(Cancellation).AsTask())).ToString());
        api.Simulator.Behaviour.Faults.Add(new Fault { Times = 4, Kind = FaultKind.Close });
        Note(seen, (await Assert.ThrowsAsync<SpringestException>(() => api.Client.ListSubjects().FirstAsync(Cancellation).AsTask())).ToString());

        string everything;
        lock (seen)
            everything = string.Join('\n', seen.Concat(api.Log.Lines));
        Assert.Contains("Springest.Client", everything);
        Assert.Contains("GET http://127.0.0.1", everything);
        Assert.Contains("Dump Method: GET, RequestUri: 'http://127.0.0.1", everything);
        Assert.Contains("http.client.request.duration", everything);
        Assert.Contains("RequestStart", everything);
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

    private static void Note(List<string> seen, string line)
    {
        lock (seen)
            seen.Add(line);
    }

    /// <summary>A handler of the user's, which looks at a request before and after.</summary>
    private sealed class Dump(List<string> seen) : DelegatingHandler
    {
        protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
        {
            Note(seen, $"Dump {request}");
            try
            {
                var response = await base.SendAsync(request, cancellationToken);
                Note(seen, $"Dump {response.RequestMessage} {response}");
                return response;
            }
            finally
            {
                Note(seen, $"Dump {request}");
            }
        }
    }

    private sealed class EventLines(List<string> seen) : EventListener
    {
        protected override void OnEventSourceCreated(EventSource eventSource)
        {
            if (eventSource.Name is "System.Net.Http" or "System.Net.Sockets" or "System.Net.NameResolution")
                EnableEvents(eventSource, EventLevel.Verbose, EventKeywords.All);
        }

        protected override void OnEventWritten(EventWrittenEventArgs eventData)
        {
            // Called by the base constructor too.
            if (seen is not null)
                Note(seen, $"{eventData.EventName} {string.Join(' ', eventData.Payload ?? (IReadOnlyCollection<object?>)[])}");
        }
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
            Note(seen, $"{value.Key} {value.Value}");
        }

        public void OnCompleted()
        {
        }

        public void OnError(Exception error)
        {
        }
    }
}
