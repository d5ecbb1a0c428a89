using System.Net;
using System.Net.Sockets;

namespace Springest.Functions.Webhooks;

/// <summary>Addresses and networks (CIDR) of either family, separated by commas.</summary>
internal sealed class AddressList
{
    private readonly List<IPNetwork> _networks = [];

    /// <exception cref="FormatException">One of them is neither; the message is its text.</exception>
    public AddressList(string? list)
    {
        foreach (var text in (list ?? "").Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries))
        {
            if (IPNetwork.TryParse(text, out var network))
                _networks.Add(network);
            else if (IPAddress.TryParse(text, out var address))
                _networks.Add(new IPNetwork(address, address.AddressFamily is AddressFamily.InterNetwork ? 32 : 128));
            else
                throw new FormatException(text);
        }
    }

    public bool IsEmpty => _networks.Count == 0;

    public bool Contains(IPAddress address)
    {
        var plain = address.IsIPv4MappedToIPv6 ? address.MapToIPv4() : address;
        return _networks.Exists(network => network.Contains(plain));
    }
}
