using WebImageText.Shards;
using WebImageText.Shards.Stores;

namespace WebImageText.Tests.Shards;

public sealed class RejectionWriterTests : IDisposable
{
    private readonly TempFolder _folder = new();

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Another_reader_sees_what_was_rejected_and_why()
    {
        var writer = new RejectionWriter(new FolderStore(_folder.Path), new());
        var rejections = DropReasons.All.Select((reason, at) => SomePairs.Rejection(at, reason, $"detail {at}")).ToList();
        await writer.StageAsync(3, "t", rejections, Stop);
        await writer.PublishAsync(3, "t", stop: Stop);

        var rows = Duck.Ask(
            $"select uid, reason, detail, http_status, epoch_us(r.at), url from '{_folder.File("rejected/00003.parquet")}' r");

        Assert.Equal(
            rejections.Select(rejection => new object?[]
            {
                rejection.Uid.ToString(), rejection.Drop.Reason.Word(), rejection.Drop.Detail, rejection.Fetch!.Status,
                (rejection.At - DateTimeOffset.UnixEpoch).Ticks / TimeSpan.TicksPerMicrosecond, rejection.Candidate.Image.Href,
            }), rows);
    }

    [Fact]
    public async Task A_candidate_that_was_never_fetched_has_no_facts()
    {
        var writer = new RejectionWriter(new FolderStore(_folder.Path), new());
        var candidate = new Candidate { Image = WebAddress.Parse("https://a.example/1.jpg"), Provider = "pages", OptOut = "noai" };
        await writer.StageAsync(0, "t", [new(candidate.Uid, candidate, null, new(DropReason.NoText), SomePairs.Start)], Stop);
        await writer.PublishAsync(0, "t", stop: Stop);

        var row = Duck.Ask(
            $"select caption, query, http_status, sha256, pdq, detail, robots, len(query_ids) from '{_folder.File("rejected/00000.parquet")}'").Single();

        Assert.Equal([null, null, null, null, null, null, "noai", 0L], row);
    }
}
