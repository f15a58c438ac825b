using System.Globalization;
using System.Text;
using NetVips;
using WebImageText.Learn.Data;
using WebImageText.Shards.Tar;

namespace WebImageText.Learn.Tests.Data;

/// <summary>Small tars whose samples tell by their captions which they are; the colour of a picture is its number.</summary>
internal sealed class SomeShards : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("wit-shards-");

    public SomeShards(params int[] sizes)
    {
        var number = 0;
        for (var shard = 0; shard < sizes.Length; shard++)
        {
            using var tar = File.Create(Path.Combine(_folder.FullName, $"{shard:d5}.tar"));
            using var writer = new System.Formats.Tar.TarWriter(tar, System.Formats.Tar.TarEntryFormat.Ustar);
            for (var row = 0; row < sizes[shard]; row++, number++)
            {
                var key = number.ToString("d6", CultureInfo.InvariantCulture);
                Add(writer, key + ".jpg", Picture(number));
                Add(writer, key + ".txt", Encoding.UTF8.GetBytes($"sample {number}"));
            }
        }
        Pattern = Path.Combine(_folder.FullName, $"{{00000..{sizes.Length - 1:d5}}}.tar");
    }

    public string Pattern { get; }

    public string Folder => _folder.FullName;

    public string Tar(int shard) => Path.Combine(_folder.FullName, $"{shard:d5}.tar");

    public async Task<SampleOrder> OrderAsync(int window = 8, bool resample = false) =>
        new([new(await TarShard.FindAsync(Pattern, TestContext.Current.CancellationToken))], seed: 7, window, resample);

    public static string Caption(StreamedSample sample) => Encoding.UTF8.GetString(sample.Sample!.Text!.Value.Span);

    public void Dispose() => _folder.Delete(recursive: true);

    private static byte[] Picture(int number)
    {
        using var black = Image.Black(40 + number % 7, 32, bands: 3);
        using var coloured = black.Linear([1.0, 1, 1], [number * 37 % 256, number * 11 % 256, number % 256]);
        using var bytes = coloured.Cast(Enums.BandFormat.Uchar);
        using var named = bytes.Copy(interpretation: Enums.Interpretation.Srgb);
        return named.JpegsaveBuffer(q: 95);
    }

    private static void Add(System.Formats.Tar.TarWriter writer, string name, byte[] content) =>
        writer.WriteEntry(new System.Formats.Tar.UstarTarEntry(System.Formats.Tar.TarEntryType.RegularFile, name) { DataStream = new MemoryStream(content) });
}
