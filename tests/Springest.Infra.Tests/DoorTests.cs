using System.Reflection;
using Microsoft.Azure.Functions.Worker;
using Springest.Functions;

namespace Springest.Infra.Tests;

/// <summary>Which key opens which address.</summary>
public sealed class DoorTests
{
    private static readonly string[] Open = ["dashboard", "health"];

    public static TheoryData<string, AuthorizationLevel> Addresses
    {
        get
        {
            var data = new TheoryData<string, AuthorizationLevel>();
            foreach (var trigger in typeof(SpringestFunctions).Assembly.GetTypes().SelectMany(type => type.GetMethods())
                .Where(method => method.GetCustomAttribute<FunctionAttribute>() is not null)
                .SelectMany(method => method.GetParameters())
                .Select(parameter => parameter.GetCustomAttribute<HttpTriggerAttribute>()).OfType<HttpTriggerAttribute>())
                data.Add(trigger.Route!, trigger.AuthLevel);
            return data;
        }
    }

    [Theory]
    [MemberData(nameof(Addresses))]
    public void It_is_opened_by_the_least_key_that_is_right(string route, AuthorizationLevel level)
        => Assert.Equal(
            Open.Contains(route) ? AuthorizationLevel.Anonymous
            : route.StartsWith("manage/", StringComparison.Ordinal) ? AuthorizationLevel.Admin
            : AuthorizationLevel.Function,
            level);
}
