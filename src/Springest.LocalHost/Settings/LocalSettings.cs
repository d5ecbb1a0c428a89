namespace Springest.LocalHost.Settings;

/// <summary>Reads a local.settings.json: <c>{ "IsEncrypted": false, "Values": { "Name": "value" } }</c>.</summary>
public static class LocalSettings
{
    /// <summary>Adds the file's values. A double underscore in a name stands for a colon.</summary>
    /// <param name="builder">Takes the values.</param>
    /// <param name="file">The file.</param>
    /// <exception cref="HostException">The file cannot be read, or is not what it should be.</exception>
    public static IConfigurationBuilder AddLocalSettings(this IConfigurationBuilder builder, string file)
    {
        var json = ReadJson(file);
        var values = json.GetSection("Values").AsEnumerable(makePathsRelative: true).ToList();
        if (values.Count == 0)
            throw new HostException($$"""{{file}} must look like { "IsEncrypted": false, "Values": { "Name": "value" } }.""");
        if (json["IsEncrypted"] is "True")
            throw new HostException($"{file} is encrypted. Only plain files can be read; set IsEncrypted to false.");
        return builder.AddInMemoryCollection(
            values.Select(value => KeyValuePair.Create(value.Key.Replace("__", ":", StringComparison.Ordinal), value.Value)));
    }

    internal static IConfigurationRoot ReadJson(string file)
    {
        try
        {
            return new ConfigurationBuilder().AddJsonFile(Path.GetFullPath(file)).Build();
        }
        catch (Exception exception) when (exception is IOException or InvalidDataException)
        {
            throw new HostException($"{file} cannot be read. {exception.GetBaseException().Message}", exception);
        }
    }
}
