namespace Springest.Functions.Certificates.Inspection;

/// <summary>What a name or word in a PDF stands for, as far as <see cref="PdfScanner"/> needs to know.</summary>
internal enum PdfToken
{
    Other,

    /// <summary>A number, or the beginning of a dictionary, array or text: what a name may stand before.</summary>
    Number,
    Opening,

    /// <summary>Says what an action does.</summary>
    Action,
    Rendition,
    JavaScript,
    Script,
    Form,
    Launch,

    Type,
    EmbeddedFile,
    Files,

    /// <summary>What says that a file is encrypted, and by which means.</summary>
    Encrypt,
    Handler,
    FileId,

    Page,

    /// <summary>A table of the objects, the name of a stream that is one, and what says where the last of them is.</summary>
    CrossReference,
    CrossReferenceStream,
    StartOfCrossReference,
    Trailer,

    /// <summary>The beginnings of an object and of the stream in it, and their ends.</summary>
    Object,
    EndOfObject,
    Stream,

    /// <summary>What says that an object is elsewhere, such as <c>R</c> in <c>12 0 R</c>.</summary>
    Reference,

    /// <summary>What a stream holds other objects, how many, from where on, how long it is, and how they are coded.</summary>
    ObjectStream,
    Count,
    First,
    Length,
    Extends,
    Filter,
    Deflate,
    OtherCode,
    Predictor,
}
