using System.CommandLine;
using Spectre.Console;
using WebImageText.Cli.Terminal;
using WebImageText.Curate.Dedup.Index;

namespace WebImageText.Cli.Dedup;

/// <summary><c>wit dedup index</c>: evaluation sets become one file of descriptors.</summary>
internal static class IndexVerb
{
    public static Command Create()
    {
        var sets = DedupVerb.EvaluationSets("An evaluation set");
        sets.Required = true;
        var output = new Option<FileInfo>("--out") { Description = "The index", HelpName = "F", Required = true };
        var model = DescriberOption.Create();
        var plain = new Option<bool>("--no-views") { Description = "Only the images as they are, not mirrored, turned, cut, bordered and grey" };
        var verb = new Command("index", "Make an index of evaluation sets, to be kept out of training data") { sets, output, model, plain };
        verb.SetGuardedAction(async (parsed, stop) =>
        {
            var (path, named) = (parsed.GetRequiredValue(output).FullName, parsed.GetRequiredValue(sets).Select(DedupVerb.Named).ToArray());
            using var describer = DescriberOption.Open(parsed.GetValue(model));
            try
            {
                var head = await WorkProgress.RunAsync("Describing evaluation images", report => Task.Run(
                    () => DescriptorIndexBuilder.Build(path, [.. named.Select(set => (set.Name, EvaluationSource.Read(set.Source)))], describer,
                        !parsed.GetValue(plain), done => report(new(done, 0, $"{done:N0} images")), stop),
                    stop));
                Print(head, path, describer, parsed.GetValue(CommonOptions.Json));
                return ExitCode.Done;
            }
            catch (ArgumentException wrong)
            {
                throw UserErrorException.Usage(wrong.Message);
            }
        });
        return verb;
    }

    private static void Print(IndexHead head, string path, Describer describer, bool json)
    {
        foreach (var set in head.Sets)
            foreach (var unread in set.Unread.Take(10))
                Screen.Note($"not guarded: {set.Name}/{unread.File}: {unread.Why}");
        var result = new
        {
            Index = path,
            head.Id,
            head.Describer,
            describer.Model,
            describer.Dimension,
            Sets = head.Sets.Select(set => new
            {
                set.Name,
                Images = set.Images.Count,
                Rows = set.Images.Sum(image => image.Rows),
                Featureless = set.Images.Count(image => image.IsFeatureless),
                Unread = set.Unread.Count,
                set.Threshold,
            }),
        };
        if (json)
        {
            Screen.Result(result);
            return;
        }
        foreach (var set in result.Sets)
            Screen.Out.WriteLine($"{set.Name}: {set.Images:N0} images as {set.Rows:N0} descriptors, {set.Featureless} featureless, {set.Unread} not decoded, "
                + (set.Threshold is { } threshold ? $"threshold {threshold:0.0000}" : "no threshold yet: 'wit dedup calibrate'"));
        Screen.Out.WriteLine($"{path}: {result.Describer}, id {result.Id[..12]}");
    }
}
