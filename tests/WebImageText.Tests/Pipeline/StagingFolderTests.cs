using CsCheck;
using WebImageText.Pipeline.Staging;

namespace WebImageText.Tests.Pipeline;

public sealed class StagingFolderTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("wit-staging").FullName;

    private static readonly PictureFacts Picture = new(
        4, 3, 8, 6, new string('a', 64), new string('b', 64), 12345, PdqHash.Parse(new string('c', 64)), 100, """{"Make": "x"}""");

    private static Verdict.Kept Kept(int number)
    {
        var candidate = new Candidate
        {
            Image = WebAddress.Parse($"http://site.test/{number}.jpg"),
            Page = WebAddress.Parse("http://site.test/"),
            Texts = [new(TextSource.Alt, $"a cat, number {number} – \"quoted\""), new(TextSource.Title, "cat")],
            Provider = "pages",
        };
        var match = new QueryMatch(new(new(7), "cat"), [new(3), new(7)]);
        var fetch = new FetchFacts(candidate.Image.Href, DateTimeOffset.UnixEpoch, 200, "image/jpeg", "\"tag\"", null);
        return new(new(candidate.Uid, candidate, match, fetch, Picture, new("set/image", 0.5f), new byte[] { 1, 2, 3, (byte)number }));
    }

    private static Verdict.Dropped Dropped(int number)
    {
        var pair = Kept(number).Pair;
        return new(new(pair.Uid, pair.Candidate, null, new(DropReason.HttpError, "404"), DateTimeOffset.UnixEpoch));
    }

    [Fact]
    public void A_verdict_comes_back_as_it_was()
    {
        using var folder = new StagingFolder(_folder);
        folder.Append(Kept(1));
        folder.Append(Dropped(2));
        var segment = folder.Close();

        Verdict[] read = [.. folder.Read(segment)];

        var kept = Assert.IsType<Verdict.Kept>(read[0]).Pair;
        Assert.Equal(Kept(1).Pair.Uid, kept.Uid);
        Assert.Equal(Kept(1).Pair.Candidate.Texts, kept.Candidate.Texts);
        Assert.Equal([new QueryId(3), new QueryId(7)], kept.Match!.All);
        Assert.Equal(Picture, kept.Picture);
        Assert.Equal([1, 2, 3, 1], kept.Image.ToArray());
        var dropped = Assert.IsType<Verdict.Dropped>(read[1]).Rejection;
        Assert.Equal(new Drop(DropReason.HttpError, "404"), dropped.Drop);
        Assert.Null(dropped.Fetch);
    }

    [Fact]
    public void A_restart_goes_on_in_the_open_segment()
    {
        using (var folder = new StagingFolder(_folder))
            folder.Append(Kept(1));

        using var again = new StagingFolder(_folder);
        again.Append(Kept(2));

        Assert.Equal([Kept(1).Pair.Uid, Kept(2).Pair.Uid], again.Open.Select(verdict => verdict.Uid));
        Assert.Equal(2, again.OpenPairs);
    }

    [Fact]
    public void The_names_of_commits_are_never_used_again()
    {
        string first, second;
        using (var folder = new StagingFolder(_folder))
        {
            folder.Append(Kept(1));
            var segment = folder.Close();
            first = folder.CommitOf(segment);
            folder.Delete(segment);
        }
        using (var folder = new StagingFolder(_folder))
        {
            folder.Append(Kept(2));
            second = folder.CommitOf(folder.Close());
        }

        Assert.NotEqual(first, second);
    }

    // A crash cuts the file at any byte, or leaves any byte of its tail wrong: whole records before stay, nothing else comes.
    [Fact]
    public void Whatever_a_crash_leaves_at_the_end_only_whole_verdicts_come_back()
    {
        using (var folder = new StagingFolder(_folder))
        {
            for (var number = 0; number < 4; number++)
                folder.Append(number % 2 == 0 ? Kept(number) : Dropped(number));
        }
        var path = Directory.GetFiles(_folder, "*.seg").Single();
        var whole = File.ReadAllBytes(path);
        PairUid[] uids = [.. Enumerable.Range(0, 4).Select(number => Kept(number).Pair.Uid)];

        Gen.Select(Gen.Int[0, whole.Length], Gen.Int[-1, whole.Length - 1]).Sample((cut, wrong) =>
        {
            var bytes = whole.AsSpan(0, cut).ToArray();
            if (wrong >= 0 && wrong < cut)
                bytes[wrong] ^= 0x5a;
            File.WriteAllBytes(path, bytes);
            using var folder = new StagingFolder(_folder);
            Assert.Equal(uids[..folder.Open.Count], folder.Open.Select(verdict => verdict.Uid));
        }, iter: 300, threads: 1);
    }

    public void Dispose() => Directory.Delete(_folder, recursive: true);
}
