using System.Globalization;
using System.IO.Compression;
using System.Text;
using TorchSharp;
using static TorchSharp.torch;

namespace WebImageText.Learn.Tests.Clip;

/// <summary>Writes tensors as a TorchScript archive of modules without methods, in the form in which <c>torch.jit.save</c> writes one.</summary>
internal sealed class ScriptArchive
{
    private readonly StringBuilder _code = new();
    private readonly List<byte> _pickle = [];
    private readonly List<Tensor> _storages = [];
    private int _classes;

    public static void Write(string path, IReadOnlyDictionary<string, Tensor> tensors, ISet<string> buffers)
    {
        var archive = new ScriptArchive();
        archive._pickle.AddRange([0x80, 2]);
        archive.Module("", [.. tensors.Select(entry => (entry.Key.Split('.'), entry.Key, entry.Value))], buffers, 0);
        archive._pickle.Add((byte)'.');
        using var zip = ZipFile.Open(path, ZipArchiveMode.Create);
        Add("data.pkl", [.. archive._pickle]);
        Add("code/__torch__.py", Encoding.UTF8.GetBytes(archive._code.ToString()));
        Add("constants.pkl", [0x80, 2, (byte)')', (byte)'.']);
        Add("version", "3\n"u8.ToArray());
        foreach (var (at, tensor) in archive._storages.Index())
            Add($"data/{at}", tensor.bytes.ToArray());

        void Add(string name, byte[] bytes)
        {
            using var entry = zip.CreateEntry("model/" + name, CompressionLevel.NoCompression).Open();
            entry.Write(bytes);
        }
    }

    private int Module(string prefix, List<(string[] Path, string Name, Tensor Value)> inside, ISet<string> buffers, int depth)
    {
        var number = _classes++;
        Global("__torch__", $"M{number}");
        Ops(")\u0081}(");
        List<string> fields = [], parameters = [], held = [];
        foreach (var group in inside.GroupBy(entry => entry.Path[depth]))
        {
            Text(group.Key);
            if (group.First() is var (path, name, value) && path.Length == depth + 1)
            {
                (buffers.Contains(name) ? held : parameters).Add($"\"{group.Key}\"");
                fields.Add($"{group.Key} : Tensor");
                Value(value);
            }
            else
            {
                var child = Module($"{prefix}{group.Key}.", [.. group], buffers, depth + 1);
                fields.Add(char.IsDigit(group.Key[0]) || group.Key[0] == '-' ? $"__annotations__[\"{group.Key}\"] = __torch__.M{child}" : $"{group.Key} : __torch__.M{child}");
            }
        }
        Text("training");
        Ops("\u0089ub");
        _code.Append(CultureInfo.InvariantCulture, $"class M{number}(Module):\n");
        _code.Append(CultureInfo.InvariantCulture, $"  __parameters__ = [{string.Concat(parameters.Select(name => name + ", "))}]\n");
        _code.Append(CultureInfo.InvariantCulture, $"  __buffers__ = [{string.Concat(held.Select(name => name + ", "))}]\n");
        _code.Append(CultureInfo.InvariantCulture, $"  {string.Join("\n  ", fields.Append("training : bool"))}\n");
        return number;
    }

    private void Value(Tensor value)
    {
        Global("torch._utils", "_rebuild_tensor_v2");
        Ops("((");
        Text("storage");
        Global("torch", value.dtype switch { ScalarType.Float16 => "HalfStorage", ScalarType.Int64 => "LongStorage", _ => "FloatStorage" });
        Text($"{_storages.Count}");
        Text("cpu");
        Number((int)value.numel());
        Ops("tQ");
        Number(0);
        Numbers(value.shape);
        Numbers(value.stride());
        Ops("\u0089");
        Global("collections", "OrderedDict");
        Ops(")RtR");
        _storages.Add(value);
    }

    private void Numbers(long[] values)
    {
        Ops("(");
        foreach (var value in values)
            Number((int)value);
        Ops("t");
    }

    private void Number(int value)
    {
        Ops("J");
        _pickle.AddRange(BitConverter.GetBytes(value));
    }

    private void Text(string text)
    {
        Ops("X");
        _pickle.AddRange(BitConverter.GetBytes(Encoding.UTF8.GetByteCount(text)));
        _pickle.AddRange(Encoding.UTF8.GetBytes(text));
    }

    private void Global(string module, string name) => Ops($"c{module}\n{name}\n");

    private void Ops(string opcodes) => _pickle.AddRange(Encoding.Latin1.GetBytes(opcodes));
}
