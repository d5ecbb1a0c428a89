namespace Springest.Tools;

/// <summary>A reason to stop that the person at the keyboard can act upon.</summary>
internal class UserErrorException(string sentence) : Exception(sentence);
