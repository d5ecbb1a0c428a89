namespace Springest.LocalHost.Settings;

/// <summary>Reads JSON files that people write.</summary>
internal static class JsonSettings
{
    /// <exception cref="HostException">The file is not there, or no JSON object; the message names it and the line.</exception>
    public static IConfigurationRoot Read(string file)
    {
        try
        {
            return new ConfigurationBuilder().AddJsonFile(Path.GetFullPath(file)).Build();
        }
        catch (Exception exception) when (exception is IOException or InvalidDataException)
        {
            throw new HostException($"{file} cannot be read. {exception.InnerException?.Message ?? exception.Message}", exception);
        }
    }
}
