using Microsoft.Extensions.Configuration;
using Springest.LocalHost;
using Springest.LocalHost.Settings;

namespace Springest.Tools;

/// <summary>A person's own settings of the app.</summary>
internal static class AppSettings
{
    public const string FileName = "local.settings.json";

    /// <exception cref="UserErrorException">The file is not there, or is not what it should be.</exception>
    public static IConfiguration Read(string file)
    {
        if (!File.Exists(file))
            throw new UserErrorException(
                $"{file} is not there. Copy local.settings.sample.json to {FileName} and fill in your site's key.");
        try
        {
            return new ConfigurationBuilder().AddLocalSettings(file).Build();
        }
        catch (HostException exception)
        {
            throw new UserErrorException(exception.Message);
        }
    }
}
