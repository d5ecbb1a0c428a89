using System.Security.Cryptography;
using System.Text;

namespace Azure.Data.Tables;

/// <summary>An account's name and key. The key may be exchanged while clients use it.</summary>
public class TableSharedKeyCredential
{
    private volatile byte[] _key = [];

    public TableSharedKeyCredential(string accountName, string accountKey)
    {
        ArgumentException.ThrowIfNullOrEmpty(accountName);
        AccountName = accountName;
        SetAccountKey(accountKey);
    }

    public string AccountName { get; }

    public void SetAccountKey(string accountKey)
    {
        ArgumentException.ThrowIfNullOrEmpty(accountKey);
        _key = Convert.FromBase64String(accountKey);
    }

    internal string Sign(string text) => Convert.ToBase64String(HMACSHA256.HashData(_key, Encoding.UTF8.GetBytes(text)));
}
