using Microsoft.Extensions.Options;
using Springest.Functions.Tests.Infrastructure;

namespace Springest.Functions.Tests.Catalogue;

public sealed class MirrorOptionsTests(AzuriteFixture azurite)
{
    [Theory]
    [InlineData(
        "Trainings:FullPassInterval",
        "-00:00:01",
        "Springest__Mirror__Trainings__FullPassInterval is '-00:00:01'; it must be 0 to 366 days."
    )]
    [InlineData(
        "Trainings:DeltaInterval",
        "-00:15:00",
        "Springest__Mirror__Trainings__DeltaInterval is '-00:15:00'; it must be 0 to 366 days, or empty."
    )]
    [InlineData(
        "Reviews:FullPassInterval",
        "-7.00:00:00",
        "Springest__Mirror__Reviews__FullPassInterval is '-7.00:00:00'; it must be 0 to 366 days."
    )]
    [InlineData(
        "Reviews:FullPassInterval",
        "367.00:00:00",
        "Springest__Mirror__Reviews__FullPassInterval is '367.00:00:00'; it must be 0 to 366 days."
    )]
    [InlineData("Prefetch", "0", "Springest__Mirror__Prefetch is '0'; it must be 1 to 32.")]
    [InlineData("TimeBudget", "00:00:00", "Springest__Mirror__TimeBudget is '00:00:00'; it must be 1 second to 9 minutes.")]
    [InlineData("TimeBudget", "00:10:00", "Springest__Mirror__TimeBudget is '00:10:00'; it must be 1 second to 9 minutes.")]
    [InlineData("LeaseDuration", "00:00:01", "Springest__Mirror__LeaseDuration is '00:00:01'; it must be 2 seconds to 1 hour.")]
    [InlineData("LeaseDuration", "01:00:01", "Springest__Mirror__LeaseDuration is '01:00:01'; it must be 2 seconds to 1 hour.")]
    [InlineData("ChangesKept", "6.00:00:00", "Springest__Mirror__ChangesKept is '6.00:00:00'; it must be 7 to 36500 days.")]
    [InlineData("DeleteHoldShare", "1.5", "Springest__Mirror__DeleteHoldShare is '1.5'; it must be 0 to 1.")]
    [InlineData("DeleteHoldMinimum", "-1", "Springest__Mirror__DeleteHoldMinimum is '-1'; it must be 0 or more.")]
    [InlineData("SnapshotsKept", "-1", "Springest__Mirror__SnapshotsKept is '-1'; it must be 0 or more.")]
    public async Task A_wrong_setting_stops_the_app_with_a_sentence(string setting, string value, string sentence)
    {
        var failure = await Assert.ThrowsAnyAsync<OptionsValidationException>(
            () => TestApp.StartAsync(azurite.Azurite, settings: new() { [$"Springest:Mirror:{setting}"] = value }));

        Assert.Equal([sentence], failure.Failures);
    }
}
