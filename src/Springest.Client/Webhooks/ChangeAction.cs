namespace Springest.Client;

/// <summary>What a webhook says happened (docs/springest-api.md, sections 9.1 and 9.2). A hint only: read the object again.</summary>
public enum ChangeAction
{
    /// <summary>It was added or changed.</summary>
    Update,

    /// <summary>An import ended that may have changed all trainings of the institute.</summary>
    Import,

    /// <summary>It was removed from the API.</summary>
    Destroy,
}
