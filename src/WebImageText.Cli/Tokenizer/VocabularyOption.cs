using System.CommandLine;
using WebImageText.Cli.Terminal;
using WebImageText.Learn.Text;

namespace WebImageText.Cli.Tokenizer;

/// <summary><c>--vocab</c>, on every verb that reads texts.</summary>
internal static class VocabularyOption
{
    public static Option<string?> Create() => new("--vocab")
    {
        Description = "Vocabulary: a file, 'clip' for the one that 'wit vocab fetch' brought, or 'shipped'; without it the model's own",
        HelpName = "F",
    };

    /// <summary>The tokenizer that was asked for, or null where none was.</summary>
    public static ClipTokenizer? Load(string? vocabulary)
    {
        try
        {
            return vocabulary switch
            {
                null => null,
                "shipped" => ClipTokenizer.Shipped,
                "clip" when !File.Exists(vocabulary) => ClipTokenizer.Load(PublishedVocabulary.Require()),
                _ => ClipTokenizer.Load(vocabulary),
            };
        }
        catch (InvalidDataException broken)
        {
            throw UserErrorException.BadData(broken.Message);
        }
        catch (Exception missing) when (missing is FileNotFoundException or DirectoryNotFoundException)
        {
            throw UserErrorException.Usage($"The vocabulary '{vocabulary}' does not exist. Name a file, 'shipped', or 'clip' after 'wit vocab fetch'.");
        }
    }
}
