using System.Globalization;
using System.Runtime.InteropServices;
using WebImageText.Tests.Runs;

namespace WebImageText.Tests.Dedup;

/// <summary>The shipped detector by the command line.</summary>
[Collection(OneAtATime.Name)]
public sealed class DetectorVerbTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("wit-detector").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public async Task Rows_follow_the_list_with_either_engine_and_a_broken_image_is_a_row_of_zeros()
    {
        var photos = RealPhotos.Take(3);
        for (var at = 0; at < photos.Length; at++)
            await File.WriteAllBytesAsync(At($"{at}.jpg"), photos[at].Jpeg, Stop);
        await File.WriteAllTextAsync(At("broken.jpg"), "no picture", Stop);
        await File.WriteAllLinesAsync(At("list.txt"), ["2.jpg", "broken.jpg", "0.jpg", "1.jpg", "2.jpg"], Stop);

        var rows = await EmbedAsync("list.txt", "onnx");
        var others = await EmbedAsync("list.txt", "torch");

        Assert.Equal(5, rows.Length);
        Assert.Equal(rows[0], rows[4]);
        Assert.All(rows[1], number => Assert.Equal(0, number));
        Assert.All(rows.SelectMany(row => row).Zip(others.SelectMany(row => row)), pair => Assert.Equal(pair.Item1, pair.Item2, 1e-3f));
        await File.WriteAllLinesAsync(At("pairs.csv"), ["0.jpg,1.jpg", "1.jpg,2.jpg", "2.jpg,2.jpg"], Stop);
        var (code, _, errors) = await WitProcess.RunAsync("detector", "score", "--pairs", At("pairs.csv"), "--out", At("scored.csv"));
        Assert.True(code == 0, errors);
        var scores = (await File.ReadAllLinesAsync(At("scored.csv"), Stop)).Select(line => float.Parse(line.Split(',')[2], CultureInfo.InvariantCulture)).ToArray();
        Assert.All(new[] { Dot(rows[2], rows[3]), Dot(rows[3], rows[0]), 1f }.Zip(scores), pair => Assert.Equal(pair.Item1, pair.Item2, 1e-4f));
    }

    [Fact]
    public async Task Where_there_is_no_GPU_its_use_is_refused_with_a_reason()
    {
        await File.WriteAllBytesAsync(At("0.jpg"), RealPhotos.Take(1)[0].Jpeg, Stop);

        var (code, _, errors) = await WitProcess.RunAsync("detector", "embed", "--images", _folder, "--out", At("x.f32"), "--device", "cuda");

        Assert.True(code == 0 || code == 3 && errors.Contains("does not run", StringComparison.Ordinal), $"{code}: {errors}");
    }

    private async Task<float[][]> EmbedAsync(string list, string engine)
    {
        var result = await WitProcess.JsonAsync(3, "detector", "embed", "--images", At(list), "--out", At("rows.f32"), "--engine", engine);
        Assert.Equal("broken.jpg", Assert.Single(result.GetProperty("bad").EnumerateArray()).GetString());
        var bytes = await File.ReadAllBytesAsync(At("rows.f32"), Stop);
        return [.. MemoryMarshal.Cast<byte, float>(bytes).ToArray().Chunk(result.GetProperty("dimension").GetInt32())];
    }

    private static float Dot(float[] left, float[] right) => left.Zip(right).Sum(pair => pair.Item1 * pair.Item2);

    private string At(string name) => Path.Combine(_folder, name);

    private static CancellationToken Stop => TestContext.Current.CancellationToken;
}
