using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;
using Springest.Functions.Certificates.Api;
using Springest.Functions.Certificates.Copies;
using Springest.Functions.Certificates.Drop;
using Springest.Functions.Certificates.Erasure;
using Springest.Functions.Certificates.Intake;
using Springest.Functions.Certificates.Ledger;
using Springest.Functions.Certificates.Manifests;
using Springest.Functions.Certificates.Metadata;
using Springest.Functions.Certificates.Rejections;
using Springest.Functions.Certificates.Reports;
using Springest.Functions.Certificates.Submission;
using Springest.Functions.Certificates.Uploads;
using Springest.Functions.Privacy;
using Springest.Functions.Settings;
using Springest.Functions.Storage;

namespace Springest.Functions.Certificates;

public static class CertificatesServiceCollectionExtensions
{
    /// <summary>Adds what takes certificates from the drop to Springest.</summary>
    public static IServiceCollection AddCertificates(this IServiceCollection services, IConfiguration configuration)
    {
        services.AddSettings<CertificatesOptions>(configuration, "Certificates");
        services.AddSingleton<IValidateOptions<CertificatesOptions>, CertificatesOptionsValidator>();
        services.AddTables(
            CertificateStorage.Submissions, CertificateStorage.Open, CertificateStorage.Index, CertificateStorage.Guards,
            CertificateStorage.State, CertificateStorage.Key, CertificateStorage.Manifests);
        services.AddContainers(CertificateStorage.Exports);
        services.AddSingleton<CertificateContainers>();
        services.AddSingleton<IStoragePart>(provider => provider.GetRequiredService<CertificateContainers>());
        return services
            .AddSingleton<OrphanedSubmissions>()
            .AddSingleton<CertificateBacklog>()
            .AddSingleton<CertificateDecisions>()
            .AddSingleton<DropContainer>()
            .AddSingleton<FileOutcomeRecorder>()
            .AddSingleton<CertificateImport>()
            .AddSingleton<CertificateLedger>()
            .AddSingleton<CertificateMetrics>()
            .AddSingleton<FileMover>()
            .AddSingleton<CertificateSubmitter>()
            .AddSingleton<DropSweeper>()
            .AddSingleton<CertificateVerification>()
            .AddSingleton<CertificationNameIndex>()
            .AddSingleton<FieldValidator>()
            .AddSingleton<LedgerIndex>()
            .AddSingleton<ManifestImport>()
            .AddSingleton<ManifestParser>()
            .AddSingleton<ManifestProgress>()
            .AddSingleton<ManifestReader>()
            .AddSingleton<MetadataWaitPolicy>()
            .AddSingleton<MetadataReader>()
            .AddSingleton<Sentences>()
            .AddSingleton<CertificateAttention>()
            .AddSingleton<CertificateSender>()
            .AddSingleton<DuplicateGuard>()
            .AddSingleton<FileChecker>()
            .AddSingleton<LedgerCounters>()
            .AddSingleton<LedgerExport>()
            .AddSingleton<LedgerKeys>()
            .AddSingleton<LedgerRestore>()
            .AddSingleton<OpenRows>()
            .AddSingleton<RejectionCloser>()
            .AddSingleton<RejectionSheets>()
            .AddSingleton<SendingGate>()
            .AddSingleton<SubmissionClaims>()
            .AddSingleton<SubmissionLog>()
            .AddSingleton<SubmissionReconciler>()
            .AddSingleton<SubmissionStateMachine>()
            .AddSingleton<CertificateFiles>()
            .AddSingleton<LedgerStubs>()
            .AddSingleton<IPersonalData, LedgerPeople>()
            .AddSingleton<IPersonalData, OpenRowPeople>()
            .AddSingleton<IPersonalData, FilePeople>()
            .AddSingleton<IPersonalData, PoisonedPeople>()
            .AddSingleton<IRetention, CertificateRetention>()
            .AddSingleton<UploadCheck>()
            .AddSingleton<UploadStore>();
    }
}
