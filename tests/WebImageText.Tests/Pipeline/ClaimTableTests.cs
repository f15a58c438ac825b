using WebImageText.Pipeline.Claims;

namespace WebImageText.Tests.Pipeline;

public class ClaimTableTests
{
    private static readonly PairUid One = new(1);
    private static readonly PairUid Two = new(2);
    private static readonly DateTimeOffset Now = new(2026, 1, 2, 3, 4, 5, TimeSpan.Zero);

    [Fact]
    public void A_uid_is_granted_once()
    {
        var table = new ClaimTable();

        Assert.Equal(ClaimState.Unknown, table.Claim(One, Now));
        Assert.Equal(ClaimState.Open, table.Claim(One, Now));
    }

    [Fact]
    public void A_second_commit_may_not_name_what_the_first_one_holds()
    {
        var table = new ClaimTable();
        table.Prepare("first", [One], Now);

        Assert.Equal([One], table.Conflicts("second", [One, Two]));
        Assert.Empty(table.Conflicts("first", [One, Two]));
    }

    [Fact]
    public void A_settled_uid_stays_settled()
    {
        var table = new ClaimTable();
        table.Prepare("first", [One], Now);
        table.Resolve("first", committed: true, Now);

        table.Stage(One, Now);

        Assert.Equal(ClaimState.Settled, table.Claim(One, Now));
        Assert.Equal([One], table.Conflicts("second", [One]));
    }

    [Fact]
    public void A_commit_that_comes_to_nothing_gives_its_uids_back()
    {
        var table = new ClaimTable();
        table.Prepare("first", [One], Now);

        table.Resolve("first", committed: false, Now);

        Assert.Empty(table.Conflicts("second", [One]));
    }

    [Fact]
    public void A_repeated_preparation_replaces_the_first()
    {
        var table = new ClaimTable();
        table.Prepare("first", [One, Two], Now);

        table.Prepare("first", [Two], Now);

        Assert.Empty(table.Conflicts("second", [One]));
        Assert.Equal([Two], table.Resolve("first", committed: true, Now));
        Assert.Equal(ClaimState.Staged, table.StateOf(One, Now));
    }

    [Fact]
    public void Work_that_nobody_renews_is_free_again()
    {
        var table = new ClaimTable();
        table.Claim(One, Now);
        table.Claim(Two, Now);
        var later = Now + ClaimTable.OpenLease;

        table.Renew(Two, later - TimeSpan.FromSeconds(1));

        Assert.Equal(ClaimState.Unknown, table.Claim(One, later));
        Assert.Equal(ClaimState.Open, table.Claim(Two, later));
    }

    [Fact]
    public void A_node_that_is_away_for_a_while_keeps_what_it_staged()
    {
        var table = new ClaimTable();
        table.Claim(One, Now);
        table.Stage(One, Now);

        Assert.Equal(ClaimState.Staged, table.StateOf(One, Now + ClaimTable.OpenLease));
        Assert.Equal(ClaimState.Unknown, table.StateOf(One, Now + ClaimTable.StagedLease));
    }

    [Fact]
    public void What_a_commit_holds_does_not_run_out()
    {
        var table = new ClaimTable();
        table.Claim(One, Now);
        table.Prepare("first", [One], Now);

        Assert.Equal(ClaimState.Prepared, table.StateOf(One, Now + TimeSpan.FromDays(1)));
    }
}
