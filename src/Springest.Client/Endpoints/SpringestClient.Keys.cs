using System.Net;
using Springest.Client.Http;
using Springest.Client.Reading;

namespace Springest.Client;

public partial class SpringestClient
{
    /// <summary>
    /// Asks the API whether it accepts a key, with one small request: a subject, or a certification for the key of those.
    /// </summary>
    /// <exception cref="SpringestException">The API could not be asked, or answered something else.</exception>
    public virtual async Task<KeyStatus> CheckKeyAsync(SpringestKey key = SpringestKey.General,
        CancellationToken cancellationToken = default)
    {
        var request = new SpringestRequest(HttpMethod.Get, key == SpringestKey.Certifications ? "certifications" : "subjects", key);
        try
        {
            await ReadAsync(
                request.With(offset: 0, size: 1), answer => ListReader.ReadRaw(answer, request.ListName, offset: 0), cancellationToken)
                    .ConfigureAwait(false);
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
