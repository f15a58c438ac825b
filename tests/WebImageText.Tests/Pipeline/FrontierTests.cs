using WebImageText.Pipeline.Claims;
using WebImageText.Pipeline.Hosts;
using WebImageText.Pipeline.Jobs;

namespace WebImageText.Tests.Pipeline;

public class FrontierTests
{
    private static readonly FoundPage Home = new(WebAddress.Parse("http://site.test/"), 0);
    private static readonly string HomeName = Home.Address.Canonical;
    private static readonly PairUid One = new(1);
    private static readonly DateTimeOffset Now = new(2026, 1, 2, 3, 4, 5, TimeSpan.Zero);

    private static JobNews News(ClaimState state) => new(new(JobKind.Visit, "site.test", HomeName), One, state);

    [Fact]
    public void A_page_is_found_once()
    {
        var frontier = new Frontier();
        frontier.Apply(new PagesFound([Home]));

        Assert.Empty(frontier.New([Home, new(WebAddress.Parse("http://site.test/#part"), 1)]));
    }

    [Fact]
    public void A_host_has_so_many_pages_and_no_more()
    {
        var frontier = new Frontier(most: 3);
        frontier.Apply(new PagesFound(frontier.New([Home])));
        frontier.Apply(new PagesFound(frontier.New(Enumerable.Range(0, 9).Select(n => new FoundPage(WebAddress.Parse($"http://site.test/{n}"), 1)))));

        Assert.True(frontier.IsFull);
        Assert.Equal(3, frontier.Queued);
        Assert.Empty(frontier.New([new(WebAddress.Parse("http://site.test/more"), 1)]));
    }

    [Fact]
    public void A_page_with_credentials_is_no_page_and_keeps_none_out()
    {
        var frontier = new Frontier();

        Assert.Equal([Home], frontier.New([new(WebAddress.Parse("http://a:b@site.test/"), 0), Home]));
    }

    [Fact]
    public void A_page_is_visited_when_its_candidates_are_settled_and_its_links_taken_over()
    {
        var frontier = new Frontier();
        frontier.Apply(new PagesFound([Home]));
        frontier.Take(Now);
        frontier.Read(HomeName, [One], ["other.test"]);

        frontier.Learn(News(ClaimState.Staged));
        var quietBefore = frontier.IsQuiet;
        frontier.TakenOver(HomeName, "other.test");
        var quiet = frontier.IsQuiet;
        var early = frontier.Settled();
        frontier.Learn(News(ClaimState.Settled));

        Assert.False(quietBefore);
        Assert.True(quiet);
        Assert.Empty(early);
        Assert.Equal([new PageVisited(HomeName)], frontier.Settled());
        Assert.True(frontier.IsSettled);
    }

    [Fact]
    public void A_restart_visits_what_was_found_and_not_visited()
    {
        var frontier = new Frontier();
        frontier.Apply(new PagesFound([Home, new(WebAddress.Parse("http://site.test/2"), 1)]));
        frontier.Apply(new PageVisited(HomeName));

        Assert.Equal("http://site.test/2", frontier.Take(Now)?.Address.Href);
        Assert.Null(frontier.Take(Now));
    }

    [Fact]
    public void A_page_is_visited_again_when_work_on_it_or_word_of_its_links_is_lost()
    {
        var frontier = new Frontier();
        frontier.Apply(new PagesFound([Home]));
        frontier.Take(Now);
        frontier.Read(HomeName, [One], ["other.test"]);
        var early = frontier.Again(Now);

        var linksLost = frontier.Again(Now.AddMinutes(2));
        frontier.Read(HomeName, [One], []);
        frontier.Learn(News(ClaimState.Unknown));

        Assert.Empty(early);
        Assert.Equal([Home], linksLost);
        Assert.Equal([Home], frontier.Again(Now.AddMinutes(2)));
    }
}
