namespace Springest.Deploy;

/// <summary>A reason to stop that the person at the keyboard can act upon.</summary>
internal sealed class Stop(string sentence) : Exception(sentence);
