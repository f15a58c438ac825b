using System.Net;
using System.Net.Sockets;
using Microsoft.Extensions.Time.Testing;
using WebImageText.Crawl.Fetch.Names;

namespace WebImageText.Tests.Fetch;

public sealed class NameCacheTests
{
    private readonly FakeTimeProvider _clock = new();

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_name_is_asked_for_once_while_its_answer_holds()
    {
        var source = new Names(_ => new([IPAddress.Parse("192.0.2.1")], TimeSpan.FromHours(1)));
        using var cache = new NameCache(source, _clock);

        cache.Expect("a.example");
        await Task.WhenAll(Enumerable.Range(0, 50).Select(_ => cache.ResolveAsync("a.example", Stop)));
        _clock.Advance(TimeSpan.FromMinutes(59));
        await cache.ResolveAsync("a.example", Stop);
        Assert.Equal(1, cache.Asked);

        _clock.Advance(TimeSpan.FromMinutes(2));
        await cache.ResolveAsync("a.example", Stop);
        Assert.Equal(2, cache.Asked);
    }

    [Theory]
    [InlineData(false, 60)]
    [InlineData(true, 5)]
    public async Task That_there_is_none_is_kept_too_and_shortly_where_no_resolver_answered(bool isLocal, int seconds)
    {
        var source = new Names(host => new([], TimeSpan.Zero, new($"{host}: none", isLocal)));
        using var cache = new NameCache(source, _clock);
        await cache.ResolveAsync("gone.example", Stop);

        _clock.Advance(TimeSpan.FromSeconds(seconds - 1));
        Assert.NotNull((await cache.ResolveAsync("gone.example", Stop)).Fault);
        Assert.Equal(1, cache.Asked);

        _clock.Advance(TimeSpan.FromSeconds(2));
        await cache.ResolveAsync("gone.example", Stop);
        Assert.Equal(2, cache.Asked);
    }

    [Fact]
    public async Task It_forgets_before_it_grows_too_large()
    {
        var source = new Names(_ => new([IPAddress.Parse("192.0.2.1")], TimeSpan.FromHours(1)));
        using var cache = new NameCache(source, _clock, most: 100);
        for (var n = 0; n < 1_000; n++)
            await cache.ResolveAsync($"{n}.example", Stop);

        await cache.ResolveAsync("0.example", Stop);

        Assert.Equal(1_001, cache.Asked);
    }

    [Fact]
    public async Task A_resolver_that_is_named_is_asked()
    {
        using var server = new UdpClient(new IPEndPoint(IPAddress.Loopback, 0));
        using var end = CancellationTokenSource.CreateLinkedTokenSource(Stop);
        var answering = AnswerAsync(server, end.Token);
        var source = new UpstreamNames([(IPEndPoint)server.Client.LocalEndPoint!]);

        var known = await source.AskAsync("known.example", Stop);
        var unknown = await source.AskAsync("unknown.example", Stop);

        Assert.Equal([IPAddress.Parse("192.0.2.7")], known.Addresses);
        Assert.Equal(TimeSpan.FromSeconds(300), known.ValidFor);
        Assert.False(unknown.Fault!.IsLocal);
        await end.CancelAsync();
        await answering;
    }

    [Fact]
    public async Task A_resolver_that_is_not_there_says_nothing_of_the_name()
    {
        var answer = await new UpstreamNames([new(IPAddress.Loopback, 1)]).AskAsync("known.example", Stop);

        Assert.True(answer.Fault!.IsLocal);
    }

    // RFC 1035: the question comes back, with an address (type A) of 300 s, or with code 3 for a name that does not exist.
    private static async Task AnswerAsync(UdpClient server, CancellationToken stop)
    {
        try
        {
            while (true)
            {
                var asked = await server.ReceiveAsync(stop);
                var name = asked.Buffer.AsSpan(12);
                var length = name.IndexOf((byte)0) + 5;
                var isKnown = name[0] == "known".Length;
                var isAddress = asked.Buffer[12 + length - 3] == 1;
                byte[] question = [.. asked.Buffer[..2], 0x81, (byte)(isKnown ? 0x80 : 0x83), 0, 1, 0, (byte)(isKnown && isAddress ? 1 : 0), 0, 0, 0, 0, .. asked.Buffer.AsSpan(12, length)];
                byte[] answer = isKnown && isAddress ? [0xC0, 12, 0, 1, 0, 1, 0, 0, 1, 44, 0, 4, 192, 0, 2, 7] : [];
                await server.SendAsync((byte[])[.. question, .. answer], asked.RemoteEndPoint, stop);
            }
        }
        catch (OperationCanceledException)
        {
            // The end.
        }
    }

    private sealed class Names(Func<string, NameAnswer> answer) : INameSource
    {
        public Task<NameAnswer> AskAsync(string host, CancellationToken stop) => Task.FromResult(answer(host));
    }
}
