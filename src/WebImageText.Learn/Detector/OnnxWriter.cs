using System.Buffers;
using System.Text;

namespace WebImageText.Learn.Detector;

/// <summary>Writes an ONNX model, which is a protobuf message: the few fields of onnx.proto3 that a convolutional network needs.</summary>
internal sealed class OnnxWriter(string name)
{
    /// <summary>The number of float32 among ONNX's element types.</summary>
    public const long Single = 1;

    private const int Half = 10;
    private const int IrVersion = 9;
    private const int Opset = 20;

    private readonly ArrayBufferWriter<byte> _nodes = new();
    private readonly ArrayBufferWriter<byte> _weights = new();
    private readonly ArrayBufferWriter<byte> _ends = new();

    /// <summary>Declares an input; a null side is free.</summary>
    public void Input(string input, int?[] shape) => Message(_ends, 11, inside => Value(inside, input, shape));

    /// <summary>Declares an output; a null side is free.</summary>
    public void Output(string output, int?[] shape) => Message(_ends, 12, inside => Value(inside, output, shape));

    /// <summary>A constant of float16 numbers, as they lie in memory.</summary>
    public void Halves(string constant, long[] shape, ReadOnlySpan<byte> numbers) => Tensor(constant, shape, Half, numbers);

    /// <summary>A constant of float32 numbers; no shape for a single one.</summary>
    public void Singles(string constant, long[] shape, float[] numbers) =>
        Tensor(constant, shape, (int)Single, System.Runtime.InteropServices.MemoryMarshal.AsBytes(numbers.AsSpan()));

    /// <summary>One operator with one output, whose name is returned.</summary>
    /// <param name="kind">As ONNX calls it.</param>
    /// <param name="inputs">Names of outputs, constants or the input.</param>
    /// <param name="output">Its name.</param>
    /// <param name="attributes">A whole number or a list of them each.</param>
    public string Node(string kind, string[] inputs, string output, params (string Name, object Value)[] attributes)
    {
        Message(_nodes, 1, node =>
        {
            foreach (var input in inputs)
                Text(node, 1, input);
            Text(node, 2, output);
            Text(node, 3, output);
            Text(node, 4, kind);
            foreach (var (attribute, value) in attributes)
                Message(node, 5, inside =>
                {
                    Text(inside, 1, attribute);
                    if (value is long number)
                    {
                        Number(inside, 3, number);
                        Number(inside, 20, 2);
                        return;
                    }
                    foreach (var item in (long[])value)
                        Number(inside, 8, item);
                    Number(inside, 20, 7);
                });
        });
        return output;
    }

    /// <summary>The whole model.</summary>
    public byte[] ToBytes()
    {
        var model = new ArrayBufferWriter<byte>();
        Number(model, 1, IrVersion);
        Text(model, 2, "WebImageText");
        Message(model, 7, graph =>
        {
            graph.Write(_nodes.WrittenSpan);
            Text(graph, 2, name);
            graph.Write(_weights.WrittenSpan);
            graph.Write(_ends.WrittenSpan);
        });
        Message(model, 8, opset => Number(opset, 2, Opset));
        return model.WrittenSpan.ToArray();
    }

    private void Tensor(string constant, long[] shape, int type, ReadOnlySpan<byte> numbers)
    {
        var bytes = numbers.ToArray();
        Message(_weights, 5, tensor =>
        {
            foreach (var side in shape)
                Number(tensor, 1, side);
            Number(tensor, 2, type);
            Text(tensor, 8, constant);
            Bytes(tensor, 9, bytes);
        });
    }

    private static void Value(ArrayBufferWriter<byte> to, string value, int?[] shape)
    {
        Text(to, 1, value);
        Message(to, 2, type => Message(type, 1, tensor =>
        {
            Number(tensor, 1, Single);
            Message(tensor, 2, sides =>
            {
                foreach (var side in shape)
                    Message(sides, 1, inside =>
                    {
                        if (side is { } known)
                            Number(inside, 1, known);
                        else
                            Text(inside, 2, "n");
                    });
            });
        }));
    }

    private static void Message(ArrayBufferWriter<byte> to, int field, Action<ArrayBufferWriter<byte>> write)
    {
        var inside = new ArrayBufferWriter<byte>();
        write(inside);
        Bytes(to, field, inside.WrittenSpan);
    }

    private static void Text(ArrayBufferWriter<byte> to, int field, string text) => Bytes(to, field, Encoding.UTF8.GetBytes(text));

    private static void Bytes(ArrayBufferWriter<byte> to, int field, ReadOnlySpan<byte> bytes)
    {
        Varint(to, (ulong)field << 3 | 2);
        Varint(to, (ulong)bytes.Length);
        to.Write(bytes);
    }

    private static void Number(ArrayBufferWriter<byte> to, int field, long number)
    {
        Varint(to, (ulong)field << 3);
        Varint(to, (ulong)number);
    }

    private static void Varint(ArrayBufferWriter<byte> to, ulong value)
    {
        for (; value > 0x7f; value >>= 7)
            to.Write([(byte)(value | 0x80)]);
        to.Write([(byte)value]);
    }
}
