using TorchSharp;
using static TorchSharp.torch;

namespace WebImageText.Learn.Detector;

/// <summary>A detector's network as an ONNX model of opset 20, whose weights are half precision and cast to single when it is loaded.</summary>
internal static class OnnxGraph
{
    /// <summary>The model: <c>image</c> float [n, 3, side, side] in, <c>embedding</c> float [n, dimension] of length 1 out.</summary>
    /// <param name="network">Its layers.</param>
    /// <param name="folded">Weights and biases in half precision, as <see cref="DetectorExport.Folded"/> names them.</param>
    /// <param name="side">Of the input, pixels.</param>
    public static byte[] Of(DetectorNetwork network, IReadOnlyDictionary<string, Tensor> folded, int side)
    {
        var graph = new OnnxWriter("detector");
        graph.Input("image", [null, 3, side, side]);
        graph.Output("embedding", [null, network.Shape.Dimension]);
        foreach (var (name, weight) in folded)
        {
            graph.Halves($"{name}.half", weight.shape, weight.bytes);
            graph.Node("Cast", [$"{name}.half"], name, ("to", OnnxWriter.Single));
        }
        foreach (var channels in network.Blocks.Where(block => block.Halves).Select(block => block.Convs[0].From).Append(network.Shape.Widths[0]).Distinct())
        {
            using var kernel = Blur.Kernel(channels);
            using var halves = kernel.to_type(ScalarType.Float16);
            graph.Halves($"blur{channels}.half", halves.shape, halves.bytes);
            graph.Node("Cast", [$"blur{channels}.half"], $"blur{channels}", ("to", OnnxWriter.Single));
        }
        var x = Conv(graph, "stem", network.Stem, "image");
        x = graph.Node("Gelu", [x], "stem.gelu");
        x = graph.Node("MaxPool", [x], "stem.max", ("kernel_shape", new long[] { 3, 3 }), ("strides", new long[] { 1, 1 }), ("pads", new long[] { 1, 1, 1, 1 }));
        x = Blurred(graph, x, "stem.blur", network.Shape.Widths[0]);
        for (var at = 0; at < network.Blocks.Count; at++)
            x = Block(graph, $"blocks.{at}", network.Blocks[at], x);
        graph.Singles("pool.least", [], [(float)DetectorNetwork.PoolLeast]);
        graph.Singles("pool.power", [], [(float)DetectorNetwork.PoolPower]);
        graph.Singles("pool.root", [], [(float)(1 / DetectorNetwork.PoolPower)]);
        x = graph.Node("Clip", [x, "pool.least"], "pool.clip");
        x = graph.Node("Pow", [x, "pool.power"], "pool.pow");
        x = graph.Node("GlobalAveragePool", [x], "pool.mean");
        x = graph.Node("Pow", [x, "pool.root"], "pool");
        x = Conv(graph, "head", network.Head, x);
        x = graph.Node("Flatten", [x], "flat", ("axis", 1L));
        graph.Node("LpNormalization", [x], "embedding", ("axis", 1L), ("p", 2L));
        return graph.ToBytes();
    }

    private static string Block(OnnxWriter graph, string name, ResidualBlock block, string input)
    {
        var x = block.Halves ? Blurred(graph, input, $"{name}.blur", block.Convs[0].From) : input;
        var skipped = block.Side is { } side ? Conv(graph, $"{name}.side", side, x) : x;
        for (var at = 0; at < block.Convs.Count; at++)
        {
            x = Conv(graph, $"{name}.convs.{at}", block.Convs[at], x);
            if (at < block.Convs.Count - 1)
                x = graph.Node("Gelu", [x], $"{name}.gelu.{at}");
        }
        x = graph.Node("Add", [skipped, x], $"{name}.sum");
        return graph.Node("Gelu", [x], $"{name}.gelu");
    }

    private static string Conv(OnnxWriter graph, string name, WeightNormConv conv, string input)
    {
        var pad = conv.Size / 2;
        return graph.Node("Conv", [input, $"{name}.weight", $"{name}.bias"], $"{name}.out",
            ("strides", new long[] { conv.Stride, conv.Stride }), ("pads", new long[] { pad, pad, pad, pad }));
    }

    private static string Blurred(OnnxWriter graph, string input, string name, int channels) => graph.Node("Conv", [input, $"blur{channels}"], name,
        ("strides", new long[] { 2, 2 }), ("pads", new long[] { 1, 1, 1, 1 }), ("group", (long)channels));
}
