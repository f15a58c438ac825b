using System.Buffers.Binary;
using System.Text;
using TorchSharp;
using WebImageText.Learn.Safetensors;
using WebImageText.Tests.Support;
using static TorchSharp.torch;

namespace WebImageText.Learn.Tests.Safetensors;

public sealed class SafetensorsFileTests : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("wit-safetensors-");

    public void Dispose() => _folder.Delete(recursive: true);

    private string PathOf(string name) => Path.Combine(_folder.FullName, name);

    [Theory]
    [InlineData("clip/parity/vit-tiny-gelu.weights.safetensors")]
    [InlineData("clip/parity/resnet-tiny.weights.safetensors")]
    [InlineData("clip/parity/hf-tiny/model.safetensors")]
    public void A_file_of_the_reference_implementation_is_written_again_byte_for_byte(string name)
    {
        using var scope = torch.NewDisposeScope();
        var original = SharedData.Require(name);
        using var file = SafetensorsFile.Open(original);

        SafetensorsWriter.Write(PathOf("again.safetensors"), file.ReadAll(), file.Metadata);

        Assert.Equal(File.ReadAllBytes(original), File.ReadAllBytes(PathOf("again.safetensors")));
    }

    [Fact]
    public void Every_type_and_shape_comes_back()
    {
        using var scope = torch.NewDisposeScope();
        Dictionary<string, Tensor> tensors = new()
        {
            ["number"] = torch.tensor(2.5f),
            ["empty"] = torch.empty(0, 3),
            ["half"] = torch.randn(3, 4).to(ScalarType.BFloat16),
            ["whole"] = torch.arange(7),
            ["truth"] = torch.tensor(new[] { true, false, true }),
            ["strided"] = torch.arange(12, dtype: ScalarType.Float64).view(3, 4).t(),
        };

        SafetensorsWriter.Write(PathOf("all.safetensors"), tensors, new Dictionary<string, string> { ["step"] = "12" });

        using var file = SafetensorsFile.Open(PathOf("all.safetensors"));
        Assert.Equal("12", file.Metadata["step"]);
        Assert.All(tensors, entry => Assert.True(file.Read(entry.Key).equal(entry.Value).all().item<bool>() && file.Read(entry.Key).dtype == entry.Value.dtype));
        Assert.Equal(["all.safetensors"], _folder.GetFiles().Select(entry => entry.Name));
    }

    [Theory]
    [InlineData("""{"a":{"dtype":"F32","shape":[2],"data_offsets":[0,8]},"b":{"dtype":"F32","shape":[1],"data_offsets":[4,8]}}""", 8, "overlap")]
    [InlineData("""{"a":{"dtype":"F32","shape":[1],"data_offsets":[4,8]}}""", 8, "gap")]
    [InlineData("""{"a":{"dtype":"F32","shape":[1],"data_offsets":[0,4]}}""", 8, "belong to no tensor")]
    [InlineData("""{"a":{"dtype":"F32","shape":[2],"data_offsets":[0,8]}}""", 4, "outside the file")]
    [InlineData("""{"a":{"dtype":"F32","shape":[3],"data_offsets":[0,8]}}""", 8, "do not hold")]
    [InlineData("""{"a":{"dtype":"F32","shape":[-2],"data_offsets":[0,8]}}""", 8, "negative")]
    [InlineData("""{"a":{"dtype":"F32","shape":[4294967296,4294967296,4294967296],"data_offsets":[0,8]}}""", 8, "do not hold")]
    [InlineData("""{"a":{"dtype":"F32","shape":[2],"data_offsets":[8,0]}}""", 8, "outside the file")]
    [InlineData("""{"a":{"dtype":"PICKLE","shape":[2],"data_offsets":[0,8]}}""", 8, "not read")]
    [InlineData("""{"a":{"dtype":"F32","shape":[2]}}""", 8, "damaged")]
    [InlineData("""{"a":{"dtype":"F32","shape":[2],"data_offsets":[0,8]},"a":{"dtype":"F32","shape":[0],"data_offsets":[8,8]}}""", 8, "damaged")]
    [InlineData("""{"a":[[[[[[[[]]]]]]]]}""", 0, "damaged")]
    [InlineData("""[]""", 0, "not JSON")]
    public void A_hostile_header_is_refused_and_says_why(string header, int dataBytes, string why)
    {
        var json = Encoding.UTF8.GetBytes(header);
        File.WriteAllBytes(PathOf("bad"), [.. Prefix((ulong)json.Length), .. json, .. new byte[dataBytes]]);

        var refusal = Assert.Throws<SafetensorsException>(() => SafetensorsFile.Open(PathOf("bad")));

        Assert.Contains(why, refusal.Message, StringComparison.Ordinal);
        Assert.Contains(PathOf("bad"), refusal.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(7)]
    [InlineData(30)]
    public void A_file_that_ends_in_its_header_is_refused(int bytes)
    {
        File.WriteAllBytes(PathOf("short"), [.. Prefix(ulong.MaxValue).Concat(new byte[100]).Take(bytes)]);

        Assert.Throws<SafetensorsException>(() => SafetensorsFile.Open(PathOf("short")));
    }

    private static byte[] Prefix(ulong length)
    {
        var bytes = new byte[8];
        BinaryPrimitives.WriteUInt64LittleEndian(bytes, length);
        return bytes;
    }
}
