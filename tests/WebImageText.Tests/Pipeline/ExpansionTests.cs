using WebImageText.Crawl.Providers;
using WebImageText.Pipeline.Claims;
using WebImageText.Pipeline.Jobs;
using WebImageText.Pipeline.Queries;

namespace WebImageText.Tests.Pipeline;

public class ExpansionTests
{
    private static readonly IProvider[] Providers = [new SearxngProvider(WebAddress.Parse("http://search.test/search"))];
    private static readonly DateTimeOffset Now = new(2026, 1, 2, 3, 4, 5, TimeSpan.Zero);
    private static readonly PairUid One = new(1);
    private static readonly PairUid Two = new(2);

    private static JobNews News(string job, PairUid uid, ClaimState state) => new(new(JobKind.Search, "0", job), uid, state);

    [Fact]
    public void The_next_page_is_asked_for_before_the_last_one_is_settled()
    {
        var expansion = new Expansion();
        var job = expansion.Open("searxng", null);
        expansion.Answer(job, "2", [One], [], Now);

        expansion.Learn(News(job, One, ClaimState.Staged));

        Assert.True(expansion.IsQuiet);
        Assert.Empty(expansion.Settled());
        Assert.Equal("2", expansion.Next(Providers)?.Cursor);
    }

    [Fact]
    public void The_lasting_cursor_moves_only_over_settled_pages_in_their_order()
    {
        var expansion = new Expansion();
        var first = expansion.Open("searxng", null);
        expansion.Answer(first, "2", [One], [], Now);
        var second = expansion.Open("searxng", "2");
        expansion.Answer(second, null, [Two], [], Now);

        expansion.Learn(News(second, Two, ClaimState.Settled));
        var early = expansion.Settled();
        expansion.Learn(News(first, One, ClaimState.Settled));
        var late = expansion.Settled();

        Assert.Empty(early);
        Assert.Equal([new Advanced("searxng", "2"), new Advanced("searxng", null)], late);
        Assert.Null(expansion.Next(Providers));
    }

    [Fact]
    public void A_restart_asks_again_for_the_first_page_that_was_not_settled()
    {
        var expansion = new Expansion();

        expansion.Apply(new Advanced("searxng", "3"));

        Assert.Equal("3", expansion.Next(Providers)?.Cursor);
    }

    [Fact]
    public void A_provider_that_does_not_answer_is_left_for_another_run()
    {
        var expansion = new Expansion();

        expansion.Fail(expansion.Open("searxng", null));

        Assert.Null(expansion.Next(Providers));
        Assert.True(expansion.HasFailed);
        Assert.Empty(expansion.Settled());
    }

    [Fact]
    public void A_page_is_asked_for_again_when_work_on_it_is_lost()
    {
        var expansion = new Expansion();
        var job = expansion.Open("searxng", null);
        expansion.Answer(job, null, [One, Two], [], Now);
        var before = expansion.Again(Now);

        expansion.Learn(News(job, One, ClaimState.Unknown));
        var after = expansion.Again(Now);
        expansion.Answer(job, null, [One, Two], [], Now);

        Assert.Empty(before);
        Assert.Equal([(job, "searxng", (string?)null)], after);
        Assert.Empty(expansion.Again(Now));
    }

    [Fact]
    public void A_page_with_links_is_settled_once_every_host_has_taken_them_over()
    {
        var expansion = new Expansion();
        var job = expansion.Open("sitemap", null);
        expansion.Answer(job, null, [], ["a.test", "b.test"], Now);

        expansion.TakenOver(job, "a.test");
        var early = (expansion.IsQuiet, expansion.Settled());
        expansion.TakenOver(job, "b.test");

        Assert.False(early.IsQuiet);
        Assert.Empty(early.Item2);
        Assert.Equal([new Advanced("sitemap", null)], expansion.Settled());
    }

    [Fact]
    public void A_page_is_asked_for_again_when_nobody_takes_its_links_over()
    {
        var expansion = new Expansion();
        var job = expansion.Open("sitemap", null);
        expansion.Answer(job, null, [], ["a.test"], Now);

        Assert.Empty(expansion.Again(Now.AddSeconds(30)));
        Assert.Equal([(job, "sitemap", (string?)null)], expansion.Again(Now.AddMinutes(2)));
        Assert.Empty(expansion.Again(Now.AddMinutes(9)));
    }
}
