namespace Springest.Functions.Certificates.Inspection;

/// <summary>What a name or word in a PDF stands for, as far as <see cref="PdfScanner"/> needs to know.</summary>
internal enum PdfToken
{
    Other,

    /// <summary>A number, or the beginning of a dictionary or text: what a name may stand before.</summary>
    Number,
    Opening,

    /// <summary>Says what an action does.</summary>
    Action,
    JavaScript,
    Launch,

    Type,
    EmbeddedFile,
    Files,
    Encrypt,

    Page,

    /// <summary>A table of the objects, the name of a stream that is one, and what says where the last of them is.</summary>
    CrossReference,
    CrossReferenceStream,
    StartOfCrossReference,

    /// <summary>The beginnings of an object and of the stream in it.</summary>
    Object,
    Stream,

    /// <summary>What a stream holds other objects, and how they are coded.</summary>
    ObjectStream,
    Filter,
    Deflate,
    OtherCode,
    Predictor,
}
