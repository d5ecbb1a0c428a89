using FsCheck;
using FsCheck.Fluent;
using Microsoft.AspNetCore.Http;
using Microsoft.FSharp.Core;

namespace Springest.Client.Tests;

/// <summary>
/// Lists of any size behind any clamp, changing while they are read. FsCheck prints the seed of a failure;
/// SPRINGEST_REPLAY=seed,gamma runs it again.
/// </summary>
public sealed class PagingPropertyTests
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    /// <summary>Where the total stands in the answers.</summary>
    public enum Totals
    {
        Results,
        Count,
        None,
    }

    [Fact]
    public Task Everything_is_read_once_and_in_order() => CheckAsync(
        from size in Gen.Choose(0, 200)
        from clamp in Gen.Choose(1, 30)
        from page in Gen.Choose(1, 30)
        from prefetch in Gen.Choose(1, 9)
        from offset in Gen.Frequency((3, Gen.Constant(0)), (1, Gen.Choose(0, 220)))
        from totals in Gen.Elements(Totals.Results, Totals.Count, Totals.None)
        select new Case(size, clamp, new ListOptions { PageSize = page, Prefetch = prefetch, Offset = offset }, totals, []),
        async (server, test) =>
        {
            var ids = await ReadAsync(server, test);

            Assert.Equal(Enumerable.Range(1, test.Size).Skip(test.Options.Offset).Select(id => (long)id), ids);
            var pageSize = Math.Min(test.Clamp, test.Options.PageSize);
            var needed = Math.Max(1, (Math.Max(0, test.Size - test.Options.Offset) + pageSize - 1) / pageSize);
            Assert.InRange(server.Requests, needed, test.Totals == Totals.None ? needed + 1 : needed);
        });

    [Fact]
    public Task Whatever_comes_and_goes_it_ends_without_repeating_anything() => CheckAsync(
        from size in Gen.Choose(0, 200)
        from clamp in Gen.Choose(1, 30)
        from prefetch in Gen.Choose(1, 9)
        from totals in Gen.Elements(Totals.Results, Totals.Count, Totals.None)
        from changes in Gen.ListOf(from place in Gen.Choose(0, 200) from add in Gen.Elements(true, false) select new Change(place, add))
        select new Case(size, clamp, new ListOptions { Prefetch = prefetch }, totals, [.. changes]),
        async (server, test) =>
        {
            var ids = await ReadAsync(server, test);

            Assert.Equal(ids.Distinct(), ids);
            Assert.InRange(server.Requests, 1, ((test.Size + test.Changes.Count) * 2) + 2);
        });

    [Fact]
    public Task Changes_at_the_end_hide_nothing_that_was_there_throughout() => CheckAsync(
        from size in Gen.Choose(0, 200)
        from clamp in Gen.Choose(1, 30)
        from prefetch in Gen.Choose(1, 9)
        from changes in Gen.ListOf(from add in Gen.Elements(true, false) select new Change(int.MaxValue, add))
        select new Case(size, clamp, new ListOptions { Prefetch = prefetch }, Totals.Results, [.. changes]),
        async (server, test) =>
        {
            var ids = await ReadAsync(server, test);

            Assert.Empty(server.Throughout.Except(ids));
            Assert.Equal(ids.Distinct(), ids);
        });

    private static async Task<List<long>> ReadAsync(ListServer server, Case test)
    {
        server.Begin(test);
        return await server.Client.ListSubjects(options: test.Options).Select(subject => subject.Id).ToListAsync(Cancellation);
    }

    private static async Task CheckAsync(Gen<Case> cases, Func<ListServer, Case, Task> test)
    {
        await using var server = await ListServer.StartAsync();
        var config = Config.QuickThrowOnFailure.WithMaxTest(60);
        if (Environment.GetEnvironmentVariable("SPRINGEST_REPLAY") is { } seed)
            config = config.WithReplay(Seed(seed.Split(',')));
        // FsCheck waits for the task on its own thread.
        await Task.Run(() => Check.One(config, Prop.ForAll(Arb.From(cases), (Func<Case, Task>)(one => test(server, one)))), Cancellation);
    }

    private static FSharpOption<Replay> Seed(string[] words)
        => FSharpOption<Replay>.Some(new Replay(new Rnd(ulong.Parse(words[0]), ulong.Parse(words[1])), FSharpOption<int>.None));

    private sealed record Change(int Place, bool Add);

    private sealed record Case(int Size, int Clamp, ListOptions Options, Totals Totals, IReadOnlyList<Change> Changes);

    /// <summary>Serves the list of a case and makes one of its changes after each request.</summary>
    private sealed class ListServer : IAsyncDisposable
    {
        private readonly Lock _lock = new();
        private CannedServer _server = null!;
        private Case _case = null!;
        private List<int> _ids = [];

        public SpringestClient Client => _server.Client;

        public int Requests { get; private set; }

        public HashSet<long> Throughout { get; private set; } = [];

        public static async Task<ListServer> StartAsync()
        {
            var server = new ListServer();
            server._server = await CannedServer.StartAsync(server.AnswerAsync);
            return server;
        }

        public void Begin(Case test)
        {
            _case = test;
            _ids = [.. Enumerable.Range(1, test.Size)];
            Throughout = [.. _ids];
            Requests = 0;
        }

        public ValueTask DisposeAsync() => _server.DisposeAsync();

        private Task AnswerAsync(HttpContext context)
        {
            var offset = int.Parse(context.Request.Query["offset"]!);
            var size = Math.Min(int.Parse(context.Request.Query["size"]!), _case.Clamp);
            string body;
            lock (_lock)
            {
                var meta = _case.Totals switch
                {
                    Totals.Results => $$"""{"results":{{_ids.Count}}}""",
                    Totals.Count => $$"""{"count":{{_ids.Count}}}""",
                    _ => "{}",
                };
                body =
                    $$"""
                    {"meta":{{meta}},"subjects":[{{string.Join(',', _ids.Skip(offset).Take(size).Select(id => $"{{\"id\":{id}}}"))}}]}
                    """;
                if (Requests < _case.Changes.Count)
                    Apply(_case.Changes[Requests]);
                Requests++;
            }
            return context.Response.WriteAsync(body);
        }

        private void Apply(Change change)
        {
            if (change.Add)
                _ids.Insert(Math.Min(change.Place, _ids.Count), 1000 + Requests);
            else if (_ids.Count > 0)
            {
                var place = Math.Min(change.Place, _ids.Count - 1);
                Throughout.Remove(_ids[place]);
                _ids.RemoveAt(place);
            }
        }
    }
}
