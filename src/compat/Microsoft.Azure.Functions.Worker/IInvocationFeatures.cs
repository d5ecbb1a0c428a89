namespace Microsoft.Azure.Functions.Worker;

/// <summary>Whatever host and middleware hand each other during one run, by type.</summary>
public interface IInvocationFeatures : IEnumerable<KeyValuePair<Type, object>>
{
    void Set<T>(T instance);

    T? Get<T>();
}
