using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace Springest.Client.Tests;

/// <summary>A page of 30 records in which one value, each in turn, is not what it should be.</summary>
public sealed class OddFieldTests
{
    private static readonly string[] s_odd = ["{\"a\":[1]}", "[[1]]", "\"\\ud800\"", "\"?\"", "true", "1e400"];

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("trainings-list.json", "trainings")]
    [InlineData("training.json", "trainings")]
    [InlineData("institutes-list.json", "institutes")]
    [InlineData("subjects-list.json", "subjects")]
    [InlineData("categories-list.json", "categories")]
    [InlineData("reviews-list.json", "reviews")]
    [InlineData("certifications.json", "certifications")]
    [InlineData("user-certificates.json", "certificates")]
    [InlineData("bookings-list.json", "bookings")]
    public async Task Odd_value_costs_that_value(string file, string list)
    {
        var sample = JsonNode.Parse(await File.ReadAllTextAsync(PayloadTests.Path(file), Cancellation))![list]![0]!.AsObject();
        // What stands around the odd record, which is the fifteenth of thirty.
        var (before, after) = (Items(sample, 1, 14), Items(sample, 16, 15));
        var body = "";
        await using var server = await CannedServer.StartAsync(context => context.Response.Body.WriteAsync(Encoding.UTF8.GetBytes(body))
            .AsTask());
        var tried = 0;
        foreach (var (field, _) in sample.Where(field => field.Key != "id"))
        {
            foreach (var odd in s_odd)
            {
                body = $$"""{"meta":{"results":30},"{{list}}":[{{before}},{{Odd(sample, field, odd)}},{{after}}]}""";

                var page = await ReadAsync(server.Client, list);

                var id = page[0].GetType().GetProperty("Id")!;
                Assert.Equal(Enumerable.Range(1, 30), page.Select(record => (int)(long)id.GetValue(record)!));
                AssertKept(page[14], field, odd);
                Assert.All(page.Where((_, index) => index != 14), record => Assert.False(record.OtherFields?.ContainsKey(field) == true));
                tried++;
            }
        }
        Assert.True(tried >= 18, $"{tried} pages");
    }

    private static string Items(JsonObject sample, int first, int count)
        => string.Join(',', Enumerable.Range(first, count).Select(id => Item(sample, id).ToJsonString()));

    private static string Odd(JsonObject sample, string field, string odd)
    {
        var item = Item(sample, 15);
        item[field] = "ODD";
        return item.ToJsonString().Replace($"\"{field}\":\"ODD\"", $"\"{field}\":{odd}", StringComparison.Ordinal);
    }

    private static JsonObject Item(JsonObject sample, int id)
    {
        var item = sample.DeepClone().AsObject();
        item["id"] = id;
        return item;
    }

    /// <summary>The value is what its property can make of it, or the property is null, false or empty, and the value is there as it
    /// came.</summary>
    private static void AssertKept(SpringestRecord record, string field, string odd)
    {
        var property = record.GetType().GetProperties()
            .SingleOrDefault(one => JsonNamingPolicy.SnakeCaseLower.ConvertName(one.Name) == field)
            ?? throw new InvalidOperationException($"{record.GetType().Name} has no property for {field}.");
        if (record.OtherFields?.TryGetValue(field, out var kept) == true)
        {
            Assert.Equal(odd, kept.GetRawText());
            Assert.True(property.GetValue(record) is null or "" or false or System.Collections.ICollection { Count: 0 },
                $"{field} is {property.GetValue(record)}");
        }
        else
        {
            // A text or word takes any scalar, a flag takes true, a record or a list of records an object.
            var value = property.GetValue(record);
            Assert.NotNull(value);
            Assert.True(odd[0] is not ('[' or '{')
                || value is SpringestRecord or System.Collections.ICollection { Count: 1 }, $"{field} took {odd}");
        }
    }

    private static async Task<IReadOnlyList<SpringestRecord>> ReadAsync(SpringestClient client, string list) => list switch
    {
        "trainings" => await client.ListTrainings().ToListAsync<SpringestRecord>(Cancellation),
        "institutes" => await client.ListInstitutes().ToListAsync<SpringestRecord>(Cancellation),
        "subjects" => await client.ListSubjects().ToListAsync<SpringestRecord>(Cancellation),
        "categories" => await client.ListCategories().ToListAsync<SpringestRecord>(Cancellation),
        "reviews" => await client.ListReviews().ToListAsync<SpringestRecord>(Cancellation),
        "certifications" => await client.ListCertifications().ToListAsync<SpringestRecord>(Cancellation),
        "certificates" => await client.ListCertificates().ToListAsync<SpringestRecord>(Cancellation),
        _ => await client.ListBookings().ToListAsync<SpringestRecord>(Cancellation),
    };
}
