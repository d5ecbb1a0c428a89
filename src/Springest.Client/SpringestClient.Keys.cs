using System.Net;
using Springest.Client.Http;
using Springest.Client.Json;

namespace Springest.Client;

public sealed partial class SpringestClient
{
    /// <summary>
    /// Asks the API whether it accepts a key, with one small request: a subject, or a certification for the key of those.
    /// </summary>
    /// <exception cref="SpringestException">The API could not be asked, or answered something else.</exception>
    public async Task<KeyStatus> CheckKeyAsync(SpringestKey key = SpringestKey.General, CancellationToken cancellationToken = default)
    {
        var request = new SpringestRequest(HttpMethod.Get, key == SpringestKey.Certifications ? "certifications" : "subjects", key);
        try
        {
            await AskAsync(
                request.With(offset: 0, size: 1),
                (call, answer) => AnswerReader.ReadList(call, answer, request.ListName, SpringestJson.Default.NamedId, record => record.Id).Items.Count,
                cancellationToken).ConfigureAwait(false);
            return KeyStatus.Valid;
        }
        catch (SpringestException e) when (e.Status == HttpStatusCode.Unauthorized)
        {
            return KeyStatus.Unknown;
        }
        catch (SpringestException e) when (e.Status == HttpStatusCode.Forbidden && !e.OverServerRate)
        {
            return KeyStatus.Forbidden;
        }
    }
}
