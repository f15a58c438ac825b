using System.CommandLine;
using WebImageText.Cli.Queries;
using WebImageText.Cli.Terminal;
using WebImageText.Crawl.Queries.Balance;
using WebImageText.Learn.Text;

namespace WebImageText.Cli.Tokenizer;

/// <summary><c>wit tokenizer train</c>: a byte-pair vocabulary from captions.</summary>
internal static class TokenizerTrainVerb
{
    public static Command Create()
    {
        var texts = new Argument<string[]>("captions")
        {
            Description = "Shards (.tar), .parquet, or lines (.txt, .tsv, .gz); a folder stands for its shards",
            Arity = ArgumentArity.OneOrMore,
        };
        var size = new Option<int>("--size")
        {
            Description = "Tokens in all, bytes and the two marks counted: 515 to 49408",
            HelpName = "N",
            DefaultValueFactory = _ => 8_192,
        };
        size.Validators.Add(result =>
        {
            if (result.GetValueOrDefault<int>() is < 515 or > 49_408)
                result.AddError("--size must be 515 to 49408.");
        });
        var file = new Option<string>("--out") { Description = "The vocabulary file to write; .gz is compressed", HelpName = "F", Required = true };
        var verb = new Command("train", "Learn a vocabulary from captions") { texts, size, file };
        verb.SetAction((parsed, stop) => QueriesVerb.Guarded(async () =>
        {
            var learner = new MergeLearner();
            var dirty = 0L;
            await foreach (var text in CaptionFiles.ReadAsync(parsed.GetRequiredValue(texts), () => dirty++, stop))
                learner.Add(text);
            var merges = learner.Learn(parsed.GetValue(size));
            var path = parsed.GetRequiredValue(file);
            MergeLearner.Write(path, merges);
            var tokens = 512 + merges.Count + 2;
            if (dirty > 0)
                Screen.Note($"{dirty:N0} texts are not valid UTF-8 or too long; they were read as far as they are");
            if (parsed.GetValue(CommonOptions.Json))
                Screen.Result(new { learner.Texts, DirtyTexts = dirty, learner.Words, Tokens = tokens, File = path });
            else
                Console.Out.WriteLine($"{path}: {tokens:N0} tokens from {learner.Texts:N0} texts with {learner.Words:N0} different words");
            return ExitCode.Done;
        }));
        return verb;
    }
}
