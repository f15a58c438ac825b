using System.Globalization;
using System.Text;
using WebImageText.Tests.Hostile;

namespace WebImageText.Tests.OptOut;

/// <summary>A site that says something about the use of its picture, or of one elsewhere, and what is to become of it.</summary>
/// <param name="Name">First label of the host.</param>
/// <param name="Outcome">Word of the reason; <see cref="Kept"/> for a pair.</param>
/// <param name="Words">In the recorded detail: the statement as it stood.</param>
internal sealed record OptOutSite(string Name, string Outcome, string Words = "")
{
    public const string Kept = "kept", Domain = "optout.test";

    /// <summary>Answers by path; the picture is there unless it says otherwise, and all else is not.</summary>
    public Dictionary<string, Answer> Files { get; init; } = [];

    /// <summary>Fields of the picture's answer.</summary>
    public string[] Fields { get; init; } = [];

    /// <summary>It opts out before anyone has to ask for the picture.</summary>
    public bool IsUnasked { get; init; }

    /// <summary>The picture stands on another host, which says nothing.</summary>
    public bool IsElsewhere { get; init; }

    /// <summary>The statement stands in a page of its own: the markup before its picture, or null where an honest page of others shows it.</summary>
    public string? Page { get; init; }

    /// <summary>The picture is named by a list, with a page of this site that nobody visits.</summary>
    public bool IsListed { get; init; }

    /// <summary>Fields of that page's answer.</summary>
    public string[] PageFields { get; init; } = [];

    public byte[] Picture { get; init; } = HostileImages.Good();

    public string Host => $"{Name}.{Domain}";

    public string PictureHost => IsElsewhere ? $"{Name}-pictures.{Domain}" : Host;

    public string Address => $"http://{PictureHost}/picture.jpg";

    /// <summary>Row of the list.</summary>
    public string Row => $"{Address},a photograph of the old harbour and the boat that is called {Name.Replace('-', ' ')},http://{Host}/page.html";

    public string Img => $"<img src=\"{Address}\" alt=\"a photograph of the old harbour and the boat that is called {Name.Replace('-', ' ')}\">";

    public Answer For(Asked asked) => asked switch
    {
        { Target: "/" } when Page is not null => Wire.Page($"<!doctype html><html lang=en><head><title>A page</title>{Page}<p>{Img}", PageFields),
        { Target: "/picture.jpg" } when asked.Host == PictureHost && !Files.ContainsKey("/picture.jpg") => Wire.File(Picture, "image/jpeg", Fields),
        _ when asked.Host == Host && Files.TryGetValue(asked.Target, out var answer) => answer,
        _ => Wire.Status(404),
    };

    public static Answer Text(string text) => Wire.File(Encoding.UTF8.GetBytes(text), "text/plain");

    /// <summary>A robots.txt for everybody.</summary>
    public static Dictionary<string, Answer> Robots(string lines) => new() { ["/robots.txt"] = Text($"User-agent: *\n{lines}\nDisallow: /nothing\n") };

    /// <summary>Hours of the day, UTC, in which it is not now.</summary>
    public static string Hours(DateTimeOffset now) =>
        string.Create(CultureInfo.InvariantCulture, $"{now.AddHours(5).UtcDateTime:HHmm}-{now.AddHours(7).UtcDateTime:HHmm}");
}
