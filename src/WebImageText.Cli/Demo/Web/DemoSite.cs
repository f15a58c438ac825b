using System.Globalization;

namespace WebImageText.Cli.Demo.Web;

/// <summary>How a site writes the addresses of its pictures.</summary>
internal enum Addressing
{
    FromRoot,
    Relative,
    Absolute,
    WithoutScheme,
    /// <summary>Against a <c>base</c> element.</summary>
    Base,
    /// <summary>With a query, an escaped letter, spaces around: all that is allowed.</summary>
    Odd,
}

/// <summary>A host with its habits: gathers pictures, then writes its index, galleries, special pages, robots.txt and sitemap.</summary>
/// <param name="name">First label of its host name.</param>
/// <param name="habits">The idioms of its pages, in turn.</param>
internal sealed class DemoSite(string name, params IReadOnlyList<Idiom> habits)
{
    public const int PerPage = 12;

    private readonly List<(DemoItem Item, string Address, Shown Shown)> _pictures = [];

    public string Name => name;

    public PageCharset Charset { get; init; } = PageCharset.Utf8;

    public Addressing Addressing { get; init; }

    /// <summary>robots.txt; nothing: there is none.</summary>
    public string? Robots { get; init; } = "User-agent: *\nDisallow:\n";

    /// <summary>The host that serves its pictures; nothing: itself.</summary>
    public string? Pictures { get; init; }

    /// <summary>How many ordinary pictures it shows, against the other sites.</summary>
    public double Share { get; init; } = 1;

    /// <summary>Further links of its index.</summary>
    public IReadOnlyList<(string Address, string Text)> Links { get; init; } = [];

    public string Host => $"{name}.{DemoPlan.Domain}";

    public int Count => _pictures.Count;

    /// <summary>Can this site show it as it must be shown?</summary>
    public bool Suits(DemoItem item) =>
        (item.Site ?? name) == name && Charset.CanWrite(item.Written ?? item.Text) && (item.Shown is null || habits is not [Idiom.OpenGraph]);

    /// <summary>Puts a picture on one of the pages.</summary>
    /// <param name="item">The picture.</param>
    /// <param name="number">No other picture has it.</param>
    /// <param name="answers">Receives what its addresses answer.</param>
    /// <returns>The address under which it will be found.</returns>
    public string Show(DemoItem item, int number, Dictionary<string, DemoAnswer> answers)
    {
        var home = $"http://{(Pictures is null ? Host : $"{Pictures}.{DemoPlan.Domain}")}";
        var (path, written) = item.Address is not { } own ? Write(item, number, home)
            : Pictures is not null && own.StartsWith('/') ? (own, home + own) : (own, own);
        var address = path.StartsWith('/') ? home + path : path;
        answers[address] = item.Answer;
        foreach (var (station, answer) in item.Stations)
            answers[home + station] = answer;

        var idiom = item.Shown ?? habits[_pictures.Count % habits.Count];
        if (idiom == Idiom.Linked && item.Drop is not null)
            idiom = Idiom.Alt; // whoever follows the link would ask for what must not be asked for
        var small = address;
        if (idiom is Idiom.Srcset or Idiom.Picture && item.Answer is DemoAnswer.Picture picture)
        {
            small = $"{home}/small/{number:0000}.{picture.File.Extension}";
            answers[small] = new DemoAnswer.Picture(picture.File with { Scale = picture.File.Scale / 2 });
        }
        _pictures.Add((item, address, new(written, small, item.Written ?? item.Text, idiom)));
        return address;
    }

    /// <summary>Writes all pages.</summary>
    /// <param name="answers">Receives them.</param>
    /// <param name="neighbours">Sites to which the index links.</param>
    public void Publish(Dictionary<string, DemoAnswer> answers, IEnumerable<DemoSite> neighbours)
    {
        List<(string Address, string Text)> pages = [];
        var galleries = _pictures.Where(picture => picture.Item.Page is null && picture.Shown.Idiom != Idiom.OpenGraph).Chunk(PerPage);
        foreach (var (number, pictures) in galleries.Index())
            Page($"/gallery/{number + 1}.html", $"Gallery {number + 1}", "", [], pictures);
        foreach (var group in _pictures.Where(picture => picture.Item.Page is not null).GroupBy(picture => picture.Item.Page!))
            Page($"/gallery/{group.Key.Name}.html", $"The {group.Key.Name}", group.Key.Head, group.Key.Headers, group);
        var cards = _pictures.Where(picture => picture.Item.Page is null && picture.Shown.Idiom == Idiom.OpenGraph);
        foreach (var (number, picture) in cards.Index())
            Page($"/card/{number + 1}.html", $"Card {number + 1}", PageMarkup.OpenGraph(picture.Shown), [], [picture]);

        (string, string)[] links = [.. pages, .. Links, .. neighbours.Select(site => ($"http://{site.Host}/", site.Host))];
        Add("/", PageMarkup.Page($"Welcome to {name}", Charset.Meta, links, []), []);
        answers[$"http://{Host}/icon.png"] = new DemoAnswer.Picture(new(DemoPlan.Icon, Curate.Pixels.DrawnFormat.Png, Scale: 0.1));
        if (Robots is not null)
            answers[$"http://{Host}/robots.txt"] = new DemoAnswer.Text($"{Robots}\nSitemap: http://{Host}/sitemap.xml\n", "text/plain; charset=utf-8");
        answers[$"http://{Host}/sitemap.xml"] = new DemoAnswer.Text(
            "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<urlset xmlns=\"http://www.sitemaps.org/schemas/sitemap/0.9\">"
            + string.Concat(pages.Select(page => $"<url><loc>http://{Host}{page.Address}</loc></url>")) + "</urlset>\n", "application/xml");

        void Page(
            string path, string title, string head, IReadOnlyList<(string, string)> headers,
            IEnumerable<(DemoItem Item, string Address, Shown Shown)> pictures)
        {
            pages.Add((path, title));
            var rooted = Addressing == Addressing.Base ? "<base href=\"/pictures/\">" : "";
            var body = pictures.Select(picture => PageMarkup.Of(picture.Shown));
            Add(path, PageMarkup.Page(title, Charset.Meta + rooted + head, [("/", "Home")], body), headers);
        }

        void Add(string path, string html, IReadOnlyList<(string, string)> headers) => answers[$"http://{Host}{path}"] =
            new DemoAnswer.Text(html, Charset.ContentType, Charset.Encoding, Charset.Bom) { Headers = headers };
    }

    /// <summary>The canonical path of a picture, and what its pages write for it.</summary>
    private (string Path, string Written) Write(DemoItem item, int number, string home)
    {
        var extension = item.Answer is DemoAnswer.Picture picture ? picture.File.Extension : "jpg";
        var file = string.Create(CultureInfo.InvariantCulture, $"{number:0000}.{extension}");
        var path = $"/pictures/{file}";
        return Addressing switch
        {
            Addressing.Relative => (path, $"../pictures/{file}"),
            Addressing.Absolute => (path, home + path),
            Addressing.WithoutScheme => (path, home["http:".Length..] + path),
            Addressing.Base => (path, file),
            Addressing.Odd => (number % 3) switch
            {
                0 => ($"{path}?w=360&v=2", $"  {path}?w=360&v=2\n"),
                1 => ($"/pictures/gr%C3%B6sse/{file}", $"/pictures/größe/../grösse/{file}"),
                _ => (path, $"/./pictures/x/../{file}#top"),
            },
            _ => (path, path),
        };
    }
}
