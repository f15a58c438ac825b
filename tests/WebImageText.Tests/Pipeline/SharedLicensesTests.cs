using WebImageText.Crawl.Fetch;
using WebImageText.Crawl.Robots;
using WebImageText.Pipeline.Hosts;

namespace WebImageText.Tests.Pipeline;

public sealed class SharedLicensesTests
{
    private static readonly SiteFile Licence = new(SiteFileKind.License, WebAddress.Parse("http://terms.test/licence.xml"));

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    private static KnownFile Known(DateTimeOffset at, HostTrouble? trouble = null, int tries = 0) =>
        new(Licence, RobotsPolicy.DecideUse(RobotsOutcome.Answered(trouble is null ? 200 : 503), trouble is not null), null, null, at, null, trouble, tries, null);

    [Fact]
    public async Task Who_asks_while_another_does_waits_for_the_same_answer()
    {
        var licenses = new SharedLicenses(tries: 3, TimeProvider.System);
        var answer = new TaskCompletionSource<KnownFile>();
        var asked = 0;
        Task<KnownFile> Ask(KnownFile? before)
        {
            asked++;
            return answer.Task;
        }

        var all = Enumerable.Range(0, 20).Select(_ => licenses.GetAsync(Licence, Ask, Stop)).ToList();
        var licence = Known(TimeProvider.System.GetUtcNow());
        answer.SetResult(licence);

        Assert.All(await Task.WhenAll(all), known => Assert.Same(licence, known));
        Assert.Equal(1, asked);
    }

    [Fact]
    public async Task A_fault_that_may_pass_is_tried_as_often_as_by_one_host_alone()
    {
        var licenses = new SharedLicenses(tries: 3, TimeProvider.System);
        var asked = 0;
        Task<KnownFile> Ask(KnownFile? before)
        {
            Assert.Equal(asked, before?.Tries ?? 0);
            return Task.FromResult(Known(TimeProvider.System.GetUtcNow(), HostTrouble.Throttled, ++asked));
        }

        for (var host = 0; host < 10; host++)
            await licenses.GetAsync(Licence, Ask, Stop);

        Assert.Equal(3, asked);
    }

    [Fact]
    public async Task A_failure_of_the_asker_leaves_the_way_open()
    {
        var licenses = new SharedLicenses(tries: 3, TimeProvider.System);

        await Assert.ThrowsAsync<IOException>(() => licenses.GetAsync(Licence, _ => throw new IOException(), Stop));

        Assert.NotNull(await licenses.GetAsync(Licence, _ => Task.FromResult(Known(TimeProvider.System.GetUtcNow())), Stop));
    }
}
