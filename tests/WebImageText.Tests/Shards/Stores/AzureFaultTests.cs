using Azure;
using WebImageText.Shards;
using WebImageText.Shards.Stores;
using WebImageText.Shards.Stores.Blobs;
using WebImageText.Shards.Verify;

namespace WebImageText.Tests.Shards.Stores;

public sealed class AzureFaultTests(Azurite azurite) : IAsyncLifetime
{
    private static readonly AzureBlobOptions Fast = new()
    {
        BlockBytes = 20_000,
        RetryDelay = TimeSpan.FromMilliseconds(10),
        LongestRetryDelay = TimeSpan.FromMilliseconds(50),
        NetworkTimeout = TimeSpan.FromSeconds(20),
    };

    private static readonly Fault[] Faults = [Fault.Busy, Fault.Broken, Fault.CutRequest, Fault.CutAnswer, Fault.CutBody, Fault.Slow];

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync() => await azurite.RequireAsync(Stop);

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(4)]
    [InlineData(5)]
    public async Task One_kind_of_fault_on_every_other_connection_is_overcome(int kind)
    {
        await using var proxy = new FaultyProxy(azurite.Port, connection => connection % 2 == 0 ? Faults[kind] : Fault.None);
        var store = await azurite.NewStoreAsync("x", Stop, proxy.Port, Fast);

        await WriteAndReadAsync(store, files: 3);

        Assert.True(proxy.Connections > 1 || Faults[kind] == Fault.Slow, "no fault happened");
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public async Task Faults_of_all_kinds_are_overcome(int seed)
    {
        var random = new Random(seed);
        var plan = Enumerable.Range(0, 10_000).Select(_ => random.Next(3) == 0 ? Faults[random.Next(Faults.Length)] : Fault.None).ToArray();
        await using var proxy = new FaultyProxy(azurite.Port, connection => plan[connection]);
        var store = await azurite.NewStoreAsync("x", Stop, proxy.Port, Fast);

        await WriteAndReadAsync(store, files: 5);
    }

    [Theory]
    [InlineData(Existing.Refuse)]
    [InlineData(Existing.Replace)]
    public async Task A_commit_whose_answer_was_lost_is_one_commit(Existing existing)
    {
        // the list of blocks is the first answer of a connection, that of the commit the second
        await using var proxy = new FaultyProxy(azurite.Port, connection => connection == 0 ? Fault.CutSecondAnswer : Fault.None);
        var direct = await azurite.NewStoreAsync("x", Stop, options: Fast);
        var faulty = Azurite.Open(direct.Location, proxy.Port, Fast);
        await direct.StageAsync("shards/00000.tar", "t", (stream, stop) => stream.WriteAsync(Content(50_000), stop).AsTask(), Stop);

        await faulty.PublishAsync("shards/00000.tar", "t", existing, Stop);

        Assert.Equal(2, proxy.Connections);
        Assert.Equal(SomePairs.Sha256(Content(50_000)), (await direct.FindAsync("shards/00000.tar", Stop))!.Sha256);
    }

    [Fact]
    public async Task A_server_that_stays_down_is_given_up()
    {
        await using var proxy = new FaultyProxy(azurite.Port, _ => Fault.Busy);
        var store = await azurite.NewStoreAsync("x", Stop, proxy.Port, Fast with { Retries = 3 });

        await Assert.ThrowsAsync<RequestFailedException>(() => store.FindAsync("shards/00000.tar", Stop));

        Assert.Equal(4, proxy.Connections);
    }

    [Fact]
    public async Task A_run_that_is_killed_twice_leaves_a_clean_data_set()
    {
        var random = new Random(7);
        await using var proxy = new FaultyProxy(azurite.Port, _ => random.Next(4) == 0 ? Faults[random.Next(Faults.Length)] : Fault.None);
        var store = await azurite.NewStoreAsync("run", Stop, proxy.Port, Fast);
        var (naming, done) = (new ShardNaming(50), new HashSet<int>());
        foreach (var killAt in new[] { 1, 3, int.MaxValue })
            await RunAsync(killAt);
        await ShardSizes.RebuildAsync(store, "run", Stop);

        var report = await new ShardVerifier(store).RunAsync(stop: Stop);

        Assert.True(report.IsClean, string.Join('\n', report.Findings));
        Assert.Equal((5, 250), (report.Shards, report.Samples));

        async Task RunAsync(int killAt)
        {
            var writer = new ShardWriter(Azurite.Open(store.Location, proxy.Port, Fast), naming); // a new process
            for (var shard = 0; shard < 5; shard++)
            {
                if (done.Contains(shard))
                    continue;
                await writer.StageAsync(shard, $"run-{shard}", SomePairs.Pairs(50, shard * 50), SomePairs.Times, Stop);
                if (shard == killAt)
                    return; // after staging, before publishing
                await writer.PublishAsync(shard, $"run-{shard}", Existing.Refuse, Stop);
                done.Add(shard);
            }
        }
    }

    private static async Task WriteAndReadAsync(AzureBlobStore store, int files)
    {
        for (var file = 0; file < files; file++)
        {
            var (name, content) = ($"shards/{file:d5}.tar", Content(100_000 + file));
            var staged = await store.StageAsync(name, "t", (stream, stop) => stream.WriteAsync(content, stop).AsTask(), Stop);
            Assert.Equal(SomePairs.Sha256(content), staged.Sha256);
            await store.PublishAsync(name, "t", Existing.Refuse, Stop);
        }
        for (var file = 0; file < files; file++)
        {
            await using var stream = await store.OpenReadAsync($"shards/{file:d5}.tar", stop: Stop);
            using var copy = new MemoryStream();
            await stream.CopyToAsync(copy, Stop);
            Assert.Equal(Content(100_000 + file), copy.ToArray());
        }
        Assert.Equal(files, store.ListAsync("", Stop).ToBlockingEnumerable(Stop).Count());
    }

    private static byte[] Content(int length)
    {
        var bytes = new byte[length];
        new Random(length).NextBytes(bytes);
        return bytes;
    }
}
