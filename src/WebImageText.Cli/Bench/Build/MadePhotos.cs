using WebImageText.Curate.Pixels;

namespace WebImageText.Cli.Bench.Build;

/// <summary>Generated photographs of the size that the benchmark is about: some 110 kB and 0.2 Mpx.</summary>
internal static class MadePhotos
{
    private static readonly (int Width, int Height)[] Sizes = [(500, 375), (375, 500), (500, 333), (640, 480), (500, 400), (333, 500)];

    public static byte[][] Make(int count)
    {
        var photos = new byte[count][];
        Parallel.For(0, count, at => photos[at] = MadePhoto.Jpeg(at, Sizes[at % Sizes.Length].Width, Sizes[at % Sizes.Length].Height));
        return photos;
    }
}
