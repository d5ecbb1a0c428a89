namespace Springest.Functions.Webhooks.Parsing;

/// <summary>
/// What is said to have happened (docs/springest-api.md, sections 9.1 and 9.2). A hint only: the object is read again in any case.
/// </summary>
public enum WebhookAction
{
    Update,
    Import,
    Destroy,
}
