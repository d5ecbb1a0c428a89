namespace Springest.Simulator.Recording;

/// <summary>The certificates that were posted, in order.</summary>
public sealed class CertificateLog
{
    private readonly Lock _lock = new();
    private readonly List<PostedCertificate> _certificates = [];
    private long _nextId = 44001;

    /// <summary>How many there are.</summary>
    public int Count
    {
        get
        {
            lock (_lock)
                return _certificates.Count;
        }
    }

    /// <summary>The certificates so far.</summary>
    public IReadOnlyList<PostedCertificate> Snapshot()
    {
        lock (_lock)
            return [.. _certificates];
    }

    /// <summary>Forgets them; ids go on counting.</summary>
    public void Clear()
    {
        lock (_lock)
            _certificates.Clear();
    }

    internal PostedCertificate Add(Func<long, PostedCertificate> create)
    {
        lock (_lock)
        {
            var certificate = create(_nextId++);
            _certificates.Add(certificate);
            return certificate;
        }
    }
}
