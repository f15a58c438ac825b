using System.CommandLine;
using Spectre.Console;
using WebImageText.Cli.Terminal;

namespace WebImageText.Cli.Doctor;

/// <summary><c>wit doctor</c>: what this machine has, and what to do about what it lacks.</summary>
internal static class DoctorVerb
{
    public static Command Create()
    {
        var folder = new Option<DirectoryInfo>("--out")
        {
            Description = "Folder where a data set would go",
            HelpName = "DIR",
            DefaultValueFactory = _ => new(Environment.CurrentDirectory),
        }.AcceptExistingOnly();
        var verb = new Command("doctor", "Check this machine: codecs, ONNX and torch devices, file limits, disk, clock") { folder };
        verb.SetAction(parsed =>
        {
            List<Finding> findings = [.. Examination.Run(parsed.GetRequiredValue(folder).FullName, TimeProvider.System)];
            if (parsed.GetValue(CommonOptions.Json))
                Screen.Result(findings);
            else
                Print(findings);
            return findings.Exists(finding => finding.Health == Health.Broken) ? ExitCode.Failed : ExitCode.Done;
        });
        return verb;
    }

    private static void Print(IReadOnlyList<Finding> findings)
    {
        var grid = new Grid().AddColumn(new GridColumn().NoWrap()).AddColumn(new GridColumn().NoWrap()).AddColumn();
        foreach (var finding in findings)
        {
            var mark = finding.Health switch { Health.Good => "[green]good[/]", Health.Limited => "[yellow]limited[/]", _ => "[red]broken[/]" };
            grid.AddRow(Markup.Escape(finding.Part), mark, Markup.Escape(Screen.Printable(finding.Found)));
            if (finding.Remedy is { } remedy)
                grid.AddRow("", "", $"[grey]→ {Markup.Escape(remedy)}[/]");
        }
        Screen.Out.Write(grid);
    }
}
