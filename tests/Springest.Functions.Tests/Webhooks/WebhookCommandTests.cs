using System.Globalization;
using Springest.Functions.Tests.Infrastructure;
using Springest.Simulator.Behaviours;
using Springest.Simulator.Data;
using Springest.Testing.Webhooks;

namespace Springest.Functions.Tests.Webhooks;

/// <summary><c>dotnet dev.cs webhook</c>, as a person runs it on an app.</summary>
public sealed class WebhookCommandTests(AzuriteFixture azurite) : IAsyncLifetime
{
    private readonly WebhookCommand _command = new();
    private TestApp _app = null!;

    private RecordSet Trainings => _app.Simulator.Catalogue.Trainings;

    private string[] ToApp => ["--to", $"{_app.Address}", "--key", TestApp.FunctionKey];

    public async ValueTask InitializeAsync()
        => _app = await TestApp.StartAsync(
            azurite.Azurite,
            settings: new() { ["Springest:Webhooks:MaxAttempts"] = "1", ["Springest:Webhooks:MaxChanges"] = "100" });

    public async ValueTask DisposeAsync()
    {
        _command.Dispose();
        await _app.DisposeAsync();
    }

    [Fact]
    public async Task What_a_webhook_names_is_followed_until_it_is_done()
    {
        var (id, gone) = (Trainings.Ids[0], Trainings.Ids[1]);
        Trainings.Remove(gone);

        var (exitCode, output, _) = await _command.RunAsync(["--training", $"{id}", $"{gone}", .. ToApp]);

        Assert.Equal(0, exitCode);
        Assert.Contains("2 accepted, 0 ignored, 2 applied", output, StringComparison.Ordinal);
        Assert.Contains($"\"{Trainings.Get(id)!["name"]}\", in the mirror as of 20", output, StringComparison.Ordinal);
        Assert.Contains(
            $"{gone}",
            output.Split('\n').Single(line => line.Contains("not at Springest, so not in the mirror", StringComparison.Ordinal)),
            StringComparison.Ordinal);
    }

    [Fact]
    public async Task Settings_say_what_the_command_line_leaves_open_and_a_file_is_where_the_person_is()
    {
        var settings = _command.Write("settings.json", $$"""
            { "Values": { "LocalHost__FunctionKey": "{{TestApp.FunctionKey}}", "Springest__Sites__nl__ApiKey": "x", } } // as people write
            """);
        _command.Write("update.json", WebhookBodies.Changes(WebhookBodies.Destroy(Trainings.Ids[2]), "{}"));

        var (exitCode, output, _) = await _command.RunAsync(["update.json", "--to", $"{_app.Address}", "--settings", settings]);

        Assert.Equal(0, exitCode);
        Assert.Contains("1 accepted, 1 ignored, 1 applied", output, StringComparison.Ordinal);
        Assert.DoesNotContain("canary", output, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("--training {0} --2014")]
    [InlineData("--training {0} --destroy")]
    [InlineData("--institute {1} --import")]
    public async Task The_address_that_Springest_is_given_is_enough(string order)
    {
        var id = Trainings.Ids[0];
        string[] arguments = [.. string.Format(CultureInfo.InvariantCulture, order, id, Trainings.Get(id)!["institute_id"]).Split(' ')];

        var (exitCode, _, _) = await _command.RunAsync([
            .. arguments,
            "--to",
            $"{_app.Address}api/webhooks/nl/trainings?code={TestApp.FunctionKey}",
        ]);

        Assert.Equal(0, exitCode);
        Assert.Contains(id, (await new WebhookDriver(_app).MirrorAsync()).Keys);
    }

    [Fact]
    public async Task Without_an_access_key_it_says_where_to_look()
    {
        var (exitCode, output, _) = await _command.RunAsync(["--training", $"{Trainings.Ids[0]}", .. ToApp], accessKey: "");

        Assert.Equal(0, exitCode);
        Assert.Contains("1 accepted", output, StringComparison.Ordinal);
        Assert.Contains("an access key in SPRINGEST_ACCESS_KEY", output, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("not-the-key", "answered 401. The access key is unknown: it was removed, or never given out.")]
    [InlineData(TestApp.ReaderKey, "answered 403. ")]
    public async Task An_access_key_that_does_not_open_is_told_apart_from_the_function_key(string accessKey, string expected)
    {
        var (exitCode, output, errors) = await _command.RunAsync(["--training", $"{Trainings.Ids[0]}", .. ToApp], accessKey);

        Assert.Equal(1, exitCode);
        Assert.Contains("1 accepted", output, StringComparison.Ordinal);
        Assert.Contains(expected, errors, StringComparison.Ordinal);
        Assert.EndsWith(
            "The webhook was taken; to see what becomes of it, put the access key of a viewer into SPRINGEST_ACCESS_KEY.",
            errors.Trim(),
            StringComparison.Ordinal);
        Assert.DoesNotContain("function key", errors, StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_could_not_be_read_is_told_with_its_reason()
    {
        _app.Simulator.Behaviour.Faults.Add(new Fault { Status = 400, Body = """{"error":{"name":["is not for today"]}}""" });

        var (exitCode, output, _) = await _command.RunAsync(["--training", $"{Trainings.Ids[0]}", .. ToApp]);

        Assert.Equal(1, exitCode);
        Assert.Contains("dead-lettered, tried 1 times: ", output, StringComparison.Ordinal);
        Assert.Contains("answered 400 Bad Request and names name", output, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("--training 7 --key wrong", "answered 401. The function key is wrong.")]
    [InlineData("--training 7", "answered 401. A function key is required.")]
    [InlineData("--training 7 --site mars --key {0}", "answered 404. There is no site 'mars'. There are: nl. The site is 'mars'")]
    [InlineData("many.json --key {0}", "answered 413. The body has more than 100 changes. Springest__Webhooks__MaxBodyBytes and")]
    [InlineData("none.json --key {0}", "answered 400. The body is not a webhook: the body has neither 'changes' nor 'action'.")]
    public async Task A_refusal_is_told_with_what_to_do(string order, string expected)
    {
        _command.Write("many.json", WebhookBodies.Changes([.. Enumerable.Repeat("0", 101)]));
        _command.Write("none.json", "{}");

        var (exitCode, output, errors) = await _command.RunAsync([
            .. string.Format(CultureInfo.InvariantCulture, order, TestApp.FunctionKey).Split(' '),
            "--to",
            $"{_app.Address}",
            "--settings",
            _command.Write("keyless.json", """{"Values":{"IsEncrypted":"false"}}"""),
        ]);

        Assert.Equal((1, ""), (exitCode, output));
        Assert.StartsWith($"The app at {_app.Address} {expected}", errors, StringComparison.Ordinal);
        Assert.Single(errors.Trim().Split('\n'));
    }
}
