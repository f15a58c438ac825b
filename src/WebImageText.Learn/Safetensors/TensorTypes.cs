using static TorchSharp.torch;

namespace WebImageText.Learn.Safetensors;

/// <summary>The element types of safetensors files that libtorch has too.</summary>
internal static class TensorTypes
{
    // The order of safetensors' own enumeration: files are laid out by it, widest first.
    private static readonly (string Name, ScalarType Type, int Bytes)[] All =
    [
        ("BOOL", ScalarType.Bool, 1), ("U8", ScalarType.Byte, 1), ("I8", ScalarType.Int8, 1), ("I16", ScalarType.Int16, 2),
        ("F16", ScalarType.Float16, 2), ("BF16", ScalarType.BFloat16, 2), ("I32", ScalarType.Int32, 4),
        ("F32", ScalarType.Float32, 4), ("F64", ScalarType.Float64, 8), ("I64", ScalarType.Int64, 8),
    ];

    /// <summary>The type of a name such as <c>F32</c> and the bytes of one element, or null where it is not one of ours.</summary>
    public static (ScalarType Type, int Bytes)? Find(string name) =>
        Array.Find(All, entry => entry.Name == name) is { Name: not null } found ? (found.Type, found.Bytes) : null;

    /// <summary>Name, bytes of one element, and place in a file: higher stands earlier.</summary>
    public static (string Name, int Bytes, int Order) Of(ScalarType type)
    {
        var at = Array.FindIndex(All, entry => entry.Type == type);
        return at >= 0 ? (All[at].Name, All[at].Bytes, at) : throw new SafetensorsException($"Tensors of type {type} have no form in safetensors.");
    }
}
