using System.CommandLine;
using System.Text.Json;
using WebImageText.Cli.Terminal;

namespace WebImageText.Tests.Terminal;

[Collection(OneAtATime.Name)]
public class SettingsTests
{
    private static readonly RootCommand Root = new()
    {
        CommonOptions.Json,
        new Command("run")
        {
            new Option<string>("--host-delay"),
            new Option<string[]>("--provider"),
            new Option<bool>("--any-text"),
        },
    };

    private static IReadOnlyList<string> Expand(string json, string[] words, params (string, string)[] environment) =>
        new Settings(environment.ToDictionary(entry => entry.Item1, entry => entry.Item2), JsonDocument.Parse(json).RootElement, "wit.json").Expand(Root, words);

    [Fact]
    public void The_command_line_wins_over_variables_and_variables_over_the_file()
    {
        const string json = """{"run": {"host-delay": "3s"}}""";

        Assert.Equal(["run", "--host-delay", "1s"], Expand(json, ["run", "--host-delay", "1s"], ("WIT_HOST_DELAY", "2s")));
        Assert.Equal(["run", "--host-delay", "2s"], Expand(json, ["run"], ("WIT_HOST_DELAY", "2s")));
        Assert.Equal(["run", "--host-delay", "3s"], Expand(json, ["run"]));
    }

    [Fact]
    public void A_verbs_section_wins_over_the_top_level_and_lists_repeat_the_option()
    {
        const string json = """{"host-delay": "9s", "run": {"host-delay": "3s", "provider": ["pages", "searxng"]}}""";

        Assert.Equal(["run", "--host-delay", "3s", "--provider", "pages", "--provider", "searxng"], Expand(json, ["run"]));
    }

    [Fact]
    public void A_switch_is_on_or_off()
    {
        Assert.Equal(["run", "--any-text"], Expand("""{"run": {"any-text": true}}""", ["run"]));
        Assert.Equal(["run"], Expand("""{"run": {"any-text": false}}""", ["run"]));
        Assert.Throws<UserErrorException>(() => Expand("""{"run": {"any-text": "perhaps"}}""", ["run"]));
    }

    [Theory]
    [InlineData("20ms", 0.02)]
    [InlineData("1.5s", 1.5)]
    [InlineData("10m", 600)]
    [InlineData("2h", 7200)]
    [InlineData("1d", 86400)]
    public void Times_have_units(string text, double seconds)
    {
        Assert.True(CommonOptions.TryDuration(text, out var time));
        Assert.Equal(seconds, time.TotalSeconds, 6);
    }

    [Theory]
    [InlineData("20")]
    [InlineData("-1s")]
    [InlineData("s")]
    [InlineData("1e400s")]
    [InlineData("1 s")]
    public void Anything_else_is_no_time(string text) => Assert.False(CommonOptions.TryDuration(text, out _));

    [Theory]
    [InlineData("1000", 1000)]
    [InlineData("64KB", 64_000)]
    [InlineData("2GiB", 2L << 30)]
    public void Sizes_have_units_or_are_bytes(string text, long bytes)
    {
        Assert.True(CommonOptions.TryBytes(text, out var read));
        Assert.Equal(bytes, read);
    }
}
