using System.Text.Json.Nodes;
using Springest.Simulator.Behaviours;

namespace Springest.Simulator.Data;

/// <summary>The users that were posted (docs/springest-api.md, section 8.14).</summary>
public sealed class UserDirectory
{
    private readonly Lock _lock = new();
    private readonly List<JsonObject> _users = [];
    private long _nextId = 990011;

    /// <summary>How many there are.</summary>
    public int Count
    {
        get
        {
            lock (_lock)
                return _users.Count;
        }
    }

    /// <summary>Copies of all users, each with its <c>id</c>, in order of arrival.</summary>
    public IReadOnlyList<JsonObject> Snapshot()
    {
        lock (_lock)
            return [.. _users.Select(user => user.DeepClone().AsObject())];
    }

    /// <summary>A copy of the user with that text in that field, such as <c>email</c>, in any case; null if there is none.</summary>
    public JsonObject? Find(string field, string value)
    {
        lock (_lock)
            return Stored(field, value)?.DeepClone().AsObject();
    }

    /// <summary>Whether a certificate may be posted for that address.</summary>
    internal bool Knows(string email, Behaviour behaviour)
        => behaviour.OnlyPostedUsers ? IsActive(email) : !behaviour.UnknownEmails.Contains(email, StringComparer.OrdinalIgnoreCase);

    internal bool IsActive(string email) => Find("email", email) is { } user && user["active"]?.GetValue<bool>() != false;

    /// <summary>Runs something that reads and writes users while nobody else does.</summary>
    internal T Exclusively<T>(Func<T> work)
    {
        lock (_lock)
            return work();
    }

    /// <summary>The user that these fields are about; null if it is a new one.</summary>
    internal JsonObject? Match(JsonObject fields, UserIdentity identity)
    {
        var (email, externalId) = (Text(fields, "email"), identity == UserIdentity.EmailOnly ? null : Text(fields, "external_id"));
        if (externalId is not null && Stored("external_id", externalId) is { } byId)
            return byId;
        // A user with another external_id is somebody else.
        var byEmail = email is null ? null : Stored("email", email);
        return externalId is null || (byEmail is not null && Text(byEmail, "external_id") is null) ? byEmail : null;
    }

    /// <summary>Changes a user, or adds one if it is null. Only what was sent changes, also when it is empty.</summary>
    /// <returns>The user's id.</returns>
    internal long Put(JsonObject? user, JsonObject fields)
    {
        lock (_lock)
        {
            if (user is null)
                _users.Add(user = new JsonObject { ["id"] = _nextId++, ["active"] = true });
            foreach (var (name, value) in fields)
                user[name] = value?.DeepClone();
            return user["id"]!.GetValue<long>();
        }
    }

    internal static string? Text(JsonObject user, string field)
        => user[field] is JsonValue value && value.TryGetValue<string>(out var text) && text.Length > 0 ? text : null;

    private JsonObject? Stored(string field, string value)
        => _users.FirstOrDefault(user => string.Equals(Text(user, field), value, StringComparison.OrdinalIgnoreCase));
}
