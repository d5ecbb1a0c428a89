using System.Security.Cryptography;
using System.Text;
using Azure;
using Azure.Core;
using Azure.Data.Tables;

namespace Compat.Tests.Tables;

public sealed class AuthenticationTests(StorageFixture storage)
{
    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    private Uri Account => new(storage.Setting("TableEndpoint"));

    private TableSharedKeyCredential Key => new(storage.Setting("AccountName"), storage.Setting("AccountKey"));

    [Fact]
    public async Task The_accounts_key_opens_its_tables()
    {
        var name = StorageFixture.NewName();

        await new TableServiceClient(Account, Key).CreateTableIfNotExistsAsync(name, Cancel);
        await new TableClient(Account, name, Key).AddEntityAsync(new TableEntity("p", "r"), Cancel);
        await new TableClient(storage.Azurite.ConnectionString, name).AddEntityAsync(new TableEntity("p", "s"), Cancel);
    }

    [Fact]
    public async Task A_wrong_key_is_refused_until_it_is_exchanged()
    {
        var table = await storage.NewTableAsync();
        var key = new TableSharedKeyCredential(storage.Setting("AccountName"), Convert.ToBase64String(new byte[64]));
        var client = new TableClient(Account, table.Name, key);

        var refused = await Assert.ThrowsAsync<RequestFailedException>(() => client.AddEntityAsync(new TableEntity("p", "r"), Cancel));
        key.SetAccountKey(storage.Setting("AccountKey"));
        var added = await client.AddEntityAsync(new TableEntity("p", "r"), Cancel);

        Assert.Equal((403, 204), (refused.Status, added.Status));
    }

    [Fact]
    public async Task A_shared_access_signature_opens_what_it_is_for()
    {
        var table = await storage.NewTableAsync();
        var signature = Sign("rau");
        var withTable = new Uri($"{Account}/{table.Name}");
        TableClient[] clients =
        [
            new TableServiceClient(new Uri($"{Account}?{signature}")).GetTableClient(table.Name),
            new TableServiceClient(Account, new AzureSasCredential(signature)).GetTableClient(table.Name),
            new TableServiceClient($"TableEndpoint={Account};SharedAccessSignature={signature}").GetTableClient(table.Name),
            new(new Uri($"{withTable}?{signature}")),
            new(withTable, new AzureSasCredential(signature)),
        ];

        foreach (var client in clients)
        {
            await client.UpsertEntityAsync(new TableEntity("p", "O'Reilly"), cancellationToken: Cancel);
            Assert.Single(await client.ListAsync("PartitionKey eq 'p'"));
            var refused = await Assert.ThrowsAsync<RequestFailedException>(() => client.DeleteEntityAsync("p", "x", ETag.All, Cancel));
            Assert.Equal(403, refused.Status);
            Assert.DoesNotContain("sig=", client.Uri.AbsoluteUri, StringComparison.Ordinal);
        }
    }

    [Fact]
    public void A_shared_access_signature_is_not_sent_in_the_open()
        => Assert.Throws<ArgumentException>(
            () => new TableServiceClient(new Uri("http://example.org"), new AzureSasCredential("sv=x&sig=y")));

    [Fact]
    public async Task A_token_for_storage_is_sent_with_each_request()
    {
        var transport = new RecordingTransport(_ => new CannedResponse(204));
        var credential = new FakeCredential();
        var table = new TableClient(
            new Uri("https://acc.table.core.windows.net"), "courses", credential, new TableClientOptions { Transport = transport });

        await table.AddEntityAsync(new TableEntity("p", "r"), Cancel);
        await table.DeleteEntityAsync("p", "O'Reilly ☃", cancellationToken: Cancel);

        Assert.All(transport.Requests, request => Assert.Equal("Bearer the-token", request.Authorization));
        Assert.Equal(["https://storage.azure.com/.default"], Assert.Single(credential.Asked).Scopes);
        Assert.Equal(
            "https://acc.table.core.windows.net/courses(PartitionKey='p',RowKey='O%27%27Reilly%20%E2%98%83')",
            transport.Requests.Last().Uri.GetLeftPart(UriPartial.Path));
    }

    [Fact]
    public async Task A_token_is_not_sent_in_the_open()
    {
        var table = new TableClient(Account, "courses", new FakeCredential());

        await Assert.ThrowsAsync<InvalidOperationException>(() => table.AddEntityAsync(new TableEntity("p", "r"), Cancel));
    }

    [Fact]
    public async Task The_tenant_is_asked_of_the_service_on_demand()
    {
        const string challenge =
            "Bearer authorization_uri=https://login.microsoftonline.com/the-tenant/oauth2/authorize resource_id=https://storage.azure.com";
        var transport = new RecordingTransport(request => request.Headers.Contains("Authorization")
            ? new CannedResponse(204)
            : new CannedResponse(401, ("WWW-Authenticate", challenge)));
        var credential = new FakeCredential();
        var options = new TableClientOptions { Transport = transport, EnableTenantDiscovery = true };
        var table = new TableClient(new Uri("https://acc.table.core.windows.net"), "courses", credential, options);

        await table.AddEntityAsync(new TableEntity("p", "r"), Cancel);
        await table.AddEntityAsync(new TableEntity("p", "s"), Cancel);

        Assert.Equal([null, "Bearer the-token", "Bearer the-token"], transport.Requests.Select(request => request.Authorization));
        Assert.All(credential.Asked, context => Assert.Equal("the-tenant", context.TenantId));
    }

    /// <summary>A signature for all of the account's tables, with these permissions.</summary>
    private string Sign(string permissions)
    {
        const string version = "2020-12-06";
        const string expiry = "2199-01-01T00:00:00Z";
        var text = $"{storage.Setting("AccountName")}\n{permissions}\nt\nsco\n\n{expiry}\n\n\n{version}\n\n";
        var hash = HMACSHA256.HashData(Convert.FromBase64String(storage.Setting("AccountKey")), Encoding.UTF8.GetBytes(text));
        var signature = Uri.EscapeDataString(Convert.ToBase64String(hash));
        return $"sv={version}&ss=t&srt=sco&sp={permissions}&se={Uri.EscapeDataString(expiry)}&sig={signature}";
    }

    private sealed class FakeCredential : TokenCredential
    {
        public List<TokenRequestContext> Asked { get; } = [];

        public override AccessToken GetToken(TokenRequestContext requestContext, CancellationToken cancellationToken)
            => throw new NotSupportedException();

        public override ValueTask<AccessToken> GetTokenAsync(TokenRequestContext requestContext, CancellationToken cancellationToken)
        {
            Asked.Add(requestContext);
            return ValueTask.FromResult(new AccessToken("the-token", DateTimeOffset.MaxValue));
        }
    }
}
