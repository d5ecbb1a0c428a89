using System.Net;
using System.Text.Json;
using Azure.Core;
using Azure.Core.Pipeline;
using Azure.Security.KeyVault.Secrets;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;
using Microsoft.Extensions.Time.Testing;
using Springest.Functions.Access;

namespace Springest.Functions.Tests.Access;

/// <summary>Keys out of a vault: how soon they count, and what happens while it is away.</summary>
public sealed class VaultTests : IDisposable
{
    private readonly FakeTimeProvider _time = new(new(2026, 3, 1, 8, 0, 0, TimeSpan.Zero));
    private readonly Vault _vault = new();

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public void Dispose() => _vault.Dispose();

    [Fact]
    public async Task Key_that_is_added_or_removed_counts_within_five_minutes()
    {
        using var keys = Open();
        _vault.Keep(("anna", AccessRole.Viewer, "value of anna"));
        Assert.Equal("anna", await FindAsync(keys, "value of anna"));

        _vault.Keep(("bert", AccessRole.Operator, "value of bert"));
        _time.Advance(TimeSpan.FromMinutes(5) - TimeSpan.FromTicks(1));
        Assert.Equal(("anna", 1), (await FindAsync(keys, "value of anna"), _vault.Asked));
        _time.Advance(TimeSpan.FromTicks(1));

        Assert.Null(await FindAsync(keys, "value of anna"));
        Assert.Equal(("bert", 2), (await FindAsync(keys, "value of bert"), _vault.Asked));
    }

    [Fact]
    public async Task Last_known_keys_count_for_a_day_while_the_vault_is_away()
    {
        using var keys = Open();
        _vault.Keep(("anna", AccessRole.Viewer, "value of anna"));
        Assert.Equal("anna", await FindAsync(keys, "value of anna"));
        _vault.Status = HttpStatusCode.InternalServerError;

        _time.Advance(TimeSpan.FromHours(24) - TimeSpan.FromSeconds(1));
        Assert.Equal("anna", await FindAsync(keys, "value of anna"));
        _time.Advance(TimeSpan.FromSeconds(1));
        Assert.Null(await keys.ReadAsync(Cancellation));

        _vault.Status = HttpStatusCode.OK;
        _time.Advance(TimeSpan.FromSeconds(30));
        Assert.Equal("anna", await FindAsync(keys, "value of anna"));
    }

    [Fact]
    public async Task Vault_that_is_away_is_asked_twice_a_minute_at_most()
    {
        using var keys = Open();
        _vault.Status = HttpStatusCode.Forbidden;

        await Task.WhenAll(Enumerable.Range(0, 100).Select(_ => Task.Run(async () => Assert.Null(await keys.ReadAsync(Cancellation)))));
        Assert.Equal(1, _vault.Asked);
        _time.Advance(TimeSpan.FromSeconds(30));
        Assert.Null(await keys.ReadAsync(Cancellation));
        Assert.Equal(2, _vault.Asked);
    }

    [Fact]
    public async Task Vault_without_the_secret_lets_nobody_in_and_is_no_fault()
    {
        using var keys = Open();
        _vault.Status = HttpStatusCode.NotFound;

        Assert.Empty((await keys.ReadAsync(Cancellation))!);
    }

    [Fact]
    public async Task Secret_that_cannot_be_read_is_as_a_vault_that_is_away()
    {
        using var keys = Open();
        _vault.Keep(("anna", AccessRole.Viewer, "value of anna"));
        Assert.Equal("anna", await FindAsync(keys, "value of anna"));
        _vault.Text = "anna;viewer";
        _time.Advance(TimeSpan.FromMinutes(6));

        Assert.Equal("anna", await FindAsync(keys, "value of anna"));
    }

    [Theory]
    [InlineData("", 0)]
    [InlineData(";", 0)]
    [InlineData("a:viewer:{hash}", 1)]
    [InlineData(" a:Viewer:{HASH} ; b.c-d_9:operator:{hash};", 2)]
    public void Keys_are_read(string text, int count)
    {
        Assert.True(AccessKey.TryParse(Fill(text), out var keys, out _));
        Assert.Equal(count, keys.Count);
        Assert.True(AccessKey.TryParse(AccessKey.Format(keys), out var again, out _));
        Assert.Equal(keys.Select(key => (key.Name, key.Role)), again.Select(key => (key.Name, key.Role)));
    }

