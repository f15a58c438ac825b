using System.CommandLine;

namespace WebImageText.Cli.Tokenizer;

/// <summary><c>wit tokenizer</c>: vocabularies of the text tower.</summary>
internal static class TokenizerVerb
{
    public static Command Create() => new("tokenizer", "Make a vocabulary, or look at the tokens of a text")
    {
        TokenizerTrainVerb.Create(),
        TokenizerEncodeVerb.Create(),
    };
}
