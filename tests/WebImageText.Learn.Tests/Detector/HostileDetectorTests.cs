using System.Text;
using WebImageText.Curate.Dedup.Descriptors;
using WebImageText.Learn.Detector;

namespace WebImageText.Learn.Tests.Detector;

/// <summary>A detector may be anybody's file: what is none, or does more than a detector needs, is refused with a reason.</summary>
public sealed class HostileDetectorTests : IDisposable
{
    private const int Side = 16;

    private readonly string _folder = Directory.CreateTempSubdirectory("hostile-detector").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public void An_honest_model_is_taken() => Assert.Equal(3 * Side * Side, Open(Model(Flat)).Dimension);

    [Fact]
    public void Every_cut_of_a_model_is_refused_or_read_without_harm()
    {
        var whole = Model(Flat);
        for (var length = 0; length < whole.Length; length++)
            Assert.Contains("'", Assert.Throws<InvalidDataException>(() => Open(whole[..length])).Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("functions of its own", 25, "")] // model.functions
    [InlineData("no graph", 0, "this is a text")]
    public void What_is_no_plain_model_is_refused(string why, int field, string text)
    {
        byte[] file = field == 0 ? Encoding.UTF8.GetBytes("\n\u000e" + text) : [.. Model(Flat), .. Field(field, "x"u8)];

        Assert.Contains(why, Refused(file), StringComparison.Ordinal);
    }

    [Fact]
    public void Weights_in_other_files_are_refused()
    {
        // tensor { name "w", external_data { key "location" value "/etc/passwd" }, data_location EXTERNAL } as an initializer of a second graph field
        byte[] entry = [.. Field(1, "location"u8), .. Field(2, "/etc/passwd"u8)];
        byte[] tensor = [.. Field(8, "w"u8), .. Field(13, entry), 14 << 3, 1];

        Assert.Contains("weights in another file", Refused([.. Model(Flat), .. Field(7, Field(5, tensor))]), StringComparison.Ordinal);
        Assert.Contains("weights in another file", Refused([.. Model(Flat), .. Field(7, Field(5, (byte[])[14 << 3, 1]))]), StringComparison.Ordinal);
    }

    [Fact]
    public void Operators_of_other_domains_are_refused()
    {
        byte[] node = [.. Field(1, "image"u8), .. Field(2, "x"u8), .. Field(4, "Run"u8), .. Field(7, "com.example"u8)];

        Assert.Contains("not ONNX's own", Refused([.. Model(Flat), .. Field(7, Field(1, node))]), StringComparison.Ordinal);
    }

    [Fact]
    public void Graphs_within_graphs_within_graphs_are_refused()
    {
        var graph = Field(2, "deepest"u8);
        for (var depth = 0; depth < 12; depth++)
            graph = Field(1, Field(5, Field(6, graph))); // graph.node.attribute.g

        Assert.Contains("nested too deep", Refused([.. Model(Flat), .. Field(7, graph)]), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("not finite", "Log")] // of numbers below 0
    [InlineData("all zeros", "Floor", "Relu", "Sign", "Floor")]
    public void Descriptors_that_are_none_are_refused(string why, params string[] operators)
    {
        var file = Model(graph =>
        {
            graph.Singles("nothing", [], [0]);
            var x = why == "all zeros" ? graph.Node("Mul", ["image", "nothing"], "zero") : "image";
            foreach (var kind in operators)
                x = graph.Node(kind, [x], $"{kind}{x}");
            graph.Node("Flatten", [x], "embedding", ("axis", 1L));
        });

        Assert.Contains(why, Refused(file), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("[1, 768]", 0L)] // one row for two pictures
    [InlineData("[6, 256]", 2L)]
    public void Output_of_another_shape_is_refused(string shape, long axis)
    {
        var file = Model(graph => graph.Node("Flatten", ["image"], "embedding", ("axis", axis)));

        Assert.Contains(axis == 0 ? "[1, 1536]" : shape, Refused(file), StringComparison.Ordinal);
    }

    // Ten gigabytes and more either way: computed with the picture, or ahead of it.
    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void A_model_that_needs_more_memory_than_there_is_for_it_is_refused(bool isOfPicture)
    {
        var file = Model(graph =>
        {
            graph.Singles("times", [4], [1, 3, 30_000, 30_000]);
            graph.Node("Cast", ["times"], "many", ("to", 7L)); // int64
            graph.Node("GlobalAveragePool", ["image"], "colour");
            graph.Node(isOfPicture ? "Expand" : "ConstantOfShape", isOfPicture ? ["colour", "many"] : ["many"], "large");
            if (isOfPicture)
                graph.Node("Flatten", [graph.Node("GlobalAveragePool", ["large"], "mean")], "embedding", ("axis", 1L));
            else
            {
                graph.Node("ReduceMean", ["large"], "mean", ("keepdims", 0L));
                graph.Node("Flatten", [graph.Node("Add", ["image", "mean"], "sum")], "embedding", ("axis", 1L));
            }
        });

        var said = Refused(file);
        Assert.True(said.Contains("alloc", StringComparison.OrdinalIgnoreCase), said);
    }

    [Fact]
    public void A_model_of_another_input_is_refused_and_named()
    {
        var said = Refused(Model(Flat, side: 2 * Side));

        Assert.Contains("float [n, 3, 16, 16]", said, StringComparison.Ordinal);
        Assert.Contains("32", said, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("{\"version\": 2}", "version is 2")]
    [InlineData("{\"side\": 100000}", "must be 16-1024")]
    [InlineData("{\"std\": [0, 1, 1]}", "std is not a positive number")]
    [InlineData("{\"mean\": [0, 1]}", "three numbers each")]
    [InlineData("{\"crop\": true}", "crop")]
    [InlineData("null", "it is null")]
    [InlineData("{", "does not describe")]
    public void A_description_that_makes_no_sense_is_refused(string json, string why)
    {
        var path = Write(Model(Flat));
        File.WriteAllText(Path.ChangeExtension(path, ".json"), json);

        var wrong = Assert.Throws<InvalidDataException>(() => DetectorModel.Open(path));

        Assert.Contains(why, wrong.Message, StringComparison.Ordinal);
        Assert.Contains("d.json", wrong.Message, StringComparison.Ordinal);
    }

    private static void Flat(OnnxWriter graph) => graph.Node("Flatten", ["image"], "embedding", ("axis", 1L));

    private static byte[] Model(Action<OnnxWriter> fill, int side = Side)
    {
        var graph = new OnnxWriter("test");
        graph.Input("image", [null, 3, side, side]);
        graph.Output("embedding", [null, null]);
        fill(graph);
        return graph.ToBytes();
    }

    private DetectorModel Open(byte[] file) => DetectorModel.Open(Write(file), threads: 1);

    private string Refused(byte[] file) => Assert.Throws<InvalidDataException>(() => Open(file)).Message;

    private string Write(byte[] file)
    {
        var path = Path.Combine(_folder, "d.onnx");
        File.WriteAllBytes(path, file);
        File.WriteAllBytes(Path.ChangeExtension(path, ".json"), new Preprocessing { Side = Side }.ToJson());
        return path;
    }

    // A protobuf field that holds bytes.
    private static byte[] Field(int field, ReadOnlySpan<byte> bytes) =>
        [.. Varint(field << 3 | 2), .. Varint(bytes.Length), .. bytes];

    private static byte[] Varint(int value) => value < 0x80 ? [(byte)value] : [(byte)(value | 0x80), .. Varint(value >> 7)];
}
