using Springest.Functions.Tests.Infrastructure;

[assembly: TestCollectionOrderer(typeof(Order))]

namespace Springest.Functions.Tests.Infrastructure;

internal sealed class Order() : LongestFirst(
    "WebhookDeleteTests",
    "WebhookApplyTests",
    "ForgetKillTests",
    "ForgetFilesTests",
    "WebhookSimulationTests",
    "ListCorpusTests",
    "StalenessTests",
    "ForgetTests",
    "ManifestTests",
    "WebhookInstituteTests",
    "SendingTests",
    "WebhookDiscardTests",
    "DecidingTests",
    "SnapshotTests",
    "AccessibilityTests",
    "ConsoleTests",
    "DeleteGuardTests",
    "StopTests",
    "MirrorTests",
    "BlobKindsTests",
    "RefusingTests",
    "HeldWorkTests",
    "AcceptingTests",
    "OnceOnlyTests",
    "ChaosTests",
    "DoubtTests",
    "LateAnswerTests",
    "QuotaInstancesTests",
    "StorageAwayTests");
