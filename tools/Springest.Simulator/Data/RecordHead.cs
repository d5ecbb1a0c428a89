using System.Text.Json;

namespace Springest.Simulator.Data;

/// <summary>The fields that most requests filter by. They stand at the record's beginning, and reading stops there.</summary>
internal sealed record RecordHead(long Id, long? InstituteId, DateOnly? Modified, bool Published)
{
    private const int Fields = 8;

    /// <exception cref="ArgumentException">There is no id among the first fields.</exception>
    public static RecordHead Read(byte[] json)
    {
        var head = new RecordHead(0, null, null, Published: true);
        var reader = new Utf8JsonReader(json);
        reader.Read();
        for (var fields = 0; fields < Fields && reader.Read() && reader.TokenType == JsonTokenType.PropertyName; fields++)
        {
            var name = reader.GetString()!;
            reader.Read();
            head = head.With(name, ref reader);
            reader.Skip();
        }

        return head.Id > 0 ? head : throw new ArgumentException("A record has a number above 0 as id among its first fields.");
    }

    private RecordHead With(string name, ref Utf8JsonReader reader) => (name, reader.TokenType) switch
    {
        ("id", JsonTokenType.Number) => this with { Id = reader.GetInt64() },
        ("institute_id", JsonTokenType.Number) => this with { InstituteId = reader.GetInt64() },
        ("status", _) => this with { Published = reader.ValueTextEquals("published") },
        ("modified", JsonTokenType.String) => this with { Modified = TimeStamp.Day(reader.GetString()!) },
        _ => this,
    };
}
