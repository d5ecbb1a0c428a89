using System.Diagnostics;
using System.Diagnostics.Metrics;
using System.Diagnostics.Tracing;
using System.Net;
using System.Net.Sockets;
using System.Text;
using System.Text.RegularExpressions;
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
                Note(seen,
                    $"{activity.Source.Name} {activity.DisplayName} {string.Join(' ', activity.TagObjects)} {activity.StatusDescription}");
            },
        };
        ActivitySource.AddActivityListener(listener);
        using var meters = new MeterListener { InstrumentPublished = (instrument, self) => self.EnableMeasurementEvents(instrument) };
        meters.SetMeasurementEventCallback<double>((instrument, value, tags, _) =>
            Note(seen, $"{instrument.Name} {string.Join(' ', tags.ToArray())}"));
        meters.SetMeasurementEventCallback<long>((instrument, value, tags, _) =>
            Note(seen, $"{instrument.Name} {string.Join(' ', tags.ToArray())}"));
        meters.Start();
        using var events = new EventLines(seen);
        using var diagnostics = DiagnosticListener.AllListeners.Subscribe(new DiagnosticLines(seen));
        await using var api = await Api.StartAsync(services: services => services.AddHttpClient("Springest.nl").AddDefaultLogger()
            .AddHttpMessageHandler(() => new Dump(seen)));

        await api.Client.ListTrainings().FirstAsync(Cancellation);
        await api.Client.ListCertifications().FirstAsync(Cancellation);
        api.Simulator.Behaviour.Faults.Add(new Fault { Times = 4 });
        Note(seen, (await Assert.ThrowsAsync<SpringestException>(() => api.Client.ListSubjects().FirstAsync(Cancellation).AsTask()))
            .ToString());
        api.Simulator.Behaviour.Faults.Add(new Fault { Times = 4, Kind = FaultKind.Close });
        Note(seen, (await Assert.ThrowsAsync<SpringestException>(() => api.Client.ListSubjects().FirstAsync(Cancellation).AsTask()))
            .ToString());

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

    public static TheoryData<string, string> Spellings => new()
    {
        { "plain", Api.Key },
        { "in an address", Uri.EscapeDataString(Api.Key) },
        { "in an address, lower case", Uri.EscapeDataString(Api.Key).Replace("%2B", "%2b", StringComparison.Ordinal)
            .Replace("%2F", "%2f", StringComparison.Ordinal) },
        { "in an address in an address", Uri.EscapeDataString(Uri.EscapeDataString(Api.Key)) },
        { "in a form", WebUtility.UrlEncode(Api.Key) },
        { "in JSON as Rails writes it", Api.Key.Replace("/", "\\/", StringComparison.Ordinal) },
        { "in JSON, every character", string.Concat(Api.Key.Select(letter => $"\\u{(int)letter:x4}")) },
        { "in JSON in JSON, every character", string.Concat(Api.Key.Select(letter => $@"\\u{(int)letter:x4}")) },
        { "in HTML", Api.Key.Replace("/", "&#x2F;", StringComparison.Ordinal).Replace("+", "&#43;", StringComparison.Ordinal) },
        { "as Base64", Convert.ToBase64String(Encoding.UTF8.GetBytes(Api.Key)) },
        { "as Base64 of a longer text", Convert.ToBase64String(Encoding.UTF8.GetBytes($"user:{Api.Key}")) },
        { "the other key", $"{Api.CertificationsKey} or {Uri.EscapeDataString(Api.CertificationsKey)}" },
    };

    [Theory]
    [MemberData(nameof(Spellings))]
    public async Task Key_in_an_answer_is_masked_in_every_spelling(string name, string spelling)
    {
        // Longer than what is read of an error, so that one is cut in two.
        var many = string.Concat(Enumerable.Repeat($"<b>{spelling}</b>\n", 4000));
        var bodies = new[]
        {
            $"<p>/subjects.json?api_key={spelling}</p>",
            $$$"""{"error":{"email":["{{{spelling}}} is taken"]}}""",
            $$"""{"error":"{{spelling}}"}""",
            spelling,
            $"{spelling}{{",
            $$"""{"{{spelling}}":1}""",
            many,
            $"{new string(' ', 1000)}{many}",
        };
        foreach (var body in bodies)
        {
            foreach (var status in new[] { 200, 400, 500 })
            {
                await using var server = await CannedServer.StartAsync(
                    context =>
                    {
                        context.Response.StatusCode = status;
                        context.Response.Headers["X-Echo"] = Uri.EscapeDataString(spelling);
                        return context.Response.Body.WriteAsync(Encoding.UTF8.GetBytes(body), context.RequestAborted).AsTask();
                    },
                    site => site.Retries = 0);

                var faults = new[]
                {
                    await Assert.ThrowsAsync<SpringestException>(() => server.Client.ListSubjects().ToListAsync(Cancellation).AsTask()),
                    await Assert.ThrowsAsync<SpringestException>(() =>
                        server.Client.CreateCertificateAsync(Uploads.Certificate(), Cancellation)),
                };

                foreach (var fault in faults)
                {
                    var shown =
                        $"{fault} {fault.Excerpt} "
                            + $"{string.Join(' ', fault.Errors.Select(error => $"{error.Key} {string.Join(' ', error.Value)}"))}";
                    AssertNoKey(shown, $"{name}, {status}");
                }
                AssertNoKey(string.Join('\n', server.Log.Lines), $"{name}, {status}, log");
            }
        }
    }

    [Fact]
    public async Task Words_of_the_transport_are_not_repeated()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        var serving = AnswerAsync();
        await using var services = Api.Services(new Uri($"http://{listener.LocalEndpoint}"), site => site.Retries = 0);

        var fault = await Assert.ThrowsAsync<SpringestException>(
            () => services.GetRequiredService<SpringestClient>().ListSubjects().ToListAsync(Cancellation).AsTask());

        await serving;
        Assert.Contains("it is not HTTP", fault.Message, StringComparison.Ordinal);
        AssertNoKey(fault.ToString(), "header line");

        async Task AnswerAsync()
        {
            using var client = await listener.AcceptTcpClientAsync(Cancellation);
            var stream = client.GetStream();
            await stream.ReadAtLeastAsync(new byte[100], 1, cancellationToken: Cancellation);
            await stream.WriteAsync(Encoding.ASCII.GetBytes($"HTTP/1.1 {Api.Key}\r\n{Api.Key}\r\n\r\n"), Cancellation);
        }
    }

    /// <summary>Any eleven characters of a key, in any spelling that can be undone.</summary>
    private static void AssertNoKey(string text, string place)
    {
        var plain = Regex.Unescape(Regex.Replace(
            WebUtility.HtmlDecode(Uri.UnescapeDataString(Uri.UnescapeDataString(text))), @"\\(?!u[0-9a-fA-F]{4})", ""));
        foreach (var key in new[] { Api.Key, Api.CertificationsKey, Convert.ToBase64String(Encoding.UTF8.GetBytes(Api.Key)) })
        {
            for (var i = 0; i + 11 <= key.Length; i++)
                Assert.False(plain.Contains(key.Substring(i, 11), StringComparison.OrdinalIgnoreCase), $"{place}: {key.Substring(i, 11)}");
        }
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
