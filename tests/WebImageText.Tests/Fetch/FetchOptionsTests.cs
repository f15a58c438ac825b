using WebImageText.Crawl.Fetch;

namespace WebImageText.Tests.Fetch;

public class FetchOptionsTests
{
    [Fact]
    public void Whoever_is_asked_sees_a_contact() =>
        Assert.EndsWith(" (+crawl@example.org)", new FetchOptions { Contact = "crawl@example.org" }.UserAgent, StringComparison.Ordinal);

    [Fact]
    public void Without_a_contact_user_and_machine_stand_in() =>
        Assert.Matches(@"^WebImageText/\d+\.\d+\.\d+ \(\+[\w.-]+@[\w.-]+\)$", new FetchOptions().UserAgent);
}
