using System.Diagnostics;
using System.Net.Sockets;
using Google.Protobuf.WellKnownTypes;
using Microsoft.Extensions.Logging;
using Springest.LocalHost.Protocol;
using Springest.LocalHost.Settings;
using Content = Springest.LocalHost.Protocol.StreamingMessage.ContentOneofCase;

namespace Springest.LocalHost.Workers;

/// <summary>One worker, from the start of its process to its end.</summary>
/// <param name="settings">How long it may take.</param>
/// <param name="functionTimeout">How long a function may run.</param>
/// <param name="logs">Take what it says.</param>
internal sealed partial class Worker(HostSettings settings, TimeSpan functionTimeout, ILoggerFactory logs) : IAsyncDisposable
{
    private readonly ILogger _log = logs.CreateLogger<Worker>();
    private WorkerProcess? _process;

    /// <summary>By which the worker says who it is.</summary>
    public string Id { get; } = Guid.NewGuid().ToString();

    /// <summary>The conversation with it.</summary>
    public WorkerChannel Channel { get; } = new(logs);

    /// <summary>What it can run, by name.</summary>
    public IReadOnlyDictionary<string, WorkerFunction> Functions { get; private set; } = new Dictionary<string, WorkerFunction>();

    /// <summary>Its own web server, to which requests are forwarded.</summary>
    public string HttpUri { get; private set; } = "";

    /// <summary>Its process.</summary>
    public int ProcessId => _process!.Id;

    /// <summary>Ends with the process; its result is the exit code.</summary>
    public Task<int> Exited => _process?.Exited ?? Task.FromResult(0);

    /// <summary>Starts the process, and returns when every function is loaded and its web server listens.</summary>
    /// <exception cref="HostException">It could not; the message says how far it came.</exception>
    public async Task StartAsync(PublishedApp app, Uri host, IReadOnlyDictionary<string, string?> environment, CancellationToken cancellationToken)
    {
        _process = WorkerProcess.Start(app, Id, host, environment, logs.CreateLogger("Host.Function.Console"));
        _ = WatchAsync(_process);
        try
        {
            await StepAsync(Channel.Greeted, "did not say hello (StartStream)", cancellationToken);
            await InitAsync(app, cancellationToken);
            await LoadAsync(app, cancellationToken);
            await StepAsync(ListensAsync(new Uri(HttpUri), cancellationToken), "did not open its web server", cancellationToken);
            _process.HasStarted();
        }
        catch (WorkerException) when (Channel.Broken.IsCompleted)
        {
            throw new HostException(await Channel.Broken);
        }
        catch (WorkerException) when (Exited.IsCompleted)
        {
            throw new HostException(
                _process.Complaint is { Length: > 0 } complaint ? complaint : $"The worker ended with code {await Exited} while it started.");
        }
        catch (WorkerException refused)
        {
            throw new HostException(refused.Message, refused);
        }
    }

