using System.Globalization;
using WebImageText.Cli.Report;
using WebImageText.Curate.Audit;

namespace WebImageText.Cli.Audit;

/// <summary>Writes an overlap audit as one HTML document: no script, nothing from elsewhere, every text encoded.</summary>
internal static class OverlapPage
{
    private static readonly string Start = HtmlHead.Of("Audit/overlap.css") + "<title>Data overlap</title>\n</head>\n<body>\n";

    /// <param name="report">The audit.</param>
    /// <param name="shown">Pairs around each threshold.</param>
    public static string Write(OverlapReport report, IReadOnlyList<ShownPair> shown)
    {
        var page = new HtmlText();
        page.Add($"<header><h1>Data overlap</h1>\n<p>{report.Training:N0} training pictures against {report.Index.Sets.Sum(set => set.Images.Count):N0} evaluation ");
        page.Add($"images of {report.Rows.Count} sets, compared by {report.Index.Describer}. {report.Without:N0} training pictures have no descriptor.</p></header>\n<main>\n");
        Table(page, report);
        page.Add($"""
            <section><h2>Overlap and accuracy</h2>
            <div class="plots">
            <figure><img src="difference.svg" alt="Accuracy on Overlap less Clean against overlap"><figcaption>How much better the model is on images that it
            may have seen, with the 99.5 % Clopper-Pearson interval.</figcaption></figure>
            <figure><img src="gain.svg" alt="Accuracy on All less Clean against overlap"><figcaption>What the overlap adds to the reported accuracy.
            One-sided binomial test.</figcaption></figure>
            </div>
            <p class="note">Overlap and Clean also differ in what they show and how hard it is, which can fake a gain or hide one. Where it matters, run a
            model that never saw this training data on the same split, and compare the two differences.</p></section>

            """);
        foreach (var (at, row) in report.Rows.Index())
            Set(page, at, row, report, shown);
        page.Add($"</main>\n</body>\n</html>\n");
        return Start + page;
    }

    private static void Table(HtmlText page, OverlapReport report)
    {
        page.Add($"<div class=\"wide\"><table><caption>Every set; {report.Tests} tested, each at 0.05 / {Math.Max(1, report.Tests)}</caption><thead><tr>");
        foreach (var head in (string[])["Set", "n", "overlap", "%", "threshold", "All", "Clean", "Overlap", "Overlap − Clean", "99.5 % interval", "All − Clean", "p", "featureless", "inspected"])
            page.Add($"<th scope=\"col\">{head}</th>");
        page.Add($"</tr></thead><tbody>\n");
        foreach (var (at, row) in report.Rows.Index())
        {
            page.Add($"<tr><th scope=\"row\"><a href=\"#set-{at}\">{row.Set}</a></th><td>{row.All.Examples:N0}</td><td>{row.Overlap.Examples:N0}</td>");
            page.Add($"<td>{Percent(row.Contamination)}</td><td>{row.Threshold:0.0000}</td><td>{Percent(row.All.Accuracy)}</td><td>{Percent(row.Clean.Accuracy)}</td>");
            page.Add($"<td>{Percent(row.Overlap.Accuracy)}</td><td>{Points(row.Difference)}</td><td>{Interval(row)}</td><td>{Points(row.Gain)}</td>");
            page.Add($"<td>{(row.P is { } p ? p.ToString("G3", CultureInfo.InvariantCulture) + (row.IsSignificant ? " *" : "") : "–")}</td><td>{row.Featureless.Examples:N0}</td>");
            page.Add($"<td>{(report.Inspected[at] is { Looked: > 0 } looked ? $"{looked.Copies} of {looked.Looked} are copies" : "–")}</td></tr>\n");
        }
        page.Add($"</tbody></table></div>\n");
    }

    private static void Set(HtmlText page, int at, OverlapRow row, OverlapReport report, IReadOnlyList<ShownPair> shown)
    {
        page.Add($"<section><h2 id=\"set-{at}\">{row.Set}</h2>\n");
        foreach (var note in row.Notes)
            page.Add($"<p class=\"note\">{note}.</p>\n");
        if (report.Index.Sets[at].Calibration is { } calibration)
            page.Add($"<p class=\"note\">Threshold {row.Threshold:0.0000}: {calibration.Reason}. It finds {Percent(calibration.Recall)} % of {calibration.Positives:N0} edited copies.</p>\n");
        page.Add($"<figure class=\"histogram\"><img src=\"{OverlapFiles.Histogram(at)}\" alt=\"Images by likeness of their nearest training image\"></figure>\n");
        Classes(page, row);
        page.Add($"<ul class=\"pairs\">\n");
        foreach (var (pair, evaluation, training) in shown.Where(shown => shown.Pair.Set == row.Set))
        {
            page.Add($"<li class=\"{(pair.IsOver ? "over" : "under")}\"><div>");
            Picture(page, evaluation, "evaluation image");
            Picture(page, training, "training picture");
            page.Add($"</div><p><b>{pair.Score:0.0000}</b> {(pair.IsOver ? "overlap" : "clean")}</p><p class=\"name\">{pair.File}</p><p class=\"name\">{pair.Crawl}</p></li>\n");
        }
        page.Add($"</ul></section>\n");
    }

    private static void Classes(HtmlText page, OverlapRow row)
    {
        if (row.ClassDistance is not { } distance)
            return;
        page.Add($"<p class=\"note\">Classes differ by {distance:0.00} between Overlap and Clean (0 the same mixture, 1 nothing in common). Most overlap: ");
        foreach (var (at, share) in row.Classes.Where(share => share.Overlap > 0).Take(8).Index())
            page.Add($"{(at > 0 ? ", " : "")}{share.Label} {share.Overlap} of {share.Overlap + share.Clean}");
        page.Add($".</p>\n");
    }

    private static void Picture(HtmlText page, string? file, string what)
    {
        if (file is null)
            page.Add($"<span>no picture</span>");
        else
            page.Add($"<img src=\"{file}\" alt=\"{what}\" loading=\"lazy\">");
    }

    private static string Percent(double? share) => share is { } value ? (100 * value).ToString("0.00", CultureInfo.InvariantCulture) : "–";

    private static string Points(double? difference) => difference is { } value ? (100 * value).ToString("+0.00;−0.00;0.00", CultureInfo.InvariantCulture) : "–";

    private static string Interval(OverlapRow row) => row.DifferenceLow is null ? "–" : $"{Points(row.DifferenceLow)} … {Points(row.DifferenceHigh)}";
}
