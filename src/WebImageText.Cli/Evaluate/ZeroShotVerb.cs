using System.CommandLine;
using Spectre.Console;
using WebImageText.Cli.Terminal;
using WebImageText.Learn.Evaluate;

namespace WebImageText.Cli.Evaluate;

/// <summary><c>wit eval zero-shot</c>: classifies labelled images by their class names alone.</summary>
internal static class ZeroShotVerb
{
    private const double Level = 0.95;

    public static Command Create()
    {
        var data = new Option<string>("--data")
        {
            Description = "Labelled images: a folder of class folders, or shards such as 'test/{0..9}.tar'",
            HelpName = "DIR|TARS",
            Required = true,
        };
        var label = new Option<string>("--label")
        {
            Description = "In shards: the member's extension or the JSON field that holds the class",
            HelpName = "NAME",
            DefaultValueFactory = _ => "cls",
        };
        var classes = new Option<string?>("--classes")
        {
            Description = "Names of the classes: a JSON object from the set's class to name or names, or a list in the set's order; without it the set's own",
            HelpName = "F",
        };
        var templates = PromptOptions.Templates();
        var cache = PromptOptions.Cache();
        var batch = new Option<int>("--batch") { Description = "Images at once", HelpName = "N", DefaultValueFactory = _ => 64 };
        batch.Validators.Add(result =>
        {
            if (result.GetValueOrDefault<int>() is < 1 or > 65_536)
                result.AddError("--batch must be 1 to 65536.");
        });
        var model = new ModelOptions();
        var verb = new Command("zero-shot", "Accuracy of a model on classes that it only knows by name") { data, label, classes, templates, cache, batch };
        model.AddTo(verb);
        verb.SetAction((parsed, stop) => ModelOptions.Guarded(async () =>
        {
            using var encoder = model.Load(parsed);
            var set = await LabelledSet.OpenAsync(parsed.GetRequiredValue(data), parsed.GetRequiredValue(label), stop);
            var prompts = new ClassPrompts(
                ClassPrompts.LoadNames(parsed.GetValue(classes), set.Classes), ClassPrompts.LoadTemplates(parsed.GetRequiredValue(templates)));
            using var classifier = await WorkProgress.RunAsync("Reading class names", report => Task.FromResult(TextClassifier.Make(
                encoder, prompts, PromptOptions.Folder(parsed.GetValue(cache)), done => report(new(done, set.Classes.Count, $"{done:N0} classes")))));
            var score = await WorkProgress.RunAsync("Looking at images", report => ZeroShot.ScoreAsync(
                encoder, classifier, set, parsed.GetValue(batch), done => report(new(done, set.Images ?? 0, $"{done:N0} images")), stop));
            Report(score, prompts, classifier, parsed.GetValue(CommonOptions.Json));
            return score.Images > 0 ? ExitCode.Done : ExitCode.BadData;
        }));
        return verb;
    }

    private static void Report(ZeroShotScore score, ClassPrompts prompts, TextClassifier classifier, bool json)
    {
        var (low, high) = score.Interval(Level);
        foreach (var (name, why) in score.Broken.Take(5))
            Screen.Note($"not decoded: {name}: {why}");
        if (json)
        {
            Screen.Result(new
            {
                score.Images,
                Classes = score.Classes.Count,
                Templates = prompts.Templates.Count,
                score.Accuracy,
                AccuracyLow = low,
                AccuracyHigh = high,
                Level,
                Top5 = score.Images == 0 ? 0 : (double)score.RightInFive / score.Images,
                score.MeanPerClass,
                Chance = 1.0 / score.Classes.Count,
                Broken = score.Broken.Count,
                ClassifierKept = classifier.WasKept,
                ByClass = score.ByClass.Select(row => new { row.Class, row.Images, row.Right }),
                Confusions = score.Confusions.Take(20).Select(row => new { row.Is, row.Taken, row.Images }),
            });
            return;
        }
        Console.Out.WriteLine($"accuracy {score.Accuracy:P1}, {Level:P0} interval {low:P1} to {high:P1}; chance {1.0 / score.Classes.Count:P1}");
        Console.Out.WriteLine($"{score.Images:N0} images, {score.Classes.Count:N0} classes, {prompts.Templates.Count:N0} templates; " +
            $"in the first five {(score.Images == 0 ? 0 : (double)score.RightInFive / score.Images):P1}, mean of the classes {score.MeanPerClass:P1}" +
            (score.Broken.Count > 0 ? $"; {score.Broken.Count:N0} could not be decoded" : ""));
        var table = new Table().Border(TableBorder.None).HideHeaders().AddColumn("").AddColumn("").AddColumn(new TableColumn("").RightAligned());
        foreach (var (name, taken, images) in score.Confusions.Take(10))
            table.AddRow($"  {Markup.Escape(Screen.Printable(name))}", $"taken for {Markup.Escape(Screen.Printable(taken))}", $"{images:N0}");
        Screen.Out.Write(table);
    }
}
