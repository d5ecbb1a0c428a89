using System.Net;
using Springest.Testing.Catalogue;

namespace Springest.Testing.Webhooks;

/// <summary>Posts webhooks to the app as a process.</summary>
internal static class WebhookPosts
{
    private static readonly HttpClient Http = new() { DefaultRequestHeaders = { { "x-functions-key", MirrorProcess.FunctionKey } } };

    /// <summary>Posts a webhook about trainings, and returns the status of the answer.</summary>
    public static async Task<HttpStatusCode> PostWebhookAsync(this AppProcess app, byte[] body, CancellationToken cancellationToken)
    {
        using var content = new ByteArrayContent(body) { Headers = { ContentType = new("application/json") } };
        using var answer = await Http.PostAsync(new Uri(app.Address, "api/webhooks/nl/trainings"), content, cancellationToken);
        return answer.StatusCode;
    }

    /// <summary>Posts a webhook that must be taken.</summary>
    public static async Task DeliverWebhookAsync(this AppProcess app, byte[] body, CancellationToken cancellationToken)
    {
        if (await app.PostWebhookAsync(body, cancellationToken) is var status and not HttpStatusCode.OK)
            throw new InvalidOperationException($"The webhook was answered {(int)status}.");
    }
}
