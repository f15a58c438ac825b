namespace WebImageText.Curate.Dedup.Descriptors;

/// <summary>
/// Reads an ONNX file as protobuf before ONNX Runtime does, and refuses what a detector never needs and a hostile file may use:
/// weights in other files (their names may point anywhere), functions, operators that are not ONNX's own, deep nesting.
/// </summary>
/// <remarks>Field numbers: onnx.proto3 of ONNX 1.x, which never change.</remarks>
internal static class OnnxCheck
{
    private const int Deepest = 8;

    private enum Message { Model, Graph, Node, Attribute, Tensor, SparseTensor }

    /// <summary>What is wrong with a model, or null.</summary>
    public static string? Find(ReadOnlySpan<byte> model)
    {
        var hasGraph = false;
        return Walk(Message.Model, model, 0, ref hasGraph) ?? (hasGraph ? null : "it has no graph: this is no ONNX model");
    }

    private static string? Walk(Message kind, ReadOnlySpan<byte> bytes, int depth, ref bool hasGraph)
    {
        if (depth > Deepest)
            return "its graphs are nested too deep";
        for (var at = 0; at < bytes.Length;)
        {
            if (!TryTake(bytes, ref at, out var field, out var number, out var length) || field == 0)
                return "it is no protobuf, or it is cut off";
            var inside = bytes.Slice(at - length, length);
            switch (kind, field)
            {
                case (Message.Model, 25):
                    return "it defines functions of its own";
                case (Message.Tensor, 13):
                case (Message.Tensor, 14) when number != 0:
                    return "it keeps weights in another file";
                case (Message.Node, 7) when length > 0 && !inside.SequenceEqual("ai.onnx"u8):
                    return "it uses operators that are not ONNX's own";
            }
            if (Child(kind, field) is not { } child)
                continue;
            hasGraph |= child == Message.Graph;
            if (Walk(child, inside, depth + 1, ref hasGraph) is { } wrong)
                return wrong;
        }
        return null;
    }

    private static Message? Child(Message kind, ulong field) => (kind, field) switch
    {
        (Message.Model, 7) => Message.Graph,
        (Message.Graph, 1) => Message.Node,
        (Message.Graph, 5) => Message.Tensor,
        (Message.Graph, 15) => Message.SparseTensor,
        (Message.Node, 5) => Message.Attribute,
        (Message.Attribute, 5) or (Message.Attribute, 10) => Message.Tensor,
        (Message.Attribute, 6) or (Message.Attribute, 11) => Message.Graph,
        (Message.Attribute, 22) or (Message.Attribute, 23) => Message.SparseTensor,
        (Message.SparseTensor, 1) or (Message.SparseTensor, 2) => Message.Tensor,
        _ => null,
    };

    // One field: afterwards, at stands behind it; length bytes before that are a message or a text.
    private static bool TryTake(ReadOnlySpan<byte> bytes, ref int at, out ulong field, out ulong number, out int length)
    {
        (number, length) = (0, 0);
        if (!TryVarint(bytes, ref at, out field))
            return false;
        var wire = field & 7;
        field >>= 3;
        if (wire == 0)
            return TryVarint(bytes, ref at, out number);
        var size = wire switch { 1 => 8ul, 5 => 4ul, 2 when TryVarint(bytes, ref at, out var declared) => declared, _ => ulong.MaxValue };
        if (size > (ulong)(bytes.Length - at))
            return false;
        at += (int)size;
        length = wire == 2 ? (int)size : 0;
        return true;
    }

    private static bool TryVarint(ReadOnlySpan<byte> bytes, ref int at, out ulong value)
    {
        value = 0;
        for (var shift = 0; shift < 70 && at < bytes.Length; shift += 7)
        {
            var next = bytes[at++];
            value |= (ulong)(next & 0x7f) << shift;
            if (next < 0x80)
                return true;
        }
        return false;
    }
}
