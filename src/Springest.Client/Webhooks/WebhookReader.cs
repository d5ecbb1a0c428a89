using System.Buffers;
using System.Buffers.Text;
using System.Globalization;
using System.Text;
using System.Text.Json;

namespace Springest.Client.Webhooks;

/// <summary>
/// Reads the bodies of both formats: <c>changes</c> (docs/springest-api.md, section 9.1), and the single training of 2014
/// (docs/springest-api.md, section 9.2).
/// </summary>
internal ref struct WebhookReader(ReadOnlySequence<byte> json, ChangedObject usual, int maxChanges)
{
    private const int LongestText = 2048;

    private readonly List<SpringestChange> _changes = [];
    private Utf8JsonReader _reader = new(json, new JsonReaderOptions { MaxDepth = 64 });
    private int _count;

    public SpringestWebhook Read()
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
        return new SpringestWebhook(_changes, _count - _changes.Count);
    }

    private void ReadChanges()
    {
        _reader.Read();
        if (_reader.TokenType != JsonTokenType.StartArray)
            throw Refused($"'changes' must be an array; it is {Kind(_reader.TokenType)}");

        while (_reader.Read() && _reader.TokenType != JsonTokenType.EndArray)
        {
            if (++_count > maxChanges)
                throw new SpringestWebhookException($"The body has more than {maxChanges} changes.") { HasTooManyChanges = true };
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
        var about = fields.HasObject ? fields.Object : ObjectOf(fields.Url);
        if (about is { } known && fields.Id is { } id && fields.Action is { } action && IsKnown(known, action))
            _changes.Add(new SpringestChange(known, id, action, fields.Url.Length == 0 || LeadsTo(fields.Url, known, id)));
    }

    // The format of 2014, which speaks of trainings only. Its record is a hint at best, and read again.
    private void AddSingle(Fields single)
    {
        if (!single.HasAction)
            throw Refused("the body has neither 'changes' nor 'action'");
        if (single.Id is not { } id)
            throw Refused("'id' must be a positive whole number");

        _count++;
        var about = single.HasObject ? single.Object : usual;
        if (about is { } known && single.Action is { } action && IsKnown(known, action))
            _changes.Add(new SpringestChange(known, id, action, UrlFits: true));
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

    private ChangeAction? ReadAction() => Word() switch
    {
        "update" or "updated" or "create" or "created" => ChangeAction.Update,
        "destroy" or "destroyed" or "delete" or "deleted" => ChangeAction.Destroy,
        "import" or "imported" => ChangeAction.Import,
        _ => null,
    };

    private ChangedObject? ReadObject() => ObjectNamed(Word());

    /// <summary>Of the API's word there may come another form one day: in capitals, in the plural.</summary>
    private static ChangedObject? ObjectNamed(string? word) => word switch
    {
        "training" or "trainings" => ChangedObject.Training,
        "institute" or "institutes" => ChangedObject.Institute,
        "conversion" or "conversions" or "booking" or "bookings" => ChangedObject.Conversion,
        _ => null,
    };

    private string? Word()
        => _reader.TokenType == JsonTokenType.String && ReadText() is { Length: < 20 } text
            ? Encoding.Latin1.GetString(text).Trim().ToLowerInvariant() : null;

    // http://HOST/trainings/ID
    private static ChangedObject? ObjectOf(ReadOnlySpan<byte> url)
    {
        var end = url.LastIndexOf((byte)'/');
        var path = end < 0 ? default : url[..end];
        return ObjectNamed(Encoding.Latin1.GetString(path[(path.LastIndexOf((byte)'/') + 1)..]).ToLowerInvariant());
    }

    private long? ReadId()
    {
        // Ids may come as strings (docs/springest-api.md, section 3.2). A piece of a longer body is no text to the converter.
        var text = _reader.TokenType == JsonTokenType.Number
            ? (_reader.HasValueSequence ? _reader.ValueSequence.ToArray() : _reader.ValueSpan) : ReadText();
        return long.TryParse(text.Trim(" \t\r\n"u8), NumberStyles.Float, CultureInfo.InvariantCulture, out var id) && id > 0 ? id : null;
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
    private static bool LeadsTo(ReadOnlySpan<byte> url, ChangedObject about, long id)
    {
        var name = url[(url.LastIndexOf((byte)'/') + 1)..];
        return (url.StartsWith("http://"u8) || url.StartsWith("https://"u8))
            && (ObjectOf(url) is not { } led || led == about)
            && Utf8Parser.TryParse(name, out long named, out var length) && named == id
            && (length == name.Length || name[length] is (byte)'.' or (byte)'?');
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
    private static bool IsKnown(ChangedObject about, ChangeAction action)
        => action is not ChangeAction.Import || about is ChangedObject.Institute;

    private static SpringestWebhookException Refused(string reason) => new($"The body is not a webhook: {reason}.");

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
        public ChangeAction? Action;
        public ChangedObject? Object;
        public long? Id;
        public ReadOnlySpan<byte> Url;
    }
}
