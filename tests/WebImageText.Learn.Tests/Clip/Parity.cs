using System.Text.Json;
using TorchSharp;
using WebImageText.Learn.Clip;
using WebImageText.Learn.Safetensors;
using WebImageText.Tests.Support;
using static TorchSharp.torch;

namespace WebImageText.Learn.Tests.Clip;

/// <summary>A tiny model whose features, gradients and first losses were computed by open_clip, and the same model here.</summary>
internal sealed class Parity : IDisposable
{
    private readonly SafetensorsFile _reference;

    public Parity(string name)
    {
        Configuration = ClipConfiguration.FromJson(File.ReadAllText(SharedData.Require($"clip/parity/{name}.json")));
        Settings = JsonDocument.Parse(File.ReadAllText(SharedData.Require($"clip/parity/{name}.json"))).RootElement;
        WeightsPath = SharedData.Require($"clip/parity/{name}.weights.safetensors");
        _reference = SafetensorsFile.Open(SharedData.Require($"clip/parity/{name}.reference.safetensors"));
        Model = new(Configuration, initialise: false);
        using var weights = SafetensorsFile.Open(WeightsPath);
        using var quiet = torch.no_grad();
        foreach (var (key, value) in Model.state_dict())
            value.copy_(weights.Read(key));
    }

    public ClipConfiguration Configuration { get; }

    public JsonElement Settings { get; }

    public string WeightsPath { get; }

    public ClipModel Model { get; }

    public Tensor Pixels => _reference.Read("in.image");

    public Tensor Tokens => _reference.Read("in.tokens");

    public IEnumerable<string> Names => _reference.Tensors.Select(tensor => tensor.Name);

    public Tensor Of(string name) => _reference.Read(name);

    /// <summary>The symmetric contrastive loss of the whole batch, spelled out.</summary>
    public Tensor Loss()
    {
        var (images, texts) = (Unit(Model.EncodeImage(Pixels)), Unit(Model.EncodeText(Tokens)));
        var logits = Model.LogitScale.exp() * images.matmul(texts.t());
        var labels = torch.arange(images.shape[0]);
        return (nn.functional.cross_entropy(logits, labels) + nn.functional.cross_entropy(logits.t(), labels)) / 2;
    }

    /// <summary>Largest difference, in largest values of what is expected.</summary>
    public static double Distance(Tensor expected, Tensor actual)
    {
        Assert.Equal(expected.shape, actual.shape);
        var largest = Math.Max(expected.abs().max().item<float>(), 1e-12f);
        return (expected - actual.detach()).abs().max().item<float>() / largest;
    }

    public static Tensor Unit(Tensor features) => nn.functional.normalize(features, dim: -1);

    public void Dispose()
    {
        _reference.Dispose();
        Model.Dispose();
    }
}
