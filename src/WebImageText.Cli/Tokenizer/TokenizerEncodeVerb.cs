using System.CommandLine;
using WebImageText.Cli.Terminal;
using WebImageText.Learn.Text;

namespace WebImageText.Cli.Tokenizer;

/// <summary><c>wit tokenizer encode</c>: what the text tower sees of a text.</summary>
internal static class TokenizerEncodeVerb
{
    public static Command Create()
    {
        var texts = new Argument<string[]>("text") { Description = "Texts", Arity = ArgumentArity.OneOrMore };
        var vocabulary = VocabularyOption.Create();
        var verb = new Command("encode", "Show the tokens of texts") { texts, vocabulary };
        verb.SetAction(parsed =>
        {
            var tokenizer = VocabularyOption.Load(parsed.GetValue(vocabulary)) ?? ClipTokenizer.Shipped;
            var rows = parsed.GetRequiredValue(texts).Select(text => (Text: text, Tokens: tokenizer.Encode(text))).ToList();
            if (parsed.GetValue(CommonOptions.Json))
                Screen.Result(rows.Select(row => new { row.Text, row.Tokens }));
            else
            {
                foreach (var (_, tokens) in rows)
                    Console.Out.WriteLine(string.Join(' ', tokens.Select(token => $"{token}:{tokenizer.Symbols[token]}")));
            }
            return ExitCode.Done;
        });
        return verb;
    }
}
