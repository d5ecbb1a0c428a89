using System.Reflection;
using System.Runtime.CompilerServices;
using Springest.Functions.Certificates;

namespace Springest.Functions.Tests.Conventions;

/// <summary>What a newcomer to the certificates has to keep in mind at once.</summary>
public sealed class SizeTests
{
    private const int MostOfAConstructor = 8;
    private const int MostOfAMethod = 5;

    private static readonly List<Type> _types =
    [
        .. typeof(CertificatesOptions).Assembly.GetTypes().Where(type =>
            type.Namespace?.StartsWith(typeof(CertificatesOptions).Namespace!, StringComparison.Ordinal) == true
            && !type.IsDefined(typeof(CompilerGeneratedAttribute)) && !IsRecord(type)),
    ];

    [Fact]
    public void A_constructor_has_few_parameters()
        => Assert.All(
            _types.SelectMany(type => type.GetConstructors(BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.Instance)),
            constructor => Assert.True(
                constructor.GetParameters().Length <= MostOfAConstructor, $"{constructor.DeclaringType} has {constructor}"));

    /// <summary>The messages of the log are sentences, whose words are parameters; and every method may be cancelled.</summary>
    [Fact]
    public void A_method_has_few_parameters()
        => Assert.All(
            _types.Where(type => type.Name != "Log").SelectMany(type => type.GetMethods(
                BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.Instance | BindingFlags.Static | BindingFlags.DeclaredOnly)),
            method => Assert.True(
                method.GetParameters().Count(parameter => parameter.ParameterType != typeof(CancellationToken)) <= MostOfAMethod,
                $"{method.DeclaringType} has {method}"));

    private static bool IsRecord(Type type) => type.GetMethod("<Clone>$") is not null || type.GetMethod("PrintMembers") is not null;
}
