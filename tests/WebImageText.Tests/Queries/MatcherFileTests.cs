using CsCheck;
using WebImageText.Crawl.Queries;

namespace WebImageText.Tests.Queries;

public sealed class MatcherFileTests : IDisposable
{
    private static readonly QueryList Queries = QueryList.Of(
        ["dog", "Dog", "hot dog", "new york", "New, York", "electroencephalographically", "electrostatics", "東京", "...", "hot dog stand"]);

    private const string Text = "Hot dog stand in New York, 東京; electroencephalographically, electrostatics. new, york";

    private readonly string _folder = Directory.CreateTempSubdirectory("matcher").FullName;

    [Fact]
    public void A_saved_matcher_finds_what_the_built_one_finds()
    {
        var built = QueryMatcher.Build(Queries);
        built.Save(Path("m"));

        var loaded = QueryMatcher.Load(Path("m"), Queries);

        Assert.Equal(9, built.Match(Text).Count);
        Assert.Equal(built.Match(Text), loaded.Match(Text));
        Assert.Equal(1, loaded.UnmatchableCount);
    }

    [Fact]
    public void The_same_list_gives_the_same_bytes()
    {
        QueryMatcher.Build(Queries).Save(Path("a"));
        QueryMatcher.Build(Queries).Save(Path("b"));

        Assert.Equal(File.ReadAllBytes(Path("a")), File.ReadAllBytes(Path("b")));
    }

    [Fact]
    public void A_file_of_another_list_is_refused()
    {
        QueryMatcher.Build(Queries).Save(Path("m"));

        var error = Assert.Throws<InvalidDataException>(() => QueryMatcher.Load(Path("m"), QueryList.Of(["dog"])));

        Assert.Contains("another list", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Every_changed_bit_and_every_cut_is_noticed()
    {
        QueryMatcher.Build(Queries).Save(Path("m"));
        var good = File.ReadAllBytes(Path("m"));

        Gen.Select(Gen.Int[0, good.Length - 1], Gen.Int[0, 7], Gen.Int[0, good.Length]).Sample((at, bit, length) =>
        {
            var bad = good.ToArray();
            bad[at] ^= (byte)(1 << bit);
            AssertRefused(bad);
            AssertRefused(good[..Math.Min(length, good.Length - 1)]);
        }, iter: 60, threads: 1);
        AssertRefused([.. good, 0]);
        AssertRefused([]);
    }

    // Whoever forges a file can forge its checksum too: whatever numbers it holds, nothing is read outside of it.
    [Fact]
    public void A_forged_file_is_refused_or_harmless()
    {
        QueryMatcher.Build(Queries).Save(Path("m"));
        var good = File.ReadAllBytes(Path("m"));
        var header = HeaderBytes();

        Gen.Select(Gen.Int[header, good.Length - 4], Gen.OneOf(Gen.UInt, Gen.UInt[0, 40], Gen.Const(uint.MaxValue))).Sample((at, value) =>
        {
            var forged = good.ToArray();
            BitConverter.TryWriteBytes(forged.AsSpan(at & ~3), value);
            Sign(forged);
            File.WriteAllBytes(Path("forged"), forged);
            try
            {
                QueryMatcher.Load(Path("forged"), Queries).Match(Text);
            }
            catch (InvalidDataException)
            {
                // refused: good
            }
        }, iter: 500, threads: 1);
    }

    private void AssertRefused(byte[] bytes)
    {
        File.WriteAllBytes(Path("bad"), bytes);
        Assert.Throws<InvalidDataException>(() => QueryMatcher.Load(Path("bad"), Queries));
    }

    private static int HeaderBytes() => System.Runtime.CompilerServices.Unsafe.SizeOf<MatcherHeader>();

    private static void Sign(byte[] file)
    {
        var checksum = file.AsSpan(HeaderBytes() - 32, 32);
        checksum.Clear();
        System.Security.Cryptography.SHA256.HashData(file).CopyTo(checksum);
    }

    private string Path(string name) => System.IO.Path.Combine(_folder, name);

    public void Dispose() => Directory.Delete(_folder, recursive: true);
}
