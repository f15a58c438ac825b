using WebImageText.Pipeline.Runs;
using WebImageText.Shards.Stores;
using WebImageText.Tests.Shards;
using WebImageText.Tests.Shards.Stores;

namespace WebImageText.Tests.Pipeline;

public sealed class WriterMarkTests(Azurite azurite) : IDisposable
{
    private readonly TempFolder _folder = new();

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task The_run_that_began_goes_on_and_another_is_refused()
    {
        var store = new FolderStore(_folder.File("set"));

        await WriterMark.TakeAsync(store, _folder.File("one"), Stop);
        await WriterMark.TakeAsync(store, _folder.File("one"), Stop);

        var refused = await Assert.ThrowsAsync<OtherWriterException>(() => WriterMark.TakeAsync(store, _folder.File("other"), Stop));
        Assert.Contains("--state", refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Of_many_that_begin_at_once_one_wins_in_Azure_too()
    {
        await azurite.RequireAsync(Stop);
        var store = await azurite.NewStoreAsync("set", Stop);

        var taken = await Task.WhenAll(Enumerable.Range(0, 6).Select(async number =>
        {
            try
            {
                await WriterMark.TakeAsync(store, _folder.File($"state{number}"), Stop);
                return true;
            }
            catch (OtherWriterException)
            {
                return false;
            }
        }));

        Assert.Single(taken, true);
    }
}
