using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Options;

namespace Springest.Client.Tests;

public sealed class RegistrationTests
{
    [Theory]
    [InlineData("nl", "https://api.springest.nl/")]
    [InlineData("uk", "https://api.springest.co.uk/")]
    [InlineData("be", "https://api.nl.springest.be/")]
    [InlineData("de", "https://api.springest.de/")]
    [InlineData("com", "https://api.springest.com/")]
    public async Task The_hosts_of_the_countries_are_known(string site, string host)
    {
        using var app = await StartAsync(($"{site}:ApiKey", "k"));

        Assert.Equal(host, app.Services.GetRequiredService<IOptionsMonitor<SpringestSiteOptions>>().Get(site).Host!.AbsoluteUri);
        Assert.Equal(site, app.Services.GetRequiredKeyedService<SpringestClient>(site).Site);
    }

    [Fact]
    public async Task Several_sites_work_side_by_side()
    {
        using var app = await StartAsync(
            ("nl:ApiKey", "a"),
            ("demo:ApiKey", "b"),
            ("demo:Host", "https://demo.api.go.springest.nl"),
            ("demo:CertificatesPath", "/users/certificates"));

        Assert.Equal("nl", app.Services.GetRequiredKeyedService<SpringestClient>("nl").Site);
        Assert.Equal("demo", app.Services.GetRequiredKeyedService<SpringestClient>("demo").Site);
    }

    [Fact]
    public async Task A_site_is_known_by_its_name_in_lower_case_however_it_is_written()
    {
        using var app = await StartAsync(("NL:Retries", "0"), ("nl:ApiKey", "a"));

        Assert.Equal("nl", app.Services.GetRequiredKeyedService<SpringestClient>("nl").Site);
    }

    [Theory]
    [InlineData("nl:Host", "https://api.springest.nl", "Setting 'Springest__Sites__nl__ApiKey' is missing")]
    [InlineData("go:ApiKey", "k", "Setting 'Springest__Sites__go__Host' is missing: site 'go' is none of nl, uk, be, de, com")]
    [InlineData("nl:Host", "http://api.springest.nl", "Setting 'Springest__Sites__nl__Host' is 'http://api.springest.nl'")]
    [InlineData(
        "nl:Host",
        "https://canary:canary@api.springest.nl/x?api_key=canary",
        "Setting 'Springest__Sites__nl__Host' is 'https://api.springest.nl'"
    )]
    [InlineData("nl:Host", "api.springest.nl?api_key=canary", "Setting 'Springest__Sites__nl__Host' is 'api.springest.nl'")]
    [InlineData("nl:CertificatesPath", "/elsewhere", "'/elsewhere'; allowed: '/certificates' or '/users/certificates'")]
    [InlineData("nl:CertificateBookingField", "id", "'id'; allowed: 'booking_id' or 'conversion_id'")]
    [InlineData(
        "nl:RateLimitStatuses",
        "",
        "Setting 'Springest__Sites__nl__RateLimitStatuses' is ''; allowed: statuses 400 to 499, 503 and 509"
    )]
    [InlineData("nl:RateLimitStatuses", "429,", "'429,'; allowed: statuses 400")]
    [InlineData("nl:RateLimitStatuses", "429, 500", "'429, 500'; allowed: statuses 400")]
    [InlineData("nl:RateLimitStatuses", "403:", "'403:'; allowed: statuses 400")]
    [InlineData("nl:RateLimitStatuses", "too many", "'too many'; allowed: statuses 400")]
    [InlineData("nl:AttemptTimeout", "00:00:00", "'00:00:00'; allowed: 00:00:01 to 00:10:00")]
    [InlineData("nl:Deadline", "00:00:05", "'00:00:05'; allowed: AttemptTimeout (00:00:15) to 01:00:00")]
    [InlineData("nl:Retries", "11", "'11'; allowed: 0 to 10")]
    [InlineData("nl:RetryDelay", "00:02:00", "'00:02:00'; allowed")]
    [InlineData("nl:MaxRetryAfter", "-00:00:01", "'-00:00:01'; allowed")]
    [InlineData("nl:BreakDuration", "00:00:00.1", "'00:00:00.1000000'; allowed")]
    [InlineData("nl:MaxAnswerBytes", "1", "'1'; allowed: 65536 to 268435456")]
    public async Task A_wrong_setting_stops_the_start_with_a_sentence(string setting, string value, string sentence)
    {
        var fault = await Assert.ThrowsAsync<OptionsValidationException>(() => StartAsync((setting, value)));

        Assert.Contains(sentence, fault.Message);
        Assert.DoesNotContain("canary", fault.Message);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Site_that_is_registered_twice_is_configured_twice_and_asked_once(bool inCodeFirst)
    {
        var (requests, permits) = (0, 0);
        await using var server = await CannedServer.StartAsync(context =>
        {
            requests++;
            return context.Response.WriteAsync($$"""[{"id":{{context.Request.Query["api_key"]}}}]""");
        });
        var settings = new ConfigurationBuilder().AddInMemoryCollection([new("Sites:nl:ApiKey", "7")]).Build();
        var services = new ServiceCollection().AddLogging();
        if (inCodeFirst)
            InCode();
        services.AddSpringestClients(settings.GetSection("Sites"));
        if (!inCodeFirst)
            InCode();
        await using var provider = services.BuildServiceProvider();
        using var limiter = new CountingLimiter(() => permits++);

        var training = await provider.GetRequiredService<SpringestClient>().WithRateLimiter(_ => limiter)
            .GetTrainingAsync(7, TestContext.Current.CancellationToken);

        Assert.Equal((7, 1, 1), (training.Id, requests, permits));
        Assert.Same(provider.GetRequiredService<SpringestClient>(), provider.GetRequiredKeyedService<SpringestClient>("nl"));

        void InCode()
        {
            services.AddSpringestClient("nl", site => site.Host = server.Address);
        }
    }

    private static async Task<IHost> StartAsync(params (string Name, string Value)[] settings)
    {
        var builder = Host.CreateEmptyApplicationBuilder(null);
        builder.Configuration.AddInMemoryCollection(settings.Select(
            setting => new KeyValuePair<string, string?>($"Springest:Sites:{setting.Name}", setting.Value)));
        builder.Services.AddSpringestClients(builder.Configuration.GetSection("Springest:Sites"));
        var host = builder.Build();
        await host.StartAsync(TestContext.Current.CancellationToken);
        return host;
    }
}
