using Microsoft.Extensions.Time.Testing;
using WebImageText.Crawl.Fetch;

namespace WebImageText.Tests.Fetch;

public sealed class FetchPlacesTests
{
    private readonly FakeTimeProvider _clock = new();

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Success_opens_more_places_and_a_fault_of_this_machine_halves_them_and_pauses()
    {
        var places = new FetchPlaces(most: 1_000, siteShare: 1, _clock);
        for (var n = 0; n < 100; n++)
            await PassAsync(places, $"site{n}");
        Assert.Equal(164, places.Limit);

        await PassAsync(places, "site", "too many open files");

        Assert.Equal(82, places.Limit);
        Assert.Equal("too many open files", places.Trouble);
        var paused = places.EnterAsync("site", Stop).AsTask();
        Assert.False(paused.IsCompleted);
        _clock.Advance(TimeSpan.FromSeconds(1));
        await paused;
    }

    [Fact]
    public async Task A_burst_of_faults_halves_once()
    {
        var places = new FetchPlaces(most: 64, siteShare: 1, _clock);
        for (var n = 0; n < 10; n++)
            await places.EnterAsync("site", Stop);

        for (var n = 0; n < 10; n++)
            places.Leave("site", "no route");

        Assert.Equal(32, places.Limit);
    }

    [Fact]
    public async Task A_site_has_no_more_than_its_share_and_others_pass_it()
    {
        var places = new FetchPlaces(most: 8, siteShare: 0.25, _clock);
        await places.EnterAsync("large", Stop);
        await places.EnterAsync("large", Stop);
        var third = places.EnterAsync("large", Stop).AsTask();

        await places.EnterAsync("small", Stop);

        Assert.False(third.IsCompleted);
        places.Leave("large", null);
        await third;
    }

    [Fact]
    public async Task Whoever_gives_up_takes_no_place()
    {
        var places = new FetchPlaces(most: 1, siteShare: 1, _clock);
        await places.EnterAsync("one", Stop);
        using var impatient = new CancellationTokenSource();
        var waiting = places.EnterAsync("two", impatient.Token).AsTask();

        await impatient.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => waiting);
        places.Leave("one", null);
        await places.EnterAsync("three", Stop);
        Assert.Equal(1, places.Inside);
    }

    private static async Task PassAsync(FetchPlaces places, string site, string? fault = null)
    {
        await places.EnterAsync(site, Stop);
        places.Leave(site, fault);
    }
}
