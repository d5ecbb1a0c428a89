using Xunit.Sdk;
using Xunit.v3;

/// <summary>
/// Starts the classes that take longest first, so that none of them is left running alone at the end. A project that needs it names them in
/// a class of its own, which its attribute TestCollectionOrderer names.
/// </summary>
/// <param name="classes">The longest first; each by the end of its name, with as much before it as no other class has.</param>
internal abstract class LongestFirst(params string[] classes) : ITestCollectionOrderer
{
    public IReadOnlyCollection<TTestCollection> OrderTestCollections<TTestCollection>(IReadOnlyCollection<TTestCollection> testCollections)
        where TTestCollection : ITestCollection
        => [.. testCollections.OrderBy(collection => PlaceOf(collection.TestCollectionDisplayName))];

    private int PlaceOf(string collection)
    {
        var place = Array.FindIndex(classes, name => collection.Contains(name, StringComparison.Ordinal));
        return place < 0 ? classes.Length : place;
    }
}