    /// <summary>Runs a function to its end.</summary>
    /// <param name="function">What to run.</param>
    /// <param name="request">What it runs with; ids, trace and retries are filled in here.</param>
    /// <param name="cancellationToken">Cancels the function's own token, as host.json's <c>functionTimeout</c> does.</param>
    /// <exception cref="WorkerException">The function failed, or the worker ended meanwhile.</exception>
    public async Task InvokeAsync(WorkerFunction function, InvocationRequest request, CancellationToken cancellationToken)
    {
        request.FunctionId = Functions[function.Name].Metadata.FunctionId;
        // The worker reads both without asking whether they are there.
        request.TraceContext ??= new() { TraceParent = $"00-{ActivityTraceId.CreateRandom()}-{ActivitySpanId.CreateRandom()}-01" };
        request.RetryContext ??= new();
        using var timeout = new CancellationTokenSource(functionTimeout);
        using var cancel = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, timeout.Token);
        var invoking = Channel.InvokeAsync(function.Name, request, cancel.Token);
        await using var overdue = timeout.Token.Register(() => _ = EndOverdueAsync(function.Name, invoking));
        Check((await invoking).Result, $"Function {function.Name} failed");
    }

    /// <summary>Waits for what runs, asks the worker to end, and ends it if it does not.</summary>
    public async Task StopAsync()
    {
        await Task.WhenAny(Channel.Idle, Pause(settings.StopGrace));
        Channel.Send(new() { WorkerTerminate = new() { GracePeriod = Duration.FromTimeSpan(settings.StopGrace) } });
        await Task.WhenAny(Exited, Pause(settings.StopGrace));
        await DisposeAsync();
    }

    /// <inheritdoc/>
    public ValueTask DisposeAsync() => _process?.DisposeAsync() ?? ValueTask.CompletedTask;

    private static Task Pause(TimeSpan time) => Task.Delay(time, TimeProvider.System);

    private async Task InitAsync(PublishedApp app, CancellationToken cancellationToken)
    {
        var request = new WorkerInitRequest
        {
            HostVersion = "4.0.0",
            WorkerDirectory = app.Folder,
            FunctionAppDirectory = app.Folder,
            Capabilities = { ["V2Compatable"] = bool.TrueString },
        };
        var answer = await AskAsync(new() { WorkerInitRequest = request }, Content.WorkerInitResponse, "", cancellationToken);
        Check(answer.WorkerInitResponse.Result, "The worker could not be initialized");
        HttpUri = answer.WorkerInitResponse.Capabilities.TryGetValue("HttpUri", out var uri)
            ? uri
            : throw new HostException("The worker has no web server of its own. Its Program.cs must call ConfigureFunctionsWebApplication().");
    }

    private async Task LoadAsync(PublishedApp app, CancellationToken cancellationToken)
    {
        var question = new StreamingMessage { FunctionsMetadataRequest = new() { FunctionAppDirectory = app.Folder } };
        var metadata = (await AskAsync(question, Content.FunctionMetadataResponse, "", cancellationToken)).FunctionMetadataResponse;
        Check(metadata.Result, "The worker could not tell its functions");
        var functions = metadata.FunctionMetadataResults.Select(WorkerFunction.Read).ToList();
        if (functions.GroupBy(function => function.Name, StringComparer.OrdinalIgnoreCase).FirstOrDefault(group => group.Count() > 1) is { } twice)
            throw new HostException($"The worker tells of function {twice.Key} twice.");
        Functions = functions.ToDictionary(function => function.Name, StringComparer.OrdinalIgnoreCase);
        await Task.WhenAll(functions.Select(async function =>
        {
            var load = new FunctionLoadRequest { FunctionId = function.Metadata.FunctionId, Metadata = function.Metadata };
            var loaded = await AskAsync(new() { FunctionLoadRequest = load }, Content.FunctionLoadResponse, load.FunctionId, cancellationToken);
            Check(loaded.FunctionLoadResponse.Result, $"The worker could not load function {function.Name}");
        }));
    }

    private async Task<StreamingMessage> AskAsync(StreamingMessage question, Content kind, string id, CancellationToken cancellationToken)
    {
        var answer = Channel.AskAsync(question, kind, id);
        await StepAsync(answer, $"did not answer {question.ContentCase}", cancellationToken);
        return await answer;
    }

    /// <summary>Waits for a step of the start, but not for ever.</summary>
    private async Task StepAsync(Task step, string otherwise, CancellationToken cancellationToken)
    {
        try
        {
            var first = await Task.WhenAny(step, Channel.Broken, Exited).WaitAsync(settings.StartTimeout, TimeProvider.System, cancellationToken);
            await (first == step ? step : throw new WorkerException("It ended."));
        }
        catch (TimeoutException)
        {
            throw new HostException($"The worker {otherwise} within {settings.StartTimeout.TotalSeconds:0.#} s.");
        }
    }

    /// <summary>The worker says that its functions are loaded before its web server listens.</summary>
    private static async Task ListensAsync(Uri address, CancellationToken cancellationToken)
    {
        while (true)
            try
            {
                using var socket = new Socket(SocketType.Stream, ProtocolType.Tcp);
                await socket.ConnectAsync(address.Host, address.Port, cancellationToken);
                return;
            }
            catch (SocketException)
            {
                await Task.Delay(TimeSpan.FromMilliseconds(10), TimeProvider.System, cancellationToken);
            }
    }

    private async Task WatchAsync(WorkerProcess process)
    {
        var first = await Task.WhenAny(process.Exited, Channel.Broken, Channel.Ended);
        if (first == Channel.Broken)
            Log.Broken(_log, await Channel.Broken);
        else if (first == Channel.Ended)
            await Task.WhenAny(process.Exited, Pause(settings.StopGrace));
        process.Kill();

        await process.Exited;
        Channel.Close("The worker ended before the function did.");
    }

    /// <summary>As on the platform, a function that does not heed its cancellation costs its worker.</summary>
    private async Task EndOverdueAsync(string function, Task invoking)
    {
        await Task.WhenAny(invoking, Pause(settings.StopGrace));
        if (invoking.IsCompleted)
            return;
        Log.Overdue(_log, function, functionTimeout);
        _process?.Kill();
    }

    private static void Check(StatusResult? result, string what)
    {
        if (result?.Status is not StatusResult.Types.Status.Success)
            throw new WorkerException($"{what}: {result?.Exception?.Message ?? result?.Status.ToString() ?? "there is no result"}");
    }

    private static partial class Log
    {
        [LoggerMessage(1, LogLevel.Error, "{Sentence} It is ended.")]
        public static partial void Broken(ILogger logger, string sentence);

        [LoggerMessage(2, LogLevel.Error, "Function {Function} runs for longer than {Timeout} and does not heed its cancellation; its worker is ended.")]
        public static partial void Overdue(ILogger logger, string function, TimeSpan timeout);
    }
}
