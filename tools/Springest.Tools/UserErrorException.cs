namespace Springest.Tools;

/// <summary>A reason to stop that the person at the keyboard can act upon.</summary>
internal sealed class UserErrorException(string sentence) : Exception(sentence);