    [Theory]
    [InlineData("a:viewer")]
    [InlineData("a:viewer:1234")]
    [InlineData("a:viewer:{hash}x")]
    [InlineData("a:admin:{hash}")]
    [InlineData("a:2:{hash}")]
    [InlineData("A:viewer:{hash}")]
    [InlineData("jo@example.org:viewer:{hash}")]
    [InlineData(":viewer:{hash}")]
    [InlineData("a:viewer:{hash};a:operator:{hash}")]
    [InlineData("a:viewer:{hash}\n;\nb:viewer:\n{hash}")]
    public void Keys_that_cannot_be_read_are_told_without_repeating_them(string text)
    {
        Assert.False(AccessKey.TryParse(Fill(text), out _, out var fault));
        Assert.Contains("NAME:ROLE:HASH", fault, StringComparison.Ordinal);
        Assert.DoesNotContain("example", fault, StringComparison.Ordinal);
        Assert.DoesNotContain("1234", fault, StringComparison.Ordinal);
    }

    [Fact]
    public void New_key_is_long_and_its_hash_is_not_its_value()
    {
        var (key, value) = AccessKey.Make("anna", AccessRole.Viewer);

        Assert.True(value.Length > 40);
        Assert.Equal(AccessKey.HashOf(value), key.Hash.ToArray());
        Assert.DoesNotContain(value, AccessKey.Format([key]), StringComparison.Ordinal);
    }

    private static string Fill(string text) => text
        .Replace("{hash}", Convert.ToHexStringLower(AccessKey.HashOf("x")), StringComparison.Ordinal)
        .Replace("{HASH}", Convert.ToHexString(AccessKey.HashOf("y")), StringComparison.Ordinal);

    private static async Task<string?> FindAsync(AccessKeys keys, string value)
        => AccessKeys.Find((await keys.ReadAsync(Cancellation))!, value)?.Name;

    private AccessKeys Open() => new(
        Options.Create(new AccessOptions { Vault = "https://vault.test" }),
        new SecretClient(new Uri("https://vault.test"), new Token(), new SecretClientOptions
        {
            Transport = new HttpClientTransport(_vault), DisableChallengeResourceVerification = true, Retry = { MaxRetries = 0 },
        }),
        _time,
        NullLogger<AccessKeys>.Instance);

    /// <summary>A vault at the end of the wire, with one secret.</summary>
    private sealed class Vault : HttpMessageHandler
    {
        private int _asked;

        public HttpStatusCode Status { get; set; } = HttpStatusCode.OK;

        public string Text { get; set; } = "";

        public int Asked => _asked;

        public void Keep(params (string Name, AccessRole Role, string Value)[] keys)
            => Text = AccessKey.Format(keys.Select(key => AccessKey.Of(key.Name, key.Role, key.Value)));

        protected override Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
        {
            if (request.Headers.Authorization is null)
                return Task.FromResult(new HttpResponseMessage(HttpStatusCode.Unauthorized)
                {
                    Headers =
                    {
                        { "WWW-Authenticate", "Bearer authorization=\"https://login.test/t\", resource=\"https://vault.azure.net\"" },
                    },
                });
            Interlocked.Increment(ref _asked);
            Assert.Equal("/secrets/springest-access-keys/", request.RequestUri!.AbsolutePath.TrimEnd('/') + "/");
            return Task.FromResult(new HttpResponseMessage(Status)
            {
                Content = new StringContent(
                    JsonSerializer.Serialize(new { id = "https://vault.test/secrets/springest-access-keys/1", value = Text }),
                    System.Text.Encoding.UTF8, "application/json"),
            });
        }
    }

    private sealed class Token : TokenCredential
    {
        public override AccessToken GetToken(TokenRequestContext requestContext, CancellationToken cancellationToken)
            => new("token", DateTimeOffset.MaxValue);

        public override ValueTask<AccessToken> GetTokenAsync(TokenRequestContext requestContext, CancellationToken cancellationToken)
            => new(GetToken(requestContext, cancellationToken));
    }
}
