using System.Collections.Frozen;

namespace WebImageText.Learn.Text;

/// <summary>GPT-2's way to write any byte as a printable character, so that merges can stand in a text file.</summary>
internal static class ByteSymbols
{
    /// <summary>Bytes in the order of their token ids: those that print as they are first, then the rest.</summary>
    public static readonly byte[] InOrder =
    [
        .. Enumerable.Range(0, 256).Where(Prints).Select(value => (byte)value),
        .. Enumerable.Range(0, 256).Where(value => !Prints(value)).Select(value => (byte)value),
    ];

    /// <summary>The character of each id below 256.</summary>
    public static readonly char[] Characters =
        [.. InOrder.Select((value, id) => Prints(value) ? (char)value : (char)(256 + id - InOrder.Count(other => Prints(other))))];

    /// <summary>The id of each byte.</summary>
    public static readonly int[] IdOfByte = [.. Enumerable.Range(0, 256).Select(value => Array.IndexOf(InOrder, (byte)value))];

    /// <summary>The id of each character.</summary>
    public static readonly FrozenDictionary<char, int> IdOfCharacter =
        Characters.Select((character, id) => (character, id)).ToFrozenDictionary(pair => pair.character, pair => pair.id);

    private static bool Prints(int value) => value is >= '!' and <= '~' or >= 0xA1 and <= 0xAC or >= 0xAE and <= 0xFF;
}
