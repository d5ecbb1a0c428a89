using Azure.Data.Tables.Transactions;
using Azure.Data.Tables.Wire;

namespace Azure.Data.Tables;

public partial class TableClient
{
    /// <summary>Does all of the writes or none: at most 100, of different entities in one partition.</summary>
    /// <returns>One response for each action, in their order.</returns>
    /// <exception cref="TableTransactionFailedException">The service refused one of them, and so did nothing.</exception>
    public virtual async Task<Response<IReadOnlyList<Response>>> SubmitTransactionAsync(
        IEnumerable<TableTransactionAction> transactionActions, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(transactionActions);
        var actions = transactionActions.ToList();
        if (actions.Count == 0)
            throw new InvalidOperationException("A transaction needs at least one action.");

        using var message = TransactionRequest.Create(_endpoint, _requests, actions);
        var response = await _endpoint.SendAsync(message, cancellationToken).ConfigureAwait(false);
        var parts = await TransactionResponse.ReadAsync(response, cancellationToken).ConfigureAwait(false);
        if (parts.FirstOrDefault(part => part.Status >= 400) is { } failure)
            throw new TableTransactionFailedException(new RequestFailedException(failure, null, TableErrorParser.Instance));
        return Response.FromValue<IReadOnlyList<Response>>(parts, response);
    }
}
