namespace Springest.Functions.Settings;

/// <summary>The settings do not let the app start. The message says which, and what would be right.</summary>
public sealed class SettingsException(string message) : Exception(message);
