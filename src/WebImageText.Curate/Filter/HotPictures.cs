using System.Globalization;
using System.IO.Hashing;
using System.Runtime.InteropServices;

namespace WebImageText.Curate.Filter;

/// <summary>
/// Finds placeholders: one picture that was found under many addresses with many texts. Every pair that was found is counted first,
/// copies that were dropped included; then those that are kept are judged, so it works backwards too.
/// </summary>
/// <param name="mostTexts">Different texts that one picture may have. Default 10, as COYO-700M allows a text ten times; no data set publishes a limit.</param>
public sealed class HotPictures(int mostTexts = 10)
{
    private readonly Dictionary<UInt128, HashSet<ulong>> _texts = [];

    /// <summary>Counts a pair that was found.</summary>
    /// <param name="sha256">Of the image as served, hexadecimal.</param>
    /// <param name="text">Its caption.</param>
    public void Count(string sha256, string text)
    {
        ref var texts = ref CollectionsMarshal.GetValueRefOrAddDefault(_texts, Key(sha256), out _);
        texts ??= [];
        if (texts.Count <= mostTexts) // one more than allowed is enough to know
            texts.Add(XxHash3.HashToUInt64(MemoryMarshal.AsBytes(text.AsSpan())));
    }

    /// <summary>The picture has more texts than a picture has.</summary>
    public bool IsHot(string sha256) => _texts.TryGetValue(Key(sha256), out var texts) && texts.Count > mostTexts;

    private static UInt128 Key(string sha256) => UInt128.Parse(sha256.AsSpan(0, 32), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture);
}
