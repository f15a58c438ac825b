namespace WebImageText.Crawl.Robots;

/// <summary>Whose rules of a robots.txt are ours.</summary>
public sealed class RobotsOptions
{
    /// <summary>Agents that can be inherited from at most.</summary>
    public const int MostAgents = 60;

    /// <summary>Our product token, whatever its case (RFC 9309, section 2.2.1). Default <c>webimagetext</c>.</summary>
    public string Token { get; set; } = "webimagetext";

    /// <summary>
    /// Other agents whose groups count as well: what refuses one of them refuses us. For lists that Common Crawl made, its
    /// <c>CCBot</c>; for everybody who collects for training, <see cref="TrainingAgents"/>. At most <see cref="MostAgents"/>. Default none.
    /// </summary>
    public IList<string> InheritedAgents { get; set; } = [];

    /// <summary>Product tokens of crawlers, and of controls, that site owners name to refuse the training of models.</summary>
    public static IReadOnlyList<string> TrainingAgents { get; } =
    [
        "AI2Bot", "Ai2Bot-Dolma", "Amazonbot", "anthropic-ai", "Applebot-Extended", "Bytespider", "CCBot", "ClaudeBot",
        "cohere-training-data-crawler", "Diffbot", "FacebookBot", "Google-Extended", "GPTBot", "ImagesiftBot", "img2dataset",
        "meta-externalagent", "omgili", "PanguBot", "Timpibot", "Webzio-Extended",
    ];
}
