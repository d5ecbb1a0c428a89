using System.Diagnostics;
using Springest.Testing;

namespace Springest.Infra.Tests.Deploy;

/// <summary>Keys go into the vault, and nowhere else.</summary>
public sealed class KeysTests : IDisposable
{
    private const string Canary = "canary-4711-0815";

    private readonly FakeAzure _azure = new();

    public void Dispose() => _azure.Dispose();

    [Fact]
    public async Task What_the_vault_lacks_is_asked_for_and_put_there_by_standard_input_only()
    {
        _azure.VaultHolds("springest-uk-api-key", "Springest-Be-Api-Key");

        var (exitCode, output) = await _azure.RunAsync(["keys"], $"{Canary}\n");

        Assert.Equal(0, exitCode);
        Assert.Equal($$$"""{"properties":{"value":"{{{Canary}}}"}}""", _azure.Bodies.Trim());
        Assert.DoesNotContain(Canary, _azure.Asked + output, StringComparison.Ordinal);
        Assert.Equal(
            [
                "rest --method get --url "
                    + "/subscriptions/sub/resourceGroups/rg-test/providers/Microsoft.KeyVault/vaults/kv-test"
                    + "/secrets?api-version=2024-11-01 --only-show-errors",
                "rest --method put --url "
                    + "/subscriptions/sub/resourceGroups/rg-test/providers/Microsoft.KeyVault/vaults/kv-test"
                    + "/secrets/springest-nl-api-key?api-version=2024-11-01 --only-show-errors --body @-",
                "rest --method post --url "
                    + "/subscriptions/sub/resourceGroups/rg-test/providers/Microsoft.Web/sites/func-test"
                    + "/config/configreferences/appsettings/refresh?api-version=2022-03-01 --only-show-errors",
            ],
            _azure.Asked.TrimEnd().Split('\n'));
    }

    [Fact]
    public async Task With_every_secret_known_to_the_app_nothing_is_asked_or_changed()
    {
        _azure.VaultHolds("springest-nl-api-key", "springest-uk-api-key", "springest-be-api-key");
        _azure.ReferencesAre("Resolved", "Resolved", "Resolved");

        var (exitCode, output) = await _azure.RunAsync(["keys"]);

        Assert.Equal((0, "kv-test holds every secret that the app needs.\n"), (exitCode, output));
        Assert.All(
            _azure.Asked.TrimEnd().Split('\n'),
            line => Assert.StartsWith("rest --method get ", line, StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_refresh_that_failed_is_made_by_the_next_run()
    {
        _azure.VaultHolds("springest-uk-api-key", "springest-be-api-key");
        _azure.FailsAt("/refresh?");
        var (interrupted, _) = await _azure.RunAsync(["keys"], $"{Canary}\n");
        _azure.VaultHolds("springest-nl-api-key", "springest-uk-api-key", "springest-be-api-key");
        _azure.ReferencesAre("Resolved", "SecretNotFound", "Resolved");

        var (exitCode, _) = await _azure.RunAsync(["keys"]);

        Assert.Equal((1, 0), (interrupted, exitCode));
        Assert.Equal(2, _azure.Asked.Split('\n').Count(line => line.Contains("/refresh?", StringComparison.Ordinal)));
    }

    [Fact]
    public async Task A_key_is_replaced_by_its_name()
    {
        var (exitCode, _) = await _azure.RunAsync(["keys", "springest-uk-api-key"], $"  {Canary} \n");

        Assert.Equal(0, exitCode);
        Assert.Contains($"\"{Canary}\"", _azure.Bodies, StringComparison.Ordinal);
        Assert.Contains("/secrets/springest-uk-api-key?", _azure.Asked, StringComparison.Ordinal);
        Assert.Contains("/refresh?", _azure.Asked, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("", "there is nobody to ask. Run `dotnet dev.cs keys` at a terminal")]
    [InlineData("\n", "springest-nl-api-key was left empty.")]
    [InlineData("two words\n", "a space or a control character in it; a key has none.")]
    public async Task What_is_no_key_is_not_put_anywhere(string input, string sentence)
    {
        _azure.VaultHolds();

        var (exitCode, output) = await _azure.RunAsync(["keys"], input);

        Assert.Equal(1, exitCode);
        Assert.Contains(sentence, output, StringComparison.Ordinal);
        Assert.Equal("", _azure.Bodies);
    }

    [Fact]
    public async Task A_signal_while_a_key_is_asked_for_ends_it()
    {
        _azure.VaultHolds();
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
        patience.CancelAfter(TimeSpan.FromSeconds(100));
        var start = _azure.Command(["keys"]);
        start.RedirectStandardInput = start.RedirectStandardOutput = start.RedirectStandardError = true;
        using var process = Process.Start(start)!;
        var (said, letter) = ("", new char[1]);
        while (!said.EndsWith("(it is not shown): ", StringComparison.Ordinal))
        {
            Assert.Equal(1, await process.StandardOutput.ReadAsync(letter, patience.Token));
            said += letter[0];
        }

        process.Terminate();
        try
        {
            await process.WaitForExitAsync(patience.Token);
        }
        finally
        {
            process.Kill();
        }

        Assert.Equal(130, process.ExitCode);
    }

    [Fact]
    public async Task An_unknown_name_is_told_with_those_that_there_are()
    {
        var (exitCode, output) = await _azure.RunAsync(["keys", "nl"], $"{Canary}\n");

        Assert.Equal(1, exitCode);
        Assert.Equal("The app has no secret 'nl'. It has: springest-nl-api-key, springest-uk-api-key, springest-be-api-key.\n", output);
    }

    [Fact]
    public async Task What_Azure_says_against_it_is_passed_on()
    {
        _azure.FailsAt("--method put");

        var (exitCode, output) = await _azure.RunAsync(["keys", "springest-nl-api-key"], $"{Canary}\n");

        Assert.Equal(1, exitCode);
        Assert.Contains("Azure refused `az rest --method`. It said:\nERROR: not yet", output, StringComparison.Ordinal);
        Assert.DoesNotContain(Canary, output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Outside_a_hook_azd_is_asked_for_the_environment()
    {
        var values = System.Text.Json.JsonSerializer.Serialize(_azure.Environment);
        _azure.Environment.Clear();
        _azure.Write("azd", $"#!/bin/sh\n[ \"$*\" = 'env get-values --output json' ] && echo '{values}'");
        _azure.VaultHolds("springest-nl-api-key", "springest-uk-api-key", "springest-be-api-key");

        var (exitCode, output) = await _azure.RunAsync(["keys"]);

        Assert.Equal((0, "kv-test holds every secret that the app needs.\n"), (exitCode, output));
    }
}
