using Microsoft.Extensions.Time.Testing;
using WebImageText.Crawl.Fetch;

namespace WebImageText.Tests.Fetch;

public sealed class SiteCountsTests
{
    private static readonly DateTimeOffset Now = new(2026, 1, 2, 3, 4, 5, TimeSpan.Zero);

    private readonly SiteCounts _counts = new(share: 0.25);

    private void Fetch(string site, int count)
    {
        for (var n = 0; n < count; n++)
            _counts.Add(site, Now);
    }

    [Fact]
    public void A_site_that_has_had_its_share_waits_while_others_are_asked()
    {
        Fetch("large", SiteCounts.Free);
        Fetch("small", 5);

        Assert.True(_counts.MustWait("large", Now));
        Assert.False(_counts.MustWait("small", Now));
        Assert.False(_counts.MustWait("large", Now + SiteCounts.OthersFor));
    }

    [Fact]
    public void The_first_fetches_are_free()
    {
        Fetch("large", SiteCounts.Free - 1);
        Fetch("small", 1);

        Assert.False(_counts.MustWait("large", Now));
    }

    [Fact]
    public void A_run_of_one_site_never_waits()
    {
        Fetch("only", SiteCounts.Free * 2);

        Assert.False(_counts.MustWait("only", Now));
    }

    [Fact]
    public void A_few_large_sites_do_not_wait_for_each_other()
    {
        foreach (var site in new[] { "one", "two", "three" })
            Fetch(site, SiteCounts.Free);
        var later = Now + SiteCounts.OthersFor;
        for (var n = 0; n < 300; n++)
        {
            var site = (n % 3) switch { 0 => "one", 1 => "two", _ => "three" };
            Assert.False(_counts.MustWait(site, later));
            _counts.Add(site, later);
        }
    }

    [Fact]
    public void In_the_long_run_no_site_has_more_than_its_share()
    {
        Fetch("large", SiteCounts.Free);
        var large = SiteCounts.Free;
        for (var n = 0; n < 200_000; n++)
        {
            _counts.Add($"small{n % 500}", Now);
            for (; !_counts.MustWait("large", Now); large++)
                _counts.Add("large", Now);
        }

        Assert.InRange(large / (200_000.0 + large), 0.2, 0.26);
    }

    [Fact]
    public void Sites_without_number_are_forgotten()
    {
        var most = 0;
        for (var n = 0; n < 500_000; n++)
        {
            _counts.Add($"site{n}", Now);
            most = Math.Max(most, _counts.Count);
        }

        Assert.Equal(SiteCounts.MostSites, most);
    }

    [Fact]
    public async Task Whoever_waits_for_others_goes_on_when_nobody_comes_any_more()
    {
        var clock = new FakeTimeProvider(Now);
        var places = new FetchPlaces(most: 8, siteShare: 0.25, clock);
        async Task PassAsync(string site)
        {
            await places.EnterAsync(site, TestContext.Current.CancellationToken);
            places.Leave(site, null);
        }
        for (var n = 0; n < SiteCounts.Free; n++)
            await PassAsync("large");
        await PassAsync("small");

        var waiting = places.EnterAsync("large", TestContext.Current.CancellationToken).AsTask();

        Assert.False(waiting.IsCompleted);
        clock.Advance(SiteCounts.OthersFor);
        await waiting;
    }
}
