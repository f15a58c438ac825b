using WebImageText.Cli.Demo.Scenes;
using WebImageText.Curate.Pixels;

namespace WebImageText.Cli.Demo.Web;

/// <summary>Everything that goes wrong on the web, each with its one right outcome, and the harmless things that look like it.</summary>
internal static class BadCases
{
    private static readonly SpecialPage[] OptedOutPages =
    [
        new("studio", "<meta name=\"robots\" content=\"noai, noimageai\">"),
        new("workshop", "<meta name=\"tdm-reservation\" content=\"1\">"),
        new("showroom", "", ("X-Robots-Tag", "noai")),
    ];

    private static readonly string[] OptOutTags = ["noai", "noimageai", "webimagetext: noai", "noindex, noimageai"];

    /// <param name="scenes">Makes a fresh scene for each.</param>
    /// <param name="evaluation">Scenes of the evaluation set, of which copies are about.</param>
    public static IEnumerable<DemoItem> All(SceneGenerator scenes, IReadOnlyList<Scene> evaluation) =>
    [
        .. Copies(scenes), .. EvaluationCopies(evaluation), .. BrokenFiles(scenes), .. Shapes(scenes), .. Refusals(scenes),
        .. Servers(scenes), .. Redirects(scenes), .. Texts(scenes), .. Queries(scenes),
    ];

    private static IEnumerable<DemoItem> Copies(SceneGenerator scenes)
    {
        for (var n = 0; n < 21; n++)
        {
            var scene = scenes.Any();
            var original = new DemoPicture(scene, n % 3 == 1 ? DrawnFormat.Png : DrawnFormat.Jpeg);
            var exact = n < 9;
            var copy = (n % 3, exact) switch
            {
                (0, true) => original,
                (1, true) => original with { Format = DrawnFormat.LosslessWebP },
                (_, true) => original with { Change = PictureChange.Commented },
                (0, false) => original with { Scale = n % 2 == 0 ? 0.85 : 1.3 },
                (1, false) => original with { Format = DrawnFormat.Jpeg, Quality = 35 },
                (_, false) => original with { Change = PictureChange.Brightened },
            };
            var reason = exact ? DropReason.ExactDuplicate : DropReason.NearDuplicate;
            foreach (var file in new[] { original, copy })
                yield return new(new DemoAnswer.Picture(file), scene.Caption, reason) { Group = $"copy-{n}" };
        }
    }

    private static IEnumerable<DemoItem> EvaluationCopies(IReadOnlyList<Scene> evaluation)
    {
        for (var n = 0; n < 24; n++)
        {
            var scene = evaluation[n * 7 % evaluation.Count];
            var file = new DemoPicture(scene);
            file = (n % 4) switch
            {
                0 => file with { Scale = n % 8 == 0 ? 0.85 : 1.3 },
                1 => file with { Change = PictureChange.Mirrored },
                2 => file with { Quality = 35 },
                _ => file with { Change = PictureChange.Brightened },
            };
            yield return new(new DemoAnswer.Picture(file), scene.Caption, DropReason.NearDuplicateOfEvaluationImage);
        }
    }

    private static IEnumerable<DemoItem> BrokenFiles(SceneGenerator scenes)
    {
        foreach (var format in new[] { DrawnFormat.Jpeg, DrawnFormat.Png, DrawnFormat.WebP, DrawnFormat.Jpeg, DrawnFormat.Png, DrawnFormat.WebP })
        {
            var scene = scenes.Any();
            yield return new(new DemoAnswer.Picture(new(scene, format, Change: PictureChange.Truncated)), scene.Caption, DropReason.Undecodable);
        }
        foreach (var (body, type) in new[]
        {
            ("<!doctype html><title>Sorry</title><p>This picture has moved to another place.", "image/jpeg"),
            ("{\"error\": \"not for you\"}", "image/png"), ("no picture here", "text/plain"),
            ("<!doctype html><title>Log in</title><p>Please log in to see this picture.", "text/html"),
        })
        {
            yield return new(new DemoAnswer.Text(body, type), scenes.Any().Caption,
                type.StartsWith("image/", StringComparison.Ordinal) ? DropReason.Undecodable : DropReason.NotAnImage);
        }
    }

    private static IEnumerable<DemoItem> Shapes(SceneGenerator scenes)
    {
        for (var n = 0; n < 8; n++)
        {
            var scene = scenes.Any();
            yield return new(new DemoAnswer.Picture(new(scene, Scale: 0.45)), scene.Caption, DropReason.TooSmall);
        }
        for (var n = 0; n < 6; n++)
            yield return new(scenes.Panorama(), DropReason.BadAspectRatio);
        var gigantic = scenes.Any();
        yield return new(
            new DemoAnswer.Picture(new(gigantic, DrawnFormat.Png, Change: PictureChange.Gigantic)), gigantic.Caption, DropReason.TooManyPixels);
    }

