namespace Springest.Functions.Catalogue;

/// <summary>What happened to a record.</summary>
public enum ChangeKind
{
    Created,
    Updated,
    Deleted,
}
