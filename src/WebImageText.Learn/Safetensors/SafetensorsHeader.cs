using System.Text.Json;
using static TorchSharp.torch;

namespace WebImageText.Learn.Safetensors;

/// <summary>Where one tensor lies in a safetensors file.</summary>
/// <param name="Name">As the file has it.</param>
/// <param name="Type">Of its elements.</param>
/// <param name="Shape">Empty for a single number.</param>
/// <param name="Offset">First byte, counted from the start of the file.</param>
/// <param name="Length">Bytes.</param>
public sealed record TensorEntry(string Name, ScalarType Type, IReadOnlyList<long> Shape, long Offset, long Length);

/// <summary>
/// The JSON header of a safetensors file, checked as if an enemy had written it: every name once, every byte of the file in
/// exactly one tensor, every length what shape and type say.
/// </summary>
internal static class SafetensorsHeader
{
    /// <summary>Bytes of a header at most; the reference implementation's own limit.</summary>
    public const int MostBytes = 100_000_000;

    private const int MostDimensions = 8;

    /// <summary>The tensors in the order of their bytes, and the metadata.</summary>
    /// <param name="json">The header, perhaps with spaces after it.</param>
    /// <param name="dataStart">Where the header ends in the file.</param>
    /// <param name="fileLength">Bytes of the whole file.</param>
    /// <param name="path">For errors.</param>
    public static (List<TensorEntry> Tensors, Dictionary<string, string> Metadata) Parse(
        ReadOnlyMemory<byte> json, long dataStart, long fileLength, string path)
    {
        try
        {
            using var document = JsonDocument.Parse(json, new() { MaxDepth = 4, AllowDuplicateProperties = false });
            List<TensorEntry> tensors = [];
            Dictionary<string, string> metadata = [];
            foreach (var member in document.RootElement.EnumerateObject())
            {
                if (member.Name == "__metadata__")
                    metadata = member.Value.EnumerateObject().ToDictionary(entry => entry.Name, entry => entry.Value.GetString() ?? "");
                else
                    tensors.Add(Entry(member, dataStart, fileLength, path));
            }
            tensors.Sort((a, b) => (a.Offset, a.Length).CompareTo((b.Offset, b.Length)));
            CheckCover(tensors, dataStart, fileLength, path);
            return (tensors, metadata);
        }
        catch (Exception broken) when (broken is JsonException or InvalidOperationException or FormatException or KeyNotFoundException)
        {
            throw new SafetensorsException($"'{path}' has a damaged safetensors header: {broken.Message}", broken);
        }
    }

    private static TensorEntry Entry(JsonProperty member, long dataStart, long fileLength, string path)
    {
        var (name, value) = (member.Name, member.Value);
        var typeName = value.GetProperty("dtype").GetString() ?? "";
        if (TensorTypes.Find(typeName) is not { } type)
            throw new SafetensorsException($"'{path}', tensor '{name}': elements of type '{typeName}' are not read by this program.");
        long[] shape = [.. value.GetProperty("shape").EnumerateArray().Select(length => length.GetInt64())];
        long[] ends = [.. value.GetProperty("data_offsets").EnumerateArray().Select(offset => offset.GetInt64())];
        if (shape.Length > MostDimensions || Array.Exists(shape, length => length < 0))
            throw new SafetensorsException($"'{path}', tensor '{name}': a shape of {shape.Length} dimensions, or with a negative one.");
        if (ends is not [var begin, var end] || begin < 0 || end < begin || end > fileLength - dataStart)
            throw new SafetensorsException($"'{path}', tensor '{name}': its bytes are said to lie outside the file. It may have been cut off.");
        if (Bytes(shape, type.Bytes) is not { } needed || needed != end - begin)
            throw new SafetensorsException($"'{path}', tensor '{name}': {end - begin} bytes do not hold {typeName} [{string.Join(", ", shape)}].");
        return new(name, type.Type, shape, dataStart + begin, end - begin);
    }

    private static long? Bytes(long[] shape, int elementBytes)
    {
        var bytes = (Int128)elementBytes;
        foreach (var length in shape)
        {
            bytes *= length; // at most 2^126: the product so far is checked before the next factor
            if (bytes > long.MaxValue)
                return null;
        }
        return (long)bytes;
    }

    private static void CheckCover(List<TensorEntry> tensors, long dataStart, long fileLength, string path)
    {
        var at = dataStart;
        foreach (var tensor in tensors)
        {
            if (tensor.Offset != at)
                throw new SafetensorsException($"'{path}', tensor '{tensor.Name}': its bytes overlap another's, or leave a gap before them.");
            at += tensor.Length;
        }
        if (at != fileLength)
            throw new SafetensorsException($"'{path}': {fileLength - at} bytes at its end belong to no tensor.");
    }
}
