using System.Globalization;

namespace WebImageText.Shards.Verify;

/// <summary>Follows the keys of one shard: its number, then rows from 0 without a gap but where a pair was taken down.</summary>
internal sealed class KeyOrder(string stem, IReadOnlySet<string> tombstones)
{
    private int _digits = -1;
    private long _next;

    /// <summary>What is wrong with this key in this place; null when nothing is.</summary>
    public string? Next(string key)
    {
        if (!key.StartsWith(stem, StringComparison.Ordinal) || (_digits >= 0 && key.Length != stem.Length + _digits)
            || !Row(key, out var row))
            return $"the key is not '{stem}' and a row";
        _digits = key.Length - stem.Length;
        if (row < _next)
            return "the key stands twice, or its members are not side by side";
        for (; _next < row; _next++)
            if (!tombstones.Contains(KeyOf(_next)))
            {
                var missing = KeyOf(_next);
                _next = row + 1;
                return $"the keys are not consecutive: {missing} is missing before it, and nothing says that it was taken down";
            }
        _next = row + 1;
        return null;
    }

    private bool Row(string key, out long row) =>
        long.TryParse(key.AsSpan(stem.Length), NumberStyles.None, CultureInfo.InvariantCulture, out row)
        || (row = 0, key.Length == stem.Length).Item2; // a shard of one sample has no digits for the row

    private string KeyOf(long row) => _digits == 0 ? stem : stem + row.ToString(CultureInfo.InvariantCulture).PadLeft(_digits, '0');
}
