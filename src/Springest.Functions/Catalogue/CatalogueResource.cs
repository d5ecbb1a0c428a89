namespace Springest.Functions.Catalogue;

/// <summary>What the mirror holds.</summary>
public enum CatalogueResource
{
    Trainings,
    Subjects,
    Certifications,
}
