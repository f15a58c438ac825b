using System.CommandLine;

namespace WebImageText.Cli.Evaluate;

/// <summary><c>wit eval</c>: what a model is worth. One file a measure.</summary>
internal static class EvalVerb
{
    public static Command Create() => new("eval", "Measure a trained model")
    {
        ZeroShotVerb.Create(),
    };
}
