using System.CommandLine;
using System.Formats.Tar;
using Spectre.Console;
using WebImageText.Cli.Terminal;
using WebImageText.Curate.Dedup.Descriptors;

namespace WebImageText.Cli.Detector;

/// <summary><c>wit detector pack</c>: photographs as small squares in one tar, to train on.</summary>
internal static class DetectorPackVerb
{
    public static Command Create()
    {
        var images = new Option<string[]>("--images")
        {
            Description = "Folder, list of paths (.txt) or .tar of photographs; repeatable",
            HelpName = "SOURCE",
            Required = true,
        };
        var output = new Option<string>("--out") { Description = "The tar", HelpName = "F.tar", Required = true };
        var side = new Option<int>("--side") { Description = "Side of the squares, pixels", DefaultValueFactory = _ => 224 };
        var quality = new Option<int>("--quality") { Description = "Quality of WebP, 1-100", DefaultValueFactory = _ => 80 };
        var cuts = new Option<int>("--cuts")
        {
            Description = "Also cut a picture of 480 px or more a piece into this many columns and rows; 0: never",
            DefaultValueFactory = _ => 0,
        };
        var pack = new Command("pack", "Squeeze photographs to small squares, in one tar, for 'wit detector train'") { images, output, side, quality, cuts };
        pack.SetAction(async (parsed, stop) =>
        {
            var result = await WorkProgress.RunAsync("Packing", report => Task.Run(() => Pack(parsed.GetRequiredValue(images),
                parsed.GetRequiredValue(output), parsed.GetValue(side), parsed.GetValue(quality), parsed.GetValue(cuts), report, stop), stop));
            if (parsed.GetValue(CommonOptions.Json))
                Screen.Result(result);
            else
                Screen.Out.WriteLine($"{result.Squares} squares of {result.Images} pictures, {result.Bad} not decoded");
            return ExitCode.Done;
        });
        return pack;
    }

    private static Packed Pack(string[] sources, string output, int side, int quality, int cuts, Action<WorkState> report, CancellationToken stop)
    {
        var (images, squares, bad) = (0, 0, 0);
        using (var tar = new TarWriter(File.Create(output + ".tmp"), TarEntryFormat.Ustar))
        {
            var encoded = sources.SelectMany(ImageSource.Read).Chunk(64).SelectMany(chunk => chunk.AsParallel().AsOrdered().WithCancellation(stop)
                .Select(image => SquarePicture.Encode(image.Bytes, side, quality, cuts)).ToArray());
            foreach (var pieces in encoded)
            {
                images++;
                bad += pieces.Count == 0 ? 1 : 0;
                foreach (var piece in pieces)
                    tar.WriteEntry(new UstarTarEntry(TarEntryType.RegularFile, $"{squares++:d6}.webp")
                    {
                        DataStream = new MemoryStream(piece),
                        ModificationTime = DateTimeOffset.UnixEpoch,
                    });
                report(new(images, 0, $"{images} pictures"));
            }
        }
        File.Move(output + ".tmp", output, overwrite: true);
        return new(images, squares, bad);
    }

    private sealed record Packed(int Images, int Squares, int Bad);
}
