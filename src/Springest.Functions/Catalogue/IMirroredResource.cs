namespace Springest.Functions.Catalogue;

/// <summary>By this the mirror finds a resource. Its class holds the description, and the timer beside it.</summary>
public interface IMirroredResource
{
    static abstract ResourceDescription Description { get; }
}
