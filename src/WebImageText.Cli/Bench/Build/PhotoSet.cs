using WebImageText.Curate.Pixels;

namespace WebImageText.Cli.Bench.Build;

/// <summary>The photographs of the benchmark.</summary>
internal static class PhotoSet
{
    private static readonly string[] Extensions = [".jpg", ".jpeg"];

    /// <summary>The first JPEG files of a folder, by name; without a folder, made ones.</summary>
    /// <exception cref="DirectoryNotFoundException">The folder is not there.</exception>
    public static IReadOnlyList<byte[]> Load(string? folder, int count) => folder is null
        ? MadePhotos.Make(count)
        : [.. Directory.EnumerateFiles(folder).Where(file => Extensions.Contains(Path.GetExtension(file), StringComparer.OrdinalIgnoreCase))
            .Order(StringComparer.Ordinal).Take(count).Select(File.ReadAllBytes)];
}
