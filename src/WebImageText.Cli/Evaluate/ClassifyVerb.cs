using System.CommandLine;
using TorchSharp;
using WebImageText.Cli.Terminal;
using WebImageText.Learn.Evaluate;

namespace WebImageText.Cli.Evaluate;

/// <summary><c>wit classify</c>: which of some labels fits an image.</summary>
internal static class ClassifyVerb
{
    public static Command Create()
    {
        var images = new Argument<FileInfo[]>("images") { Description = "Image files", Arity = ArgumentArity.OneOrMore }.AcceptExistingOnly();
        var labels = new Option<string>("--labels") { Description = "Labels, separated by commas; any words", HelpName = "A,B,C", Required = true };
        var templates = PromptOptions.Templates();
        var top = new Option<int>("--top") { Description = "Labels shown of each image", HelpName = "N", DefaultValueFactory = _ => 5 };
        var model = new ModelOptions();
        var verb = new Command("classify", "Say which of some labels fits an image") { images, labels, templates, top };
        model.AddTo(verb);
        verb.SetAction((parsed, stop) => ModelOptions.Guarded(async () =>
        {
            string[] names = parsed.GetRequiredValue(labels).Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries);
            if (names.Length < 2)
                throw UserErrorException.Usage("--labels needs two or more, such as --labels cat,dog,\"traffic light\".");
            using var encoder = model.Load(parsed);
            using var classifier = TextClassifier.Make(
                encoder, new([.. names.Select(name => new[] { name })], ClassPrompts.LoadTemplates(parsed.GetRequiredValue(templates))), cache: null);
            var rows = new List<object>();
            var broken = 0;
            foreach (var image in parsed.GetRequiredValue(images))
            {
                stop.ThrowIfCancellationRequested();
                var (pixels, fault) = encoder.Read(await File.ReadAllBytesAsync(image.FullName, stop));
                if (pixels is null)
                {
                    broken++;
                    Screen.Error($"{image}: {fault!.Reason.Word()}: {fault.Detail}");
                    continue;
                }
                var ranked = Rank(encoder, classifier, pixels, names).Take(Math.Max(1, parsed.GetValue(top))).ToList();
                if (parsed.GetValue(CommonOptions.Json))
                    rows.Add(new { Image = image.ToString(), Labels = ranked.Select(row => new { row.Label, row.Probability, row.Similarity }) });
                else
                    Print(image, ranked);
            }
            if (parsed.GetValue(CommonOptions.Json))
                Screen.Result(rows);
            return broken == 0 ? ExitCode.Done : ExitCode.BadData;
        }));
        return verb;
    }

    private static List<(string Label, double Probability, double Similarity)> Rank(
        ClipEncoder encoder, TextClassifier classifier, byte[] pixels, string[] names)
    {
        using var scope = torch.NewDisposeScope();
        using var quiet = torch.no_grad();
        var similarities = classifier.Similarities(encoder.Images([pixels]))[0].cpu();
        var chances = (similarities * encoder.LogitScale).softmax(0).data<float>().ToArray();
        var cosines = similarities.data<float>().ToArray();
        return [.. names.Select((name, at) => (name, (double)chances[at], (double)cosines[at])).OrderByDescending(row => row.Item2)];
    }

    private static void Print(FileInfo image, List<(string Label, double Probability, double Similarity)> ranked)
    {
        Console.Out.WriteLine(Screen.Printable(image.ToString()));
        foreach (var (label, probability, _) in ranked)
            Console.Out.WriteLine($"  {probability,6:P1}  {Screen.Printable(label)}");
    }
}
