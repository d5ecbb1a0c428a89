namespace Springest.Functions.Certificates.Submission;

/// <summary>Another instance has changed a submission's row meanwhile; nothing was sent under it here.</summary>
internal sealed class RowChangedException() : Exception("Another instance has gone on with the submission.");
