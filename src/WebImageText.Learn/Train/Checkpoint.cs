using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using WebImageText.Learn.Clip;
using WebImageText.Learn.Clip.Files;
using WebImageText.Learn.Safetensors;
using WebImageText.Learn.Text;
using WebImageText.Shards.Stores;
using static TorchSharp.torch;

namespace WebImageText.Learn.Train;

/// <summary>
/// Folders from which a run goes on: <c>step-00001234/</c> with the weights as open_clip reads them, the moments, and the state.
/// A folder appears under its name only when it is whole.
/// </summary>
/// <param name="folder">The run's.</param>
/// <param name="tokenizer">Stored with the weights, which are worthless without it; null stores none.</param>
public sealed class Checkpoint(string folder, ClipTokenizer? tokenizer = null)
{
    /// <summary>Weights and running statistics, float32, open_clip's names.</summary>
    public const string WeightsFile = "open_clip_model.safetensors";

    /// <summary>The model's shapes and how its pictures are prepared, as open_clip publishes them.</summary>
    public const string ConfigurationFile = "open_clip_config.json";

    private const string MomentsFile = "moments.safetensors", StateFile = "state.json", Prefix = "step-", Partial = ".partial";

    /// <summary>Steps that have a checkpoint, from the first.</summary>
    public IReadOnlyList<long> Steps => !Directory.Exists(folder) ? [] :
    [
        .. Directory.EnumerateDirectories(folder, Prefix + "*").Select(Path.GetFileName)
            .Where(name => !name!.EndsWith(Partial, StringComparison.Ordinal) && File.Exists(Path.Combine(folder, name, StateFile)))
            .Select(name => long.TryParse(name![Prefix.Length..], NumberStyles.None, CultureInfo.InvariantCulture, out var step) ? step : -1)
            .Where(step => step >= 0).Order(),
    ];

    /// <summary>The folder of a step.</summary>
    public string PathOf(long step) => Path.Combine(folder, Prefix + step.ToString("d8", CultureInfo.InvariantCulture));

    /// <summary>Writes a checkpoint, then removes those that are no longer wanted.</summary>
    /// <param name="step">The training.</param>
    /// <param name="state">Where it is.</param>
    /// <param name="keep">How many of the latest stay; 0 keeps all.</param>
    /// <param name="keepEvery">Those of steps that are a multiple of this stay too; 0 for none.</param>
    /// <returns>Its folder.</returns>
    internal string Write(ModelStep step, RunState state, int keep, long keepEvery)
    {
        var path = PathOf(state.Step);
        var partial = path + Partial;
        if (Directory.Exists(partial))
            Directory.Delete(partial, recursive: true);
        Directory.CreateDirectory(partial);
        using (NewDisposeScope())
        {
            var parameters = step.Parameters;
            SafetensorsWriter.Write(Path.Combine(partial, WeightsFile), WeightsOf(step).ToList());
            SafetensorsWriter.Write(Path.Combine(partial, MomentsFile), parameters.Names.SelectMany(name =>
            {
                var (first, second) = parameters.MomentsOf(name);
                return new KeyValuePair<string, Tensor>[] { new("first." + name, first), new("second." + name, second) };
            }).Append(new("step", step.Optimizer.Step)).ToList());
        }
        File.WriteAllText(Path.Combine(partial, ConfigurationFile), Configuration(step.Configuration).ToJsonString(new() { WriteIndented = true }));
        if (tokenizer is not null)
            TokenizerFiles.Write(partial, tokenizer, step.Configuration.Text.ContextLength);
        File.WriteAllText(Path.Combine(partial, StateFile), JsonSerializer.Serialize(state, RunState.Json));
        DurableFolder.Flush(partial);
        if (Directory.Exists(path))
            Directory.Delete(path, recursive: true); // the same step again: after a resume from an earlier one
        Directory.Move(partial, path);
        DurableFolder.Flush(folder);
        Prune(keep, keepEvery);
        return path;
    }

    /// <summary>Reads a checkpoint into a training that was made for the same model.</summary>
    /// <param name="path">Its folder.</param>
    /// <param name="step">The training.</param>
    /// <exception cref="InvalidDataException">It is of another form or another model.</exception>
    internal static RunState Read(string path, ModelStep step)
    {
        var state = ReadState(path);
        using var scope = NewDisposeScope();
        using var quiet = no_grad();
        using (var weights = SafetensorsFile.Open(Path.Combine(path, WeightsFile)))
            foreach (var (name, tensor) in WeightsOf(step))
                Fill(tensor, weights, name);
        using (var moments = SafetensorsFile.Open(Path.Combine(path, MomentsFile)))
        {
            foreach (var name in step.Parameters.Names)
            {
                var (first, second) = step.Parameters.MomentsOf(name);
                Fill(first, moments, "first." + name);
                Fill(second, moments, "second." + name);
            }
            Fill(step.Optimizer.Step, moments, "step");
        }
        step.Parameters.GiveToModel();
        step.GradientScale = state.GradientScale;
        return state;
    }

    /// <summary>The state alone.</summary>
    /// <exception cref="InvalidDataException">It is of another form.</exception>
    public static RunState ReadState(string path)
    {
        var file = Path.Combine(path, StateFile);
        if (!File.Exists(file))
            throw new InvalidDataException($"'{path}' is no checkpoint of a training run: it has no '{StateFile}'.");
        try
        {
            var state = JsonSerializer.Deserialize<RunState>(File.ReadAllText(file), RunState.Json);
            return state is { Version: 1 } ? state : throw new InvalidDataException($"'{file}' is of version {state?.Version}; this program reads version 1.");
        }
        catch (JsonException broken)
        {
            throw new InvalidDataException($"'{file}' is damaged: {broken.Message}. Resume from an earlier checkpoint.", broken);
        }
    }

    private static IEnumerable<KeyValuePair<string, Tensor>> WeightsOf(ModelStep step) => step.Parameters.Names
        .Select(name => KeyValuePair.Create(name, step.Parameters.WeightOf(name)))
        .Concat(step.Module.named_buffers().Select(entry => KeyValuePair.Create(entry.name, entry.buffer)));

    private static void Fill(Tensor to, SafetensorsFile from, string name)
    {
        using var read = from.Read(name);
        if (!read.shape.SequenceEqual(to.shape))
            throw new InvalidDataException($"'{name}' has the shape [{string.Join(", ", read.shape)}] and should have [{string.Join(", ", to.shape)}]: the checkpoint is of another model.");
        to.copy_(read);
    }

    private static JsonObject Configuration(ClipConfiguration configuration) => new()
    {
        ["model_cfg"] = configuration.ToJson(),
        ["preprocess_cfg"] = new JsonObject
        {
            ["mean"] = new JsonArray(0.48145466, 0.4578275, 0.40821073),
            ["std"] = new JsonArray(0.26862954, 0.26130258, 0.27577711),
            ["interpolation"] = "bicubic",
            ["resize_mode"] = "shortest",
        },
    };

    private void Prune(int keep, long keepEvery)
    {
        if (keep <= 0)
            return;
        foreach (var step in Steps.SkipLast(keep).Where(step => keepEvery <= 0 || step % keepEvery != 0))
            Directory.Delete(PathOf(step), recursive: true);
    }
}
