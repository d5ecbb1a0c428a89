using Microsoft.AspNetCore.Http;
using Springest.Simulator.Http;

namespace Springest.Simulator.Control;

/// <summary>A path below <c>/_simulator</c>, and what is said of it there.</summary>
internal sealed record ControlRoute(string Method, string Pattern, string Summary, Func<ControlCall, Task<object?>> Handle)
{
    private readonly PathPattern _pattern = new(Pattern);

    public ControlRoute(string method, string pattern, string summary, Func<ControlCall, object?> handle)
        : this(method, pattern, summary, call => Task.FromResult(handle(call)))
    {
    }

    public Dictionary<string, string>? Match(HttpRequest request, string[] path) => request.Method == Method ? _pattern.Match(path) : null;
}