    private static IEnumerable<DemoItem> Refusals(SceneGenerator scenes)
    {
        for (var n = 0; n < 8; n++)
            yield return WithHeader("X-Robots-Tag", OptOutTags[n % OptOutTags.Length], DropReason.OptedOut);
        for (var n = 0; n < 3; n++)
            yield return WithHeader("TDM-Reservation", "1", DropReason.OptedOut);
        yield return WithHeader("X-Robots-Tag", "max-image-preview: large", null); // says nothing about use
        foreach (var page in OptedOutPages)
        {
            for (var n = 0; n < 3; n++)
                yield return new(scenes.Any(), DropReason.OptedOut) { Site = "gate", Page = page };
        }
        for (var n = 0; n < 6; n++)
            yield return new(scenes.Any(), DropReason.RobotsDisallowed) { Site = "fence", Address = $"/private/{n}.jpg" };
        for (var n = 0; n < 3; n++)
            yield return new(scenes.Any(), DropReason.RobotsDisallowed) { Site = "gate", Address = $"/members/{n}.jpg" };
        for (var n = 0; n < 2; n++) // its robots.txt cannot be read
            yield return new(scenes.Any(), DropReason.RobotsDisallowed) { Address = $"http://closed.{DemoPlan.Domain}/{n}.jpg" };

        DemoItem WithHeader(string name, string value, DropReason? reason)
        {
            var item = new DemoItem(scenes.Any(), reason);
            return item with { Answer = item.Answer with { Headers = [(name, value)] } };
        }
    }

    private static IEnumerable<DemoItem> Servers(SceneGenerator scenes)
    {
        foreach (var code in new[] { 404, 404, 404, 404, 410, 403, 500, 500 })
            yield return new(new DemoAnswer.Status(code), scenes.Any().Caption, DropReason.HttpError);
        for (var n = 0; n < 2; n++)
            yield return new(new DemoAnswer.Stalled(), scenes.Any().Caption, DropReason.Timeout) { Address = $"http://tortoise.{DemoPlan.Domain}/{n}.jpg" };
        yield return new(new DemoAnswer.Huge(Declared: true), scenes.Any().Caption, DropReason.TooLarge);
        yield return new(new DemoAnswer.Huge(Declared: false), scenes.Any().Caption, DropReason.TooLarge);
        var cut = scenes.Any();
        yield return new(new DemoAnswer.Cut(new(cut)), cut.Caption, DropReason.ConnectError);
    }

    private static IEnumerable<DemoItem> Redirects(SceneGenerator scenes)
    {
        for (var n = 0; n < 3; n++)
            yield return To($"/loop/{n}a.jpg", $"/loop/{n}b.jpg", DropReason.RedirectLoop, ($"/loop/{n}b.jpg", new DemoAnswer.Redirect($"/loop/{n}a.jpg")));
        var chain = Enumerable.Range(1, 30).Select(at => ($"/chain/{at}.jpg", (DemoAnswer)new DemoAnswer.Redirect($"/chain/{at + 1}.jpg")));
        yield return To("/chain/0.jpg", "/chain/1.jpg", DropReason.RedirectLoop, [.. chain]);
        for (var n = 0; n < 3; n++)
        {
            var scene = scenes.Any();
            yield return new(new DemoAnswer.Redirect($"/new/{n}.jpg"), scene.Caption)
            {
                Address = $"/old/{n}.jpg",
                Stations = [($"/new/{n}.jpg", new DemoAnswer.Picture(new(scene)))],
            };
        }
        yield return To("/out/1.jpg", "http://10.0.0.1/picture.jpg", DropReason.PrivateAddress);
        yield return To("/out/2.jpg", "http://169.254.169.254/latest/meta-data/", DropReason.PrivateAddress);
        yield return To("/out/3.jpg", "http://[::1]/picture.jpg", DropReason.PrivateAddress);
        yield return new(scenes.Any(), DropReason.PrivateAddress) { Address = "http://192.168.1.1/camera.jpg" };

        DemoItem To(string from, string to, DropReason reason, params (string, DemoAnswer)[] stations) =>
            new(new DemoAnswer.Redirect(to), scenes.Any().Caption, reason) { Address = from, Stations = stations };
    }

    private static IEnumerable<DemoItem> Texts(SceneGenerator scenes)
    {
        foreach (var foreign in ForeignTexts.All)
            yield return new DemoItem(scenes.Any(), DropReason.Language) with { Text = foreign };
        foreach (var text in new[] { "cat", "red cat", "A boat", "Whale!", "a b c", "IMG_2041.JPG", "two dogs" })
            yield return new DemoItem(scenes.Any(), DropReason.TextTooShort) with { Text = text };
        foreach (var idiom in new[] { Idiom.Decorative, Idiom.DecorativeTitle, Idiom.Bare, Idiom.Decorative, Idiom.Decorative, Idiom.Bare })
            yield return new(scenes.Any(), DropReason.NoText) { Shown = idiom };
        foreach (var hostile in new[] { "<script>alert(document.domain)</script>", "\"><img src=x onerror=alert(1)>", "</title><svg onload=alert(1)>" })
        {
            var item = new DemoItem(scenes.Any());
            yield return item with { Text = $"{item.Text.TrimEnd('.')}, with a dangerous label: {hostile}" };
        }
        var spaced = new DemoItem(scenes.Any());
        yield return spaced with { Written = "\n   " + spaced.Text.Replace(" ", " \u00a0\t\n ", StringComparison.Ordinal) + "  " };
        var composed = new DemoItem(scenes.Any());
        yield return composed with // e and a combining diaeresis become one letter (Unicode NFC)
        {
            Text = composed.Text.TrimEnd('.') + ", from the sketches of Zo\u00eb",
            Written = composed.Text.TrimEnd('.') + ", from the sketches of Zoe\u0308",
        };
    }

    private static IEnumerable<DemoItem> Queries(SceneGenerator scenes)
    {
        for (var n = 0; n < 14; n++)
            yield return new(scenes.One(SceneKind.Unlisted[n % SceneKind.Unlisted.Count]), DropReason.NoQuery);
        for (var n = 0; n < DemoPlan.Cap + 15; n++)
            yield return new(scenes.One(SceneKind.Overflowing), DropReason.QueryFull) { Group = DemoPlan.FullQuery };
    }
}
