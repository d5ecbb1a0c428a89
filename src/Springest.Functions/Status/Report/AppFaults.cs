using Springest.Functions.Access;

namespace Springest.Functions.Status.Report;

/// <summary>What is wrong with the app itself; told also when nothing else can be.</summary>
public sealed class AppFaults(FunctionFailures failures, AccessKeys access)
{
    public async Task<IReadOnlyList<AttentionItem>> ListAsync(CancellationToken cancellationToken)
        => [
            .. await access.FindFaultAsync(cancellationToken) is { } fault
                ? (AttentionItem[])[new(TodoKinds.AppNotConfigured, "", AccessKey.Secret, fault, null)] : [],
            .. await failures.ListAsync(cancellationToken),
        ];
}
