using System.Globalization;
using System.Security.Cryptography;
using WebImageText.Shards;

namespace WebImageText.Tests.Shards;

/// <summary>Pairs as the pipeline hands them over; the bytes begin like a JPEG and go on with noise.</summary>
internal static class SomePairs
{
    public static readonly DateTimeOffset Start = new(2025, 6, 7, 8, 9, 10, 123, 456, TimeSpan.Zero);
    public static readonly ShardTimes Times = new(Start, Start.AddSeconds(90));
    private static readonly string[] Hosts = ["a.example", "www.b.example", "c.example"];

    public static Pair Pair(int number, int imageBytes = 300, string? caption = null)
    {
        var image = Image(number, imageBytes);
        var query = new Query(new(number % 7), $"query {number % 7}");
        var candidate = new Candidate
        {
            Image = WebAddress.Parse($"https://{Hosts[number % 3]}/images/{number}.jpg"),
            Page = WebAddress.Parse($"https://{Hosts[number % 3]}/page{number / 10}.html"),
            Texts = [new(TextSource.Alt, caption ?? $"a query {number % 7} and nothing else: café {number}"), new(TextSource.Title, $"title {number}")],
            Provider = number % 2 == 0 ? "pages" : "searxng",
            License = number % 5 == 0 ? "CC-BY-4.0" : null,
            Attribution = number % 5 == 0 ? $"Ana {number}" : null,
        };
        return new(candidate.Uid, candidate, new(query, [query.Id, new(7)]), Fetch(number), Facts(number, image), new("set/0001.jpg", 0.5f), image);
    }

    public static IReadOnlyList<Pair> Pairs(int count, int first = 0) => [.. Enumerable.Range(first, count).Select(number => Pair(number))];

    public static Rejection Rejection(int number, DropReason reason, string? detail = null)
    {
        var pair = Pair(number);
        return new(pair.Uid, pair.Candidate, pair.Match, new(reason, detail), Start.AddSeconds(number), pair.Fetch, pair.Picture);
    }

    public static byte[] Image(int number, int bytes)
    {
        var image = new byte[bytes];
        new Random(number).NextBytes(image);
        (image[0], image[1], image[2]) = (0xFF, 0xD8, 0xFF);
        return image;
    }

    public static string Sha256(ReadOnlySpan<byte> bytes) => Convert.ToHexStringLower(SHA256.HashData(bytes));

    private static FetchFacts Fetch(int number) => new(
        $"https://cdn.example/{number.ToString(CultureInfo.InvariantCulture)}.jpg", Start.AddMilliseconds(number), 200, "image/jpeg", $"\"{number}\"");

    private static PictureFacts Facts(int number, byte[] image)
    {
        var noise = new Random(number);
        PdqHash pdq = new((ulong)noise.NextInt64(), (ulong)noise.NextInt64(), (ulong)noise.NextInt64(), (ulong)noise.NextInt64());
        return new(512, 384, 1024, 768, Sha256([.. image, 1]), Sha256(image), (UInt128)number, pdq, 100, "{\"Image Make\": \"Canon\"}");
    }
}
