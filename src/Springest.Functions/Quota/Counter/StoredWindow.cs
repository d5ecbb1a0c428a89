using Azure;

namespace Springest.Functions.Quota.Counter;

/// <summary>The entity of one site and key.</summary>
/// <param name="Ring">The permits of all classes, by slot; empty if the entity holds none, or is gone.</param>
/// <param name="Webhooks">Those of webhooks; empty if it was written by a version of the app that did not count them apart.</param>
/// <param name="ETag">Changes with each write; default if the entity is gone.</param>
/// <param name="Written">When it was written, by the service's clock.</param>
internal sealed record StoredWindow(byte[] Ring, byte[] Webhooks, ETag ETag, DateTimeOffset Written);
