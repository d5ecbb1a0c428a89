namespace Springest.Functions.Status;

/// <summary>The dashboard's page: markup, style and script in one, out of the assembly.</summary>
public sealed class DashboardPage
{
    private readonly string _page = Read("dashboard.html").Replace("{{script}}", Read("dashboard.js"), StringComparison.Ordinal);

    /// <summary>The page whose style and script carry this nonce.</summary>
    public string With(string nonce) => _page.Replace("{{nonce}}", nonce, StringComparison.Ordinal);

    private static string Read(string name)
    {
        using var stream = typeof(DashboardPage).Assembly.GetManifestResourceStream(name)
            ?? throw new InvalidOperationException($"The resource {name} is not in the assembly.");
        using var reader = new StreamReader(stream);
        return reader.ReadToEnd();
    }
}
