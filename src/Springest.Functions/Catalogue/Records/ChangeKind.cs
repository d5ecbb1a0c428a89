namespace Springest.Functions.Catalogue.Records;

/// <summary>What happened to a record.</summary>
public enum ChangeKind
{
    Created,
    Updated,
    Deleted,
}
