using System.Diagnostics;
using System.Net.Sockets;
using Google.Protobuf.WellKnownTypes;
using Content = Springest.LocalHost.Protocol.StreamingMessage.ContentOneofCase;

namespace Springest.LocalHost.Workers;

/// <summary>One worker, from the start of its process to its end.</summary>
internal sealed class Worker(PublishedApp app, HostSettings settings, ILoggerFactory logs)
{
    private Process? _process;

    /// <summary>By which the worker says who it is.</summary>
    public string Id { get; } = Guid.NewGuid().ToString();
    public WorkerChannel Channel { get; } = new(logs);
    public IReadOnlyDictionary<string, WorkerFunction> Functions { get; private set; } = new Dictionary<string, WorkerFunction>();
    /// <summary>Its own web server, to which requests are forwarded.</summary>
    public string HttpUri { get; private set; } = "";
    public int ProcessId { get; private set; }
    /// <summary>Ends with the process; its result is the exit code.</summary>
    public Task<int> Exited { get; private set; } = Task.FromResult(0);

    /// <summary>Starts the process, and returns when every function is loaded and its web server listens.</summary>
    public async Task StartAsync(Uri host, CancellationToken cancellationToken)
    {
        var hello = Channel.ExpectAsync(Content.StartStream);
        _process = WorkerProcess.Start(app, settings, Id, host);
        ProcessId = _process.Id;
        Exited = WatchAsync(_process);
        try
        {
            await StepAsync(hello, "did not say hello (StartStream)", cancellationToken);
            await InitAsync(cancellationToken);
            await LoadAsync(cancellationToken);
            await StepAsync(ListenAsync(new Uri(HttpUri), cancellationToken), "did not open its web server", cancellationToken);
        }
        catch (Exception exception)
        {
            Channel.Close(exception.Message);
            await Exited;
            throw;
        }
    }

    /// <summary>Runs a function to its end. Its own token is cancelled on demand, and by host.json's <c>functionTimeout</c>.</summary>
    public async Task InvokeAsync(WorkerFunction function, string id, TypedData input, InvocationRequest request, CancellationToken cancel)
    {
        (request.InvocationId, request.FunctionId) = (id, Functions[function.Name].Metadata.FunctionId);
        request.InputData.Add(new ParameterBinding { Name = function.Text("name"), Data = input });
        // The worker reads both without asking whether they are there.
        request.TraceContext ??= new() { TraceParent = $"00-{ActivityTraceId.CreateRandom()}-{ActivitySpanId.CreateRandom()}-01" };
        request.RetryContext = new();
        var invoking = Channel.AskAsync(new() { InvocationRequest = request }, Content.InvocationResponse, id, function.Name);
        using var timeout = new CancellationTokenSource(app.FunctionTimeout);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(cancel, timeout.Token);
        await using var onCancel = either.Token.Register(() => Channel.Cancel(id));
        Check((await invoking).InvocationResponse.Result, $"Function {function.Name} failed");
    }

    /// <summary>Waits for what runs, asks the worker to end, and ends it if it does not.</summary>
    public async Task StopAsync()
    {
        await Task.WhenAny(Channel.Idle, Pause());
        Channel.CancelAll();
        Channel.Send(new() { WorkerTerminate = new() { GracePeriod = Duration.FromTimeSpan(settings.StopGrace) } });
        await Task.WhenAny(Exited, Pause());
        Channel.Close("The worker did not end.");
        await Exited;
    }

    /// <summary>Its stream has ended, and its process should, too. How that ends says more.</summary>
    public async Task StreamEndedAsync()
    {
        await Task.WhenAny(Exited, Pause());
        Channel.Close("The worker closed its stream.");
    }

    private Task Pause() => Task.Delay(settings.StopGrace, TimeProvider.System);

    private async Task InitAsync(CancellationToken cancellationToken)
    {
        var request = new WorkerInitRequest { HostVersion = "4.0.0", WorkerDirectory = app.Folder, FunctionAppDirectory = app.Folder };
        request.Capabilities["V2Compatable"] = bool.TrueString;
        var question = new StreamingMessage { WorkerInitRequest = request };
        var init = (await AskAsync(question, Content.WorkerInitResponse, cancellationToken)).WorkerInitResponse;
        Check(init.Result, "The worker could not be initialized");
        HttpUri = init.Capabilities.TryGetValue("HttpUri", out var uri) ? uri : throw new HostException(
            "The worker has no web server of its own. Its Program.cs must call ConfigureFunctionsWebApplication().");
    }

    private async Task LoadAsync(CancellationToken cancellationToken)
    {
        var question = new StreamingMessage { FunctionsMetadataRequest = new() { FunctionAppDirectory = app.Folder } };
        var metadata = (await AskAsync(question, Content.FunctionMetadataResponse, cancellationToken)).FunctionMetadataResponse;
        Check(metadata.Result, "The worker could not tell its functions");
        var functions = metadata.FunctionMetadataResults.Select(WorkerFunction.Read).ToList();
        if (functions.CountBy(function => function.Name).FirstOrDefault(named => named.Value > 1).Key is { } twice)
            throw new HostException($"The worker tells of function {twice} twice.");
        Functions = functions.ToDictionary(function => function.Name);
        await Task.WhenAll(Functions.Values.Select(async function =>
        {
            var id = function.Metadata.FunctionId;
            var load = new StreamingMessage { FunctionLoadRequest = new() { FunctionId = id, Metadata = function.Metadata } };
            var loaded = await AskAsync(load, Content.FunctionLoadResponse, cancellationToken, id);
            Check(loaded.FunctionLoadResponse.Result, $"The worker could not load function {function.Name}");
        }));
    }

    private async Task<StreamingMessage> AskAsync(StreamingMessage question, Content kind, CancellationToken cancel, string id = "")
    {
        var answer = Channel.AskAsync(question, kind, id);
        await StepAsync(answer, $"did not answer {question.ContentCase}", cancel);
        return await answer;
    }

    /// <summary>Waits for a step of the start, but not for ever.</summary>
    private async Task StepAsync(Task step, string otherwise, CancellationToken cancellationToken)
    {
        try
        {
            await step.WaitAsync(settings.StartTimeout, TimeProvider.System, cancellationToken);
        }
        catch (TimeoutException exception)
        {
            throw new HostException($"The worker {otherwise} within {settings.StartTimeout.TotalSeconds:0.#} s.", exception);
        }
    }

    /// <summary>The worker says that its functions are loaded before its web server listens.</summary>
    private async Task ListenAsync(Uri address, CancellationToken cancellationToken)
    {
        for (var connected = false; !connected; await Task.Delay(TimeSpan.FromMilliseconds(10), TimeProvider.System, cancellationToken))
        {
            if (Channel.Closed.IsCompleted)
                throw new HostException(await Channel.Closed);
            using var client = new TcpClient();
            var connecting = client.ConnectAsync(address.Host, address.Port, cancellationToken).AsTask();
            await connecting.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            connected = client.Connected;
        }
    }

    /// <summary>The conversation and the process end together.</summary>
    private async Task<int> WatchAsync(Process process)
    {
        await Task.WhenAny(process.WaitForExitAsync(), Channel.Closed);
        if (!process.HasExited)
            process.Kill(entireProcessTree: true);
        await process.WaitForExitAsync();
        Channel.Close($"The worker ended with code {process.ExitCode}.");
        return process.ExitCode;
    }

    private static void Check(StatusResult? result, string what)
    {
        if (result?.Status is not StatusResult.Types.Status.Success)
            throw new HostException($"{what}: {result?.Exception?.Message ?? result?.Status.ToString() ?? "there is no result"}");
    }
}
