namespace Springest.Functions.Catalogue;

/// <summary>What the mirror holds.</summary>
public enum CatalogueResource
{
    Trainings,
    Institutes,
    Categories,
    Subjects,
    Reviews,
    Certifications,
}
