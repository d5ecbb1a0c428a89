using System.Text.Json;
using Springest.EndToEnd.Tests.Surroundings;
using Springest.Testing;

namespace Springest.EndToEnd.Tests.Processes;

/// <summary>Long pages cost the worker little memory, however many read them at once.</summary>
public sealed class ReadersTests(World world) : ProcessTests(world)
{
    private const int Trainings = 1000;
    private const int Readers = 16;

    // The goal is 64; a busy machine takes more. The answers alone, held as a whole, would take 320.
    private const int MostMegabytes = 80;

    [Fact]
    public async Task Sixteen_readers_of_the_longest_pages_take_little_memory()
    {
        await using var app = await World.StartAsync(
            "readers", Brisk(("Springest__Mirror__Trainings__Schedule", OnceAYear)), App.Simulated with { Trainings = Trainings });
        foreach (var id in app.Simulator.Catalogue.Trainings.Ids)
            app.Simulator.Catalogue.Trainings.Update(id, training => training["description"] = new string('é', 10_000));
        await Mirror.StartPassAsync(app, "Trainings");
        await Mirror.BecomesEqualAsync(app, "Trainings");
        // One that has done nothing else.
        var reader = await app.StartInstanceAsync();
        await ReadPageAsync(app, reader, "top=1");
        var idle = reader.PeakMemory;

        var read = await Task.WhenAll(Enumerable.Range(0, Readers).Select(_ => ReadAllAsync(app, reader)));

        Assert.All(read, each => Assert.Equal(Trainings, each));
        var more = (reader.PeakMemory - idle) / 1_000_000;
        Console.WriteLine($"{Readers} readers of {Trainings} trainings of 20 KB, top=1000: {more} MB above idle");
        Assert.InRange(more, 0, MostMegabytes);
    }

    private static async Task<int> ReadAllAsync(App app, AppProcess reader)
    {
        var (count, query) = (0, "top=1000");
        while (query is not null)
        {
            var page = await ReadPageAsync(app, reader, query);
            count += page.GetProperty("items").GetArrayLength();
            query = page.GetProperty("cursor").GetString() is { } cursor ? $"top=1000&cursor={Uri.EscapeDataString(cursor)}" : null;
        }

        return count;
    }

    private static async Task<JsonElement> ReadPageAsync(App app, AppProcess reader, string query)
    {
        var answer = await app.SendAsync("GET", $"api/catalogue/nl/trainings?{query}", app.Keys.Reader, instance: reader.Address);
        Assert.Equal(200, (int)answer.Status);
        return answer.Json;
    }
}
