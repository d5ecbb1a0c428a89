using System.Net;
using System.Text.RegularExpressions;
using Microsoft.OpenApi;
using Springest.EndToEnd.Tests.Surroundings;

namespace Springest.EndToEnd.Tests.Outside;

/// <summary>The description of the API says what the API does. All other tests hold the answers that they get against it.</summary>
public abstract class OpenApiTests(World world, Topology topology) : OutsideTests(world, topology)
{
    [Fact]
    public async Task Description_is_valid_and_has_every_address_with_its_answer()
    {
        var (document, faults) = await ReadAsync();

        Assert.Empty(faults);
        foreach (var function in Metadata.Functions.Where(function => function.Trigger is "httpTrigger"))
        {
            var path = document.Paths[$"/{function.Route!.Replace(":long", "", StringComparison.Ordinal)}"];
            foreach (var method in function.Methods is [] ? ["post"] : function.Methods)
            {
                var operation = path.Operations![HttpMethod.Parse(method)];
                Assert.Contains(operation.Responses!.Keys, status => status.StartsWith('2'));
                Assert.Equal(function.Name is not ("GetConsole" or "GetConsoleFile" or "GetHealth"), operation.Security is { Count: > 0 });
                Assert.False(string.IsNullOrWhiteSpace(operation.Summary), $"{method} {function.Route} has no summary.");
            }
        }
    }

    [Fact]
    public async Task Parameters_are_those_that_an_address_names()
    {
        var (document, _) = await ReadAsync();
        foreach (var (path, item) in document.Paths)
        {
            var (method, operation) = item.Operations!.First();
            var address = Regex.Replace(path, @"\{\w+\}", match => match.Value switch
            {
                "{site}" => "nl",
                "{resource}" => "trainings",
                "{command}" => "start",
                _ => "1",
            });
            // These answer whoever asks, whatever is asked.
            if (path is "/health" or "/console" or "/console/{file}" or "/webhooks/{site}/trainings" or "/webhooks/{site}/conversions")
                continue;

            var answer = await App.SendAsync(method.Method, $"api{address}?nonsense=1", App.Keys.Operator);

            var known = (operation.Parameters ?? []).Where(parameter => parameter.In == ParameterLocation.Query)
                .Select(parameter => parameter.Name).ToList();
            Assert.Equal(400, (int)answer.Status);
            Assert.Contains(
                known.Count == 0 ? "This address has none." : $"There are: {string.Join(", ", known)}.",
                answer.Body, StringComparison.Ordinal);
        }
    }

    [Theory]
    [InlineData("""{"at":"2026-11-21T08:00:00Z","sites":[],"attention":[],"more":1}""")]
    [InlineData("""{"at":"2026-11-21T08:00:00Z","sites":[]}""")]
    [InlineData("""{"at":"2026-11-21T08:00:00Z","sites":[{"site":1}],"attention":[]}""")]
    public async Task Answer_that_is_not_as_described_is_noticed(string status)
    {
        var contract = ApiContract.Parse((await App.GetAsync("api/openapi.json")).Body);
        var headers = new Dictionary<string, string> { ["Content-Type"] = "application/json; charset=utf-8" };

        Assert.ThrowsAny<Xunit.Sdk.XunitException>(() => contract.Check("GET", "api/status", new(HttpStatusCode.OK, headers, status)));
    }

    private async Task<(OpenApiDocument Document, IEnumerable<string> Faults)> ReadAsync()
    {
        var answer = await App.SendAsync("GET", "api/openapi.json", App.Keys.Reader);
        Assert.Equal(200, (int)answer.Status);
        var read = OpenApiDocument.Parse(answer.Body, OpenApiConstants.Json);
        Assert.Equal(OpenApiSpecVersion.OpenApi3_1, read.Diagnostic!.SpecificationVersion);
        return (read.Document!, read.Diagnostic.Errors.Select(error => $"{error}"));
    }

    public sealed class OneWorker(World world) : OpenApiTests(world, Topology.OneWorker);

    public sealed class WorkerPerScaleGroup(World world) : OpenApiTests(world, Topology.WorkerPerScaleGroup);
}
