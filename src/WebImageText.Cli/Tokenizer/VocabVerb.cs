using System.CommandLine;
using WebImageText.Cli.Terminal;

namespace WebImageText.Cli.Tokenizer;

/// <summary><c>wit vocab</c>: the vocabulary that OpenAI's and open_clip's models were trained with.</summary>
internal static class VocabVerb
{
    public static Command Create()
    {
        var from = new Option<string>("--from")
        {
            Description = "Address, or the path of a copy; checked by its sha256",
            HelpName = "URL|F",
            DefaultValueFactory = _ => PublishedVocabulary.Address,
        };
        var fetch = new Command("fetch", "Bring CLIP's published vocabulary (1.4 MB, MIT) to this machine") { from };
        fetch.SetAction(async (parsed, stop) =>
        {
            await PublishedVocabulary.FetchAsync(parsed.GetRequiredValue(from), stop);
            if (parsed.GetValue(CommonOptions.Json))
                Screen.Result(new { File = PublishedVocabulary.Path, PublishedVocabulary.Sha256 });
            else
                Console.Out.WriteLine($"{PublishedVocabulary.Path}: CLIP's vocabulary, sha256 {PublishedVocabulary.Sha256[..16]}…");
            return ExitCode.Done;
        });
        return new("vocab", "CLIP's published vocabulary") { fetch };
    }
}
