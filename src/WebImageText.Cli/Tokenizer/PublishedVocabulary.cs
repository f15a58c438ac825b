using System.Security.Cryptography;
using WebImageText.Cli.Terminal;

namespace WebImageText.Cli.Tokenizer;

/// <summary>CLIP's published vocabulary (MIT, github.com/openai/CLIP): fetched once, kept beside the user's other caches.</summary>
internal static class PublishedVocabulary
{
    public const string Address = "https://github.com/openai/CLIP/raw/main/clip/bpe_simple_vocab_16e6.txt.gz";
    public const string Sha256 = "924691ac288e54409236115652ad4aa250f48203de50a9e4722a6ecd48d6804a";
    private const int MostBytes = 4 << 20;

    /// <summary>Where it is kept: <c>$XDG_CACHE_HOME/wit</c>, or the platform's own place for such files.</summary>
    public static string Path { get; } = System.IO.Path.Combine(
        Environment.GetEnvironmentVariable("XDG_CACHE_HOME") is { Length: > 0 } cache
            ? cache
            : Environment.GetFolderPath(Environment.SpecialFolder.LocalApplicationData, Environment.SpecialFolderOption.DoNotVerify),
        "wit", "bpe_simple_vocab_16e6.txt.gz");

    /// <summary>Its path, if it is there and whole.</summary>
    public static string Require()
    {
        if (!File.Exists(Path))
            throw UserErrorException.Usage($"CLIP's vocabulary is not here yet: 'wit vocab fetch' brings it to '{Path}'.");
        return Matches(File.ReadAllBytes(Path))
            ? Path
            : throw UserErrorException.BadData($"'{Path}' is not CLIP's vocabulary (its sha256 is another). Delete it, then 'wit vocab fetch'.");
    }

    /// <summary>Brings it, unless it is there; only the very file that the models were trained with is accepted.</summary>
    /// <param name="from">An address, or the path of a copy.</param>
    /// <param name="stop">Gives up.</param>
    public static async Task FetchAsync(string from, CancellationToken stop)
    {
        if (File.Exists(Path) && Matches(await File.ReadAllBytesAsync(Path, stop)))
            return;
        var bytes = await ReadAsync(from, stop);
        if (!Matches(bytes))
            throw UserErrorException.BadData($"'{from}' gave {bytes.Length:N0} bytes that are not CLIP's vocabulary (sha256 {Sha256} is expected).");
        Directory.CreateDirectory(System.IO.Path.GetDirectoryName(Path)!);
        var partial = $"{Path}.{Environment.ProcessId}.partial";
        await File.WriteAllBytesAsync(partial, bytes, stop);
        File.Move(partial, Path, overwrite: true);
    }

    private static bool Matches(byte[] bytes) => Convert.ToHexStringLower(SHA256.HashData(bytes)) == Sha256;

    private static async Task<byte[]> ReadAsync(string from, CancellationToken stop)
    {
        try
        {
            if (!from.StartsWith("https://", StringComparison.Ordinal) && !from.StartsWith("http://", StringComparison.Ordinal))
                return await File.ReadAllBytesAsync(from, stop);
            using var client = new HttpClient { MaxResponseContentBufferSize = MostBytes, Timeout = TimeSpan.FromMinutes(2) };
            return await client.GetByteArrayAsync(new Uri(from), stop);
        }
        catch (Exception fault) when (fault is HttpRequestException or IOException or TaskCanceledException && !stop.IsCancellationRequested)
        {
            throw new UserErrorException(ExitCode.Failed,
                $"'{from}' cannot be read: {fault.Message}. Bring the file to this machine by other means, then 'wit vocab fetch --from FILE'.");
        }
    }
}
