using System.Buffers;
using System.Buffers.Text;
using System.Globalization;
using System.Net;
using System.Text.Json;

namespace Springest.Functions.Webhooks.Parsing;

/// <summary>
/// Reads the bodies of both formats: <c>changes</c> (docs/springest-api.md, section 9.1), and the single training of 2014
/// (docs/springest-api.md, section 9.2). A body of the wrong shape is refused; a change of it that means nothing to us is only counted.
/// </summary>
internal ref struct WebhookParser
{
    /// <summary>What was taken once is read again whatever the limit is by then.</summary>
    public const int AnyNumber = int.MaxValue;

    // As a rule a change takes so many bytes; room for as many as the body may hold is made at once, since growing takes three times as much.
    private const int BytesOfChange = 90;
    private const int LongestText = 2048;

    private readonly Dictionary<(WebhookObject, long), WebhookChange> _changes;
    private readonly WebhookObject _usual;
    private readonly int _maxChanges;
    private Utf8JsonReader _reader;
    private int _count;
    private int _otherUrls;

    private WebhookParser(ReadOnlySequence<byte> json, WebhookObject usual, int maxChanges)
    {
        _reader = new Utf8JsonReader(json, new JsonReaderOptions { MaxDepth = 64 });
        (_usual, _maxChanges) = (usual, maxChanges);
        _changes = new((int)Math.Min(maxChanges, json.Length / BytesOfChange));
    }

    /// <summary>Reads the body of a webhook, in UTF-8, as its feed has them.</summary>
    /// <exception cref="WebhookRejectedException">It is not taken; the message says what is wrong and where.</exception>
    public static ParsedWebhook Parse(WebhookFeed feed, ReadOnlySequence<byte> json, int maxChanges)
        => feed is WebhookFeed.Conversions ? ConversionWebhook.Parse(json, maxChanges) : Parse(json, WebhookObject.Training, maxChanges);

    /// <summary>Reads a body of either format.</summary>
    /// <param name="json">The body in UTF-8.</param>
    /// <param name="usual">What a body with a single change is about if it does not say so.</param>
    /// <param name="maxChanges">The most changes taken.</param>
    /// <exception cref="WebhookRejectedException">Not JSON, wrong shape, or too many changes; the message says what and where.</exception>
    public static ParsedWebhook Parse(ReadOnlySequence<byte> json, WebhookObject usual, int maxChanges)
    {
        try
        {
            return new WebhookParser(json, usual, maxChanges).ReadBody();
        }
        catch (JsonException exception)
        {
            throw NotJson(exception);
        }
    }

    /// <exception cref="WebhookRejectedException">Not JSON.</exception>
    public static void RequireJson(ReadOnlySequence<byte> json)
    {
        var reader = new Utf8JsonReader(json);
        try
        {
            while (reader.Read())
            {
            }
        }
        catch (JsonException exception)
        {
            throw NotJson(exception);
        }
    }

    private ParsedWebhook ReadBody()
    {
        _reader.Read();
        if (_reader.TokenType != JsonTokenType.StartObject)
            throw Refused($"the body must be an object; it is {Kind(_reader.TokenType)}");

        var isList = false;
        var single = new Fields();
        while (ReadProperty())
        {
            if (Is("changes"u8))
            {
                isList = true;
                ReadChanges();
            }
            else
            {
                ReadField(ref single);
            }
        }

        // Throws if anything follows.
        _reader.Read();
        if (!isList)
            AddSingle(single);
        var accepted = _changes.Values.Sum(change => change.Times);
        return new ParsedWebhook(_changes.Values, accepted, _count - accepted, _otherUrls);
    }

    private void ReadChanges()
    {
        _reader.Read();
        if (_reader.TokenType != JsonTokenType.StartArray)
            throw Refused($"'changes' must be an array; it is {Kind(_reader.TokenType)}");

        while (_reader.Read() && _reader.TokenType != JsonTokenType.EndArray)
        {
            if (++_count > _maxChanges)
                throw new WebhookRejectedException(HttpStatusCode.RequestEntityTooLarge, $"The body has more than {_maxChanges} changes.");
            ReadChange();
        }
    }

    private void ReadChange()
    {
        if (_reader.TokenType != JsonTokenType.StartObject)
        {
            _reader.Skip();
            return;
        }

        var fields = new Fields();
        while (ReadProperty())
            ReadField(ref fields);
        if (fields.Object is not { } about || fields.Id is not { } id || fields.Action is not { } action || !IsKnown(about, action))
            return;
        Add(about, id, action);
        if (fields.Url.Length > 0 && !LeadsTo(fields.Url, id))
            _otherUrls++;
    }

    // The format of 2014, which speaks of trainings only. Its record is a hint at best, and read again.
    private void AddSingle(Fields single)
    {
        if (!single.HasAction)
            throw Refused("the body has neither 'changes' nor 'action'");
        if (single.Id is not { } id)
            throw Refused("'id' must be a positive whole number");

        _count++;
        var about = single.HasObject ? single.Object : _usual;
        if (about is { } known && single.Action is { } action && IsKnown(known, action))
            Add(known, id, action);
    }

    private void ReadField(ref Fields fields)
    {
        if (Is("action"u8))
        {
            _reader.Read();
            fields.HasAction = true;
            fields.Action = ReadAction();
        }
        else if (Is("object"u8))
        {
            _reader.Read();
            fields.HasObject = true;
            fields.Object = ReadObject();
        }
        else if (Is("id"u8))
        {
            _reader.Read();
            fields.Id = ReadId();
        }
        else if (Is("url"u8))
        {
            _reader.Read();
            fields.Url = ReadText();
        }
        else
        {
            _reader.Read();
        }

        _reader.Skip();
    }

    private WebhookAction? ReadAction()
        => Is("update"u8) || Is("create"u8) ? WebhookAction.Update
            : Is("destroy"u8) || Is("delete"u8) ? WebhookAction.Destroy
            : Is("import"u8) ? WebhookAction.Import
            : null;

    private WebhookObject? ReadObject()
        => Is("training"u8) ? WebhookObject.Training
            : Is("institute"u8) ? WebhookObject.Institute
            : Is("conversion"u8) ? WebhookObject.Conversion
            : null;

    private long? ReadId()
    {
        // Ids may come as strings (docs/springest-api.md, section 3.2).
        var id = _reader.TokenType switch
        {
            JsonTokenType.Number => _reader.TryGetInt64(out var number) ? number : 0,
            JsonTokenType.String => long.TryParse(ReadText(), NumberStyles.None, CultureInfo.InvariantCulture, out var text) ? text : 0,
            _ => 0,
        };
        return id > 0 ? id : null;
    }

    private ReadOnlySpan<byte> ReadText()
    {
        if (_reader.TokenType != JsonTokenType.String)
            return default;
        if (!_reader.ValueIsEscaped && !_reader.HasValueSequence)
            return _reader.ValueSpan;
        // Neither an address of ours nor an id is as long.
        var length = _reader.HasValueSequence ? _reader.ValueSequence.Length : _reader.ValueSpan.Length;
        if (length > LongestText)
            return "?"u8;
        var text = new byte[length];
        try
        {
            return text.AsSpan(0, _reader.CopyString(text));
        }
        catch (InvalidOperationException)
        {
            // Half a surrogate pair, which no address has.
            return "?"u8;
        }
    }

    // http://HOST/trainings/ID, perhaps with an extension. Nobody follows it: it is only told of.
    private static bool LeadsTo(ReadOnlySpan<byte> url, long id)
    {
        var name = url[(url.LastIndexOf((byte)'/') + 1)..];
        return (url.StartsWith("http://"u8) || url.StartsWith("https://"u8))
            && Utf8Parser.TryParse(name, out long named, out var length) && named == id
            && (length == name.Length || name[length] is (byte)'.' or (byte)'?');
    }

    private void Add(WebhookObject about, long id, WebhookAction action)
    {
        about = action is WebhookAction.Import ? WebhookObject.Import : about;
        var times = _changes.TryGetValue((about, id), out var earlier) ? earlier.Times : 0;
        _changes[(about, id)] = new WebhookChange(about, id, action, times + 1);
    }

    private bool ReadProperty() => _reader.Read() && _reader.TokenType == JsonTokenType.PropertyName;

    private bool Is(ReadOnlySpan<byte> text)
    {
        if (_reader.TokenType is not (JsonTokenType.String or JsonTokenType.PropertyName))
            return false;
        try
        {
            return _reader.ValueTextEquals(text);
        }
        catch (InvalidOperationException)
        {
            // Half a surrogate pair, which JSON allows but which is no text of ours.
            return false;
        }
    }

    // Import is said of institutes only.
    private static bool IsKnown(WebhookObject about, WebhookAction action)
        => action is not WebhookAction.Import || about is WebhookObject.Institute;

    private static WebhookRejectedException Refused(string reason)
        => new(HttpStatusCode.BadRequest, $"The body is not a webhook: {reason}.");

    private static WebhookRejectedException NotJson(JsonException exception)
        => new(
            HttpStatusCode.BadRequest, $"The body is not JSON: line {exception.LineNumber + 1}, byte {exception.BytePositionInLine + 1}.", exception);

    private static string Kind(JsonTokenType token) => token switch
    {
        JsonTokenType.StartArray => "an array",
        JsonTokenType.StartObject => "an object",
        JsonTokenType.String => "a string",
        JsonTokenType.Number => "a number",
        JsonTokenType.Null => "null",
        _ => "a boolean",
    };

    private ref struct Fields
    {
        public bool HasAction;
        public bool HasObject;
        public WebhookAction? Action;
        public WebhookObject? Object;
        public long? Id;
        public ReadOnlySpan<byte> Url;
    }
}
