namespace Springest.Client.Tests;

/// <summary>Writes with everything that the recorded requests hold.</summary>
internal static class Uploads
{
    public static UserRequest User { get; } = new()
    {
        Email = "deelnemer@example.test",
        ExternalId = "E-1001",
        Gender = Gender.Female,
        FirstName = "Noor",
        LastName = "Voorbeeld",
        PhoneNumber = "",
        Birthdate = new DateOnly(1990, 4, 5),
        HouseNumber = "12 b",
        ZipCode = "1234 AB",
        City = "Utrecht",
        Country = "NL",
        Active = true,
        JobTitle = "Planner",
        DepartmentName = "Logistiek",
        BusinessUnit = "NL-Noord",
        CostCenter = "00420",
        CostCenterName = "Magazijn",
        Approvers = new[] { new Approver { Email = "leiding@example.test", Label = "Manager", CanApprove = true } },
        Tags = new[] { "nieuw", "magazijn" },
        EmploymentStartDate = new DateOnly(2022, 9, 1),
    };

    public static BookingRequest Booking { get; } = new()
    {
        FirstName = "Noor",
        LastName = "Voorbeeld",
        Email = "deelnemer@example.test",
        PhoneNumber = "0300000000",
        Birthdate = new DateOnly(1990, 4, 5),
        Birthplace = "Gouda",
        CompanyName = "Proef BV",
        Address = "Dorpsstraat",
        HouseNumber = "12b",
        ZipCode = "1234 AB",
        City = "Utrecht",
        CostCenter = "00420",
        Message = "Graag vegetarisch",
        StartingDateplaceId = 8800001,
    };

    public static StartingDatePlaceRequest Start { get; } = new()
    {
        Date = new DateOnly(2024, 6, 4),
        EndDate = new DateOnly(2024, 6, 5),
        Place = "Utrecht",
        MinimumNumberOfSeats = 4,
        MaximumNumberOfSeats = 12,
        AvailableNumberOfSeats = 12,
        GuaranteedStart = false,
    };

    public static ReviewFormRequest ReviewRequest { get; } = new()
    {
        Email = "deelnemer@example.test",
        FirstName = "Noor",
        LastName = "Voorbeeld",
        TrainingId = 700123,
        Rating = 9,
        Description = "Goede dag gehad",
        TrainingCompletedAt = new DateOnly(2024, 3, 12),
    };

    public static CertificateUpload Certificate(long certification = 3101) => new()
    {
        CertificationId = certification,
        Email = "deelnemer@example.test",
        ValidFrom = new DateOnly(2026, 1, 2),
        ValidUntil = new DateOnly(2029, 1, 2),
        BookingId = 610001,
        FileName = "diploma.pdf",
        Content = new MemoryStream("%PDF-1.4 %%EOF"u8.ToArray()),
    };
}
