using Microsoft.Extensions.Options;
using Springest.Functions.Tests.Infrastructure;

namespace Springest.Functions.Tests.Catalogue;

public sealed class MirrorOptionsTests(AzuriteFixture azurite)
{
    [Theory]
    [InlineData(
        "Trainings:FullPassInterval",
        "-00:00:01",
        "Springest__Mirror__Trainings__FullPassInterval is -00:00:01, but must be from 00:00:00 to 366.00:00:00."
    )]
    [InlineData(
        "Trainings:DeltaInterval",
        "-00:15:00",
        "Springest__Mirror__Trainings__DeltaInterval is -00:15:00, but must be from 00:00:00 to 366.00:00:00, or empty."
    )]
    [InlineData(
        "Reviews:FullPassInterval",
        "-7.00:00:00",
        "Springest__Mirror__Reviews__FullPassInterval is -7.00:00:00, but must be from 00:00:00 to 366.00:00:00."
    )]
    [InlineData(
        "Reviews:FullPassInterval",
        "367.00:00:00",
        "Springest__Mirror__Reviews__FullPassInterval is 367.00:00:00, but must be from 00:00:00 to 366.00:00:00."
    )]
    [InlineData("Prefetch", "0", "Springest__Mirror__Prefetch is 0, but must be from 1 to 32.")]
    [InlineData("TimeBudget", "00:00:00", "Springest__Mirror__TimeBudget is 00:00:00, but must be from 00:00:01 to 00:09:00.")]
    [InlineData("TimeBudget", "00:10:00", "Springest__Mirror__TimeBudget is 00:10:00, but must be from 00:00:01 to 00:09:00.")]
    [InlineData("LeaseDuration", "00:00:01", "Springest__Mirror__LeaseDuration is 00:00:01, but must be 00:00:02 or more.")]
    [InlineData("DeleteHoldShare", "1.5", "Springest__Mirror__DeleteHoldShare is 1.5, but must be from 0 to 1.")]
    [InlineData("DeleteHoldMinimum", "-1", "Springest__Mirror__DeleteHoldMinimum is -1, but must be 0 or more.")]
    [InlineData("SnapshotsKept", "-1", "Springest__Mirror__SnapshotsKept is -1, but must be 0 or more.")]
    public async Task A_wrong_setting_stops_the_app_with_a_sentence(string setting, string value, string sentence)
    {
        var failure = await Assert.ThrowsAnyAsync<OptionsValidationException>(
            () => TestApp.StartAsync(azurite.Azurite, settings: new() { [$"Springest:Mirror:{setting}"] = value }));

        Assert.Equal([sentence], failure.Failures);
    }
}
