namespace WebImageText.Cli.Report;

/// <summary>Writes a contact sheet as one HTML document: no script, nothing from elsewhere, every text encoded.</summary>
internal static class SheetPage
{
    /// <summary>Pictures in the strip under the title.</summary>
    private const int OnTop = 8;

    private static readonly string Start = HtmlHead.Of("Report/sheet.css");

    private readonly record struct Part(Outcome Outcome, SheetSection Section)
    {
        public string Family => Class(Outcome.Family);
    }

    /// <param name="sheet">What is shown.</param>
    /// <param name="thumbnails">The file of each picture's thumbnail, relative to the page; nothing where there is none.</param>
    public static string Write(ContactSheet sheet, IReadOnlyDictionary<SheetPicture, string> thumbnails)
    {
        Part[] parts =
        [
            new(Outcome.Kept, sheet.Kept),
            .. sheet.Dropped.Where(dropped => dropped.Value.Count > 0)
                .OrderByDescending(dropped => dropped.Value.Count).ThenBy(dropped => dropped.Key)
                .Select(dropped => new Part(Outcome.Of(dropped.Key), dropped.Value)),
        ];
        var page = new HtmlText();
        page.Add($"<title>{sheet.Title}</title>\n</head>\n<body>\n<header>\n<h1>{sheet.Title}</h1>\n<p class=\"lead\">{sheet.Introduction}</p>\n");
        Strip(page, sheet, thumbnails);
        Shares(page, sheet, parts);
        Facts(page, sheet);
        Table(page, sheet, parts);
        page.Add($"</header>\n<main>\n");
        foreach (var part in parts)
            Section(page, part, thumbnails);
        page.Add($"</main>\n<footer><a href=\"#top\">Back to the top</a></footer>\n</body>\n</html>\n");
        return Start + page;
    }

    private static void Strip(HtmlText page, ContactSheet sheet, IReadOnlyDictionary<SheetPicture, string> thumbnails)
    {
        page.Add($"<div class=\"strip\" aria-hidden=\"true\">");
        foreach (var picture in sheet.Kept.Examples.Where(thumbnails.ContainsKey).Take(OnTop))
            page.Add($"<img src=\"{thumbnails[picture]}\" alt=\"\">");
        page.Add($"</div>\n");
    }

    /// <summary>One bar of all outcomes, by what they have to do with.</summary>
    private static void Shares(HtmlText page, ContactSheet sheet, Part[] parts)
    {
        var families = parts.GroupBy(part => part.Outcome.Family)
            .Select(family => (Family: family.Key, Count: family.Sum(part => part.Section.Count))).ToArray();
        page.Add($"<svg class=\"share\" viewBox=\"0 0 100 1\" preserveAspectRatio=\"none\" aria-hidden=\"true\">");
        var at = 0.0;
        foreach (var (family, count) in families)
        {
            var share = Percent(count, sheet);
            page.Add($"<rect class=\"bar {Class(family)}\" x=\"{at:0.###}\" width=\"{share:0.###}\" height=\"1\"/>");
            at += share;
        }
        page.Add($"</svg>\n<ul class=\"legend\">");
        foreach (var (family, count) in families)
            page.Add($"<li class=\"{Class(family)}\">{Outcome.NameOf(family)} <b>{count:N0}</b></li>");
        page.Add($"</ul>\n");
    }

    private static void Facts(HtmlText page, ContactSheet sheet)
    {
        if (sheet.Facts.Count == 0)
            return;
        page.Add($"<dl class=\"facts\">");
        foreach (var (name, value) in sheet.Facts)
            page.Add($"<div><dt>{name}</dt><dd>{value}</dd></div>");
        page.Add($"</dl>\n");
    }

    private static void Table(HtmlText page, ContactSheet sheet, Part[] parts)
    {
        page.Add($"""
            <table><caption>What became of every picture</caption>
            <thead><tr><th scope="col">Outcome</th><th scope="col" class="meaning">Meaning</th><th scope="col" class="number">Pictures</th>
            <th scope="col" class="number">Share</th><th class="scale" aria-hidden="true"></th></tr></thead>
            <tbody>

            """);
        foreach (var part in parts)
        {
            var share = Percent(part.Section.Count, sheet);
            page.Add($"<tr class=\"{part.Family}\"><td><a href=\"#{part.Outcome.Word}\">{part.Outcome.Name}</a></td>");
            page.Add($"<td class=\"meaning\">{part.Outcome.Meaning}</td><td class=\"number\">{part.Section.Count:N0}</td>");
            page.Add($"<td class=\"number\">{share:0.0} %</td><td class=\"scale\" aria-hidden=\"true\">");
            page.Add($"<svg viewBox=\"0 0 100 1\" preserveAspectRatio=\"none\"><rect class=\"bar\" width=\"{share:0.##}\" height=\"1\"/></svg></td></tr>\n");
        }
        page.Add($"</tbody></table>\n");
    }

    private static void Section(HtmlText page, Part part, IReadOnlyDictionary<SheetPicture, string> thumbnails)
    {
        var (outcome, section) = part;
        var shown = section.Examples.Take(SheetWriter.MostExamples).ToArray();
        var more = section.Count - shown.Length;
        page.Add($"<section class=\"{part.Family}\" aria-labelledby=\"{outcome.Word}\"><h2 id=\"{outcome.Word}\">{outcome.Name}</h2>\n");
        page.Add($"<p>{outcome.Meaning} {section.Count:N0} in all");
        if (more > 0)
            page.Add($", {more:N0} more than shown here");
        page.Add($".</p>\n<ul class=\"sheet\">\n");
        foreach (var picture in shown)
            Card(page, picture, thumbnails.GetValueOrDefault(picture));
        page.Add($"</ul></section>\n");
    }

    private static void Card(HtmlText page, SheetPicture picture, string? thumbnail)
    {
        var described = !string.IsNullOrWhiteSpace(picture.Caption);
        page.Add($"<li><div class=\"frame\">");
        if (thumbnail is not null) // the caption below describes it; twice would be read twice
            page.Add($"<img src=\"{thumbnail}\" alt=\"{(described ? "" : "A picture without a caption")}\" loading=\"lazy\" decoding=\"async\">");
        else
            page.Add($"<span>no picture</span>");
        page.Add($"</div><div class=\"words\">");
        if (described)
            page.Add($"<p class=\"caption\" dir=\"auto\">{picture.Caption}</p>");
        else
            page.Add($"<p class=\"caption none\">no caption</p>");
        Line("query", picture.Query);
        Line("detail", picture.Detail);
        Line("address", picture.Address);
        page.Add($"</div></li>\n");

        void Line(string name, string? text)
        {
            if (!string.IsNullOrWhiteSpace(text))
                page.Add($"<p class=\"{name}\">{text}</p>");
        }
    }

    private static double Percent(long count, ContactSheet sheet) => 100.0 * count / Math.Max(1, sheet.Total);

    private static string Class(OutcomeFamily family) => family.ToString().ToLowerInvariant();
}
