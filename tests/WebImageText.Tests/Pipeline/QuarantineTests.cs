using WebImageText.Pipeline.Runs;
using WebImageText.Shards;
using WebImageText.Shards.Stores;
using WebImageText.Shards.Takedown;
using WebImageText.Shards.Verify;
using WebImageText.Tests.Shards;

namespace WebImageText.Tests.Pipeline;

public sealed class QuarantineTests : IDisposable
{
    private readonly TempFolder _folder = new();
    private readonly FolderStore _store;

    public QuarantineTests() => _store = new(_folder.Path);

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task A_picture_with_many_texts_goes_and_one_with_many_addresses_and_one_text_stays()
    {
        await SomeDataSet.WriteAsync(_store, 2, 6, Stop);
        var (placeholder, popular) = (SomePairs.Pair(3), SomePairs.Pair(8));
        var copies = Enumerable.Range(0, 6).SelectMany(number => new[] { Copy(placeholder, 100 + number, $"text {number}"), Copy(popular, 200 + number, "one text") }).ToList();
        var rejections = new RejectionWriter(_store, new(100));
        await rejections.StageAsync(7, "run", copies, Stop);
        await rejections.PublishAsync(7, "run", stop: Stop);

        Assert.Equal(1, await Quarantine.RunAsync(_store, 5, TimeProvider.System, Stop));
        Assert.Equal(0, await Quarantine.RunAsync(_store, 5, TimeProvider.System, Stop));

        var reader = new ShardReader(_store);
        var kept = reader.RowsAsync("00000", null, Stop).ToBlockingEnumerable(Stop).Concat(reader.RowsAsync("00001", null, Stop).ToBlockingEnumerable(Stop)).Select(row => row.Uid).ToList();
        Assert.DoesNotContain(placeholder.Uid.ToString(), kept);
        Assert.Equal(11, kept.Count);
        Assert.Contains($"sha256 {placeholder.Picture.Sha256}", await NeverFetch.ReadAsync(_store, Stop));
        var report = await new ShardVerifier(_store).RunAsync(stop: Stop);
        Assert.True(report.IsClean, string.Join('\n', report.Findings));
    }

    private static Rejection Copy(Pair of, int number, string text)
    {
        var candidate = of.Candidate with { Image = WebAddress.Parse($"https://copies.example/{number}.jpg"), Texts = [new(TextSource.Alt, text)] };
        return new(candidate.Uid, candidate, of.Match, new(DropReason.ExactDuplicate), SomePairs.Start, of.Fetch, of.Picture);
    }
}
