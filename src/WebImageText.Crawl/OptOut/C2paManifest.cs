using System.Buffers.Binary;
using System.Formats.Cbor;
using System.Text;
using System.Text.Json;

namespace WebImageText.Crawl.OptOut;

/// <summary>Reads what a C2PA manifest store says about training and data mining.</summary>
/// <remarks>
/// C2PA 1.x, section "Training and data mining", now of CAWG: an assertion <c>c2pa.training-mining</c> or
/// <c>cawg.training-mining</c> in JUMBF boxes (ISO 19566-5), whose entries say <c>allowed</c>, <c>notAllowed</c> or
/// <c>constrained</c>. No signature is checked: a forged refusal costs an image, a forged permission changes nothing.
/// </remarks>
internal static class C2paManifest
{
    /// <summary>The value of a manifest that cannot be read: it says nothing.</summary>
    public const string Unreadable = "unreadable";

    private const int Deepest = 16;
    private const int MostEntries = 100;
    private const uint Superbox = 0x6A756D62; // jumb
    private const uint Description = 0x6A756D64; // jumd
    private const uint Cbor = 0x63626F72;
    private const uint Json = 0x6A736F6E;

    /// <summary>Every entry of every such assertion as <c>c2pa.ai_training=notAllowed</c>.</summary>
    /// <param name="boxes">The manifest store: JUMBF boxes.</param>
    public static List<string> TrainingEntries(ReadOnlySpan<byte> boxes)
    {
        var entries = new List<string>();
        if (!Walk(boxes, isAssertion: false, Deepest, entries))
            entries.Add(Unreadable);
        return entries;
    }

    /// <summary>An entry forbids training. A condition that we do not meet forbids it, too.</summary>
    public static bool IsRefusal(string entry)
    {
        var equals = entry.IndexOf('=');
        if (equals < 0)
            return false;
        var use = entry.AsSpan(equals + 1);
        var name = entry.AsSpan(0, equals);
        var forbids = use.Equals("notAllowed", StringComparison.OrdinalIgnoreCase)
            || use.Equals("constrained", StringComparison.OrdinalIgnoreCase);
        return forbids
            && name[(name.LastIndexOf('.') + 1)..] is "ai_training" or "ai_generative_training" or "data_mining" or "ai_inference";
    }

    // False when the boxes are damaged; what was read before stays.
    private static bool Walk(ReadOnlySpan<byte> boxes, bool isAssertion, int depth, List<string> entries)
    {
        while (!boxes.IsEmpty)
        {
            if (!TryBox(ref boxes, out var type, out var content))
                return false;
            if (type == Superbox)
            {
                if (depth == 0 || !TryBox(ref content, out var first, out var description) || first != Description)
                    return false;
                if (!Walk(content, IsTraining(description), depth - 1, entries))
                    return false;
            }
            else if (isAssertion && type == Cbor && !ReadCbor(content, entries))
            {
                return false;
            }
            else if (isAssertion && type == Json && !ReadJson(content, entries))
            {
                return false;
            }
        }
        return true;
    }

    private static bool TryBox(ref ReadOnlySpan<byte> boxes, out uint type, out ReadOnlySpan<byte> content)
    {
        type = 0;
        content = default;
        if (boxes.Length < 8)
            return false;
        ulong length = BinaryPrimitives.ReadUInt32BigEndian(boxes);
        type = BinaryPrimitives.ReadUInt32BigEndian(boxes[4..]);
        var header = 8;
        if (length == 1 && boxes.Length >= 16)
            (length, header) = (BinaryPrimitives.ReadUInt64BigEndian(boxes[8..]), 16);
        else if (length == 0)
            length = (ulong)boxes.Length;
        if (length < (ulong)header || length > (ulong)boxes.Length)
            return false;
        content = boxes[header..(int)length];
        boxes = boxes[(int)length..];
        return true;
    }

    // A type of 16 bytes, flags of which bit 1 says that a label follows, and the label up to its NUL.
    private static bool IsTraining(ReadOnlySpan<byte> description) => description.Length > 17 && (description[16] & 2) != 0
        && (description[17..].StartsWith("c2pa.training-mining"u8) || description[17..].StartsWith("cawg.training-mining"u8));

    private static bool ReadCbor(ReadOnlySpan<byte> content, List<string> entries)
    {
        try
        {
            var reader = new CborReader(content.ToArray(), CborConformanceMode.Lax);
            foreach (var key in Keys(reader))
            {
                if (key != "entries")
                {
                    reader.SkipValue();
                    continue;
                }
                foreach (var entry in Keys(reader))
                    ReadEntry(reader, entry, entries);
            }
            return true;
        }
        catch (Exception damage) when (damage is CborContentException or InvalidOperationException)
        {
            return false;
        }
    }

    private static void ReadEntry(CborReader reader, string name, List<string> entries)
    {
        foreach (var key in Keys(reader))
        {
            if (key == "use" && reader.PeekState() == CborReaderState.TextString)
                Add(entries, name, reader.ReadTextString());
            else
                reader.SkipValue();
        }
    }

    // The keys of the map that comes next; the caller reads or skips the value of each.
    private static IEnumerable<string> Keys(CborReader reader)
    {
        reader.ReadStartMap();
        while (reader.PeekState() != CborReaderState.EndMap)
            yield return reader.ReadTextString();
        reader.ReadEndMap();
    }

    private static bool ReadJson(ReadOnlySpan<byte> content, List<string> entries)
    {
        try
        {
            using var document = JsonDocument.Parse(Encoding.UTF8.GetString(content).TrimEnd('\0'));
            if (document.RootElement.ValueKind != JsonValueKind.Object
                || !document.RootElement.TryGetProperty("entries", out var all) || all.ValueKind != JsonValueKind.Object)
                return true;
            foreach (var entry in all.EnumerateObject())
            {
                if (entry.Value.ValueKind == JsonValueKind.Object && entry.Value.TryGetProperty("use", out var use)
                    && use.ValueKind == JsonValueKind.String)
                    Add(entries, entry.Name, use.GetString()!);
            }
            return true;
        }
        catch (Exception damage) when (damage is JsonException or InvalidOperationException)
        {
            return false;
        }
    }

    private static void Add(List<string> entries, string name, string use)
    {
        if (entries.Count < MostEntries)
            entries.Add($"{name}={use}");
    }
}
