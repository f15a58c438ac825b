using CsCheck;
using WebImageText.Crawl.Fetch;

namespace WebImageText.Tests.Fetch;

public class HostPaceTests
{
    private static readonly DateTimeOffset Noon = new(2026, 1, 15, 12, 0, 0, TimeSpan.Zero);

    private static readonly PaceOptions Options = new();

    private enum Event { Start, Succeed, Fail, SiteDelay, NotBefore, Restart, RestartWithoutState }

    [Fact]
    public void Whatever_happens_no_two_starts_are_closer_than_the_delay_and_no_promise_is_broken() =>
        Gen.Select(Gen.Enum<Event>(), Gen.Int[0, 3000], Gen.Int[0, 5000]).Array[1, 200].Sample(events =>
        {
            var pace = new HostPace(Options);
            var (now, lastStart, promised) = (Noon, DateTimeOffset.MinValue, DateTimeOffset.MinValue);
            var siteDelay = TimeSpan.Zero;
            foreach (var (what, later, length) in events)
            {
                now += TimeSpan.FromMilliseconds(later);
                var time = TimeSpan.FromMilliseconds(length);
                switch (what)
                {
                    case Event.Succeed:
                        pace.Succeeded();
                        break;
                    case Event.Fail:
                        pace.Failed((HostTrouble)(length % 6), now);
                        break;
                    case Event.SiteDelay:
                        pace.SetSiteDelay(siteDelay = time);
                        break;
                    case Event.NotBefore:
                        pace.NotBefore(now + time);
                        promised = now + time > promised ? now + time : promised;
                        break;
                    case Event.Restart:
                        pace = HostPace.AfterRestart(Options, pace.State, now);
                        break;
                    case Event.RestartWithoutState:
                        pace = HostPace.AfterRestart(Options, null, now);
                        (siteDelay, promised) = (TimeSpan.Zero, DateTimeOffset.MinValue); // nobody remembers them
                        break;
                    default:
                        if (!pace.TryStart(now))
                            break;
                        var delay = siteDelay > Options.HostDelay ? siteDelay : Options.HostDelay;
                        if (now < promised || (lastStart > DateTimeOffset.MinValue && now - lastStart < delay))
                            return false;
                        lastStart = now;
                        break;
                }
            }
            return true;
        });

    [Fact]
    public void A_host_never_asked_is_asked_at_once_and_one_after_a_restart_after_its_delay()
    {
        Assert.True(new HostPace(Options).TryStart(Noon));

        var restarted = HostPace.AfterRestart(Options, null, Noon);

        Assert.False(restarted.TryStart(Noon + TimeSpan.FromMilliseconds(999)));
        Assert.True(restarted.TryStart(Noon + TimeSpan.FromSeconds(1)));
    }

    [Fact]
    public void A_restart_keeps_what_was_saved()
    {
        var pace = new HostPace(Options);
        pace.SetSiteDelay(TimeSpan.FromSeconds(10));
        pace.NotBefore(Noon + TimeSpan.FromMinutes(1));

        var restarted = HostPace.AfterRestart(Options, pace.State, Noon);

        Assert.Equal(TimeSpan.FromSeconds(10), restarted.Delay);
        Assert.Equal(Noon + TimeSpan.FromMinutes(1), restarted.EarliestStart);
        Assert.Equal(Noon + TimeSpan.FromMinutes(2),
            HostPace.AfterRestart(Options, pace.State, Noon + TimeSpan.FromSeconds(110)).EarliestStart);
    }

    [Fact]
    public void A_site_can_lengthen_the_delay_and_not_shorten_it()
    {
        var pace = new HostPace(Options);
        pace.TryStart(Noon);

        pace.SetSiteDelay(TimeSpan.FromSeconds(5));
        Assert.Equal(Noon + TimeSpan.FromSeconds(5), pace.EarliestStart);

        pace.SetSiteDelay(TimeSpan.FromSeconds(0.1));
        Assert.Equal(TimeSpan.FromSeconds(1), pace.Delay);
        Assert.Equal(Noon + TimeSpan.FromSeconds(5), pace.EarliestStart);
    }

    [Fact]
    public void Each_failure_doubles_the_wait_until_the_host_is_parked()
    {
        var options = new PaceOptions { MaxBackoff = TimeSpan.FromMinutes(3), FailuresToPark = 5 };
        var pace = new HostPace(options);
        var waits = new List<double>();

        for (var failure = 1; failure <= 6; failure++)
        {
            var now = pace.EarliestStart > Noon ? pace.EarliestStart : Noon;
            pace.Failed(HostTrouble.ServerError, now);
            waits.Add((pace.EarliestStart - now).TotalSeconds);
            Assert.Equal(failure >= 5, pace.IsParked(now));
        }

        Assert.Equal([30, 60, 120, 180, 86_400, 86_400], waits);
    }

    [Fact]
    public void A_success_forgives_failures_but_not_the_wait()
    {
        var pace = new HostPace(Options);
        pace.Failed(HostTrouble.Timeout, Noon);
        pace.Failed(HostTrouble.Timeout, Noon);

        pace.Succeeded();

        Assert.Equal(Noon + TimeSpan.FromMinutes(2), pace.EarliestStart);
        pace.Failed(HostTrouble.Timeout, Noon + TimeSpan.FromMinutes(2));
        Assert.Equal(Noon + TimeSpan.FromMinutes(3), pace.EarliestStart);
    }

    [Theory]
    [InlineData(DropReason.HttpError, 404, null)]
    [InlineData(DropReason.HttpError, 429, HostTrouble.Throttled)]
    [InlineData(DropReason.HttpError, 500, HostTrouble.ServerError)]
    [InlineData(DropReason.Timeout, 0, HostTrouble.Timeout)]
    [InlineData(DropReason.DnsError, 0, HostTrouble.Dns)]
    [InlineData(DropReason.PrivateAddress, 0, null)]
    [InlineData(DropReason.Undecodable, 200, null)]
    public void A_failed_request_is_the_hosts_fault_or_not(DropReason reason, int status, HostTrouble? trouble) =>
        Assert.Equal(trouble, HostTroubles.Of(reason, status));
}
