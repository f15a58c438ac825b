using System.Globalization;

namespace WebImageText.Tests.Hostile;

/// <summary>Ways to send a crawler where it must not go: by redirect, by link, by name.</summary>
internal static class RedirectThreats
{
    /// <param name="canary">Port of loopback that nobody may come to.</param>
    public static IEnumerable<Threat> All(int canary)
    {
        var port = canary.ToString(CultureInfo.InvariantCulture);
        (string Name, string Address)[] forbidden =
        [
            ("loopback", $"http://127.0.0.1:{port}/loopback"), ("decimal", $"http://2130706433:{port}/decimal"), ("hex", $"http://0x7f000001:{port}/hex"),
            ("octal", $"http://0177.0.0.1:{port}/octal"), ("short", $"http://127.1:{port}/short"), ("zero", $"http://0:{port}/zero"), ("dot", $"http://127.0.0.1.:{port}/dot"),
            ("six", $"http://[::1]:{port}/six"), ("mapped", $"http://[::ffff:127.0.0.1]:{port}/mapped"), ("compatible", $"http://[::127.0.0.1]:{port}/compatible"),
            ("nat64", $"http://[64:ff9b::7f00:1]:{port}/nat64"), ("circled", $"http://①②⑦.⓪.⓪.①:{port}/circled"), ("wide", $"http://１２７．０．０．１:{port}/wide"),
            ("name", $"http://localhost:{port}/name"), ("sub-name", $"http://a.localhost:{port}/sub-name"), ("no-scheme", $"//localhost:{port}/"), ("backslash", $"\\\\127.0.0.1:{port}\\x"),
            ("user", $"http://www.example.com@127.0.0.1:{port}/user"), ("password", $"http://a:b@redirect-target.{Threat.Domain}/other"), ("escaped", $"http://%31%32%37.0.0.1:{port}/escaped"),
            ("cloud", "http://169.254.169.254/latest/meta-data/"), ("private", "http://10.0.0.1/"), ("carrier", "http://100.64.0.1/"), ("broadcast", "http://255.255.255.255/"),
            ("mail-port", $"http://redirect-target.{Threat.Domain}:25/picture"), ("local", "http://printer.local/"), ("onion", "http://expyuzz4wqqyqhjn.onion/"),
            ("file", "file:///etc/passwd"), ("file-host", "file://localhost/etc/passwd"), ("ftp", $"ftp://127.0.0.1:{port}/x"), ("gopher", $"gopher://127.0.0.1:{port}/x"),
            ("data", "data:image/gif;base64,R0lGODlhAQABAAAAACw="), ("script", "javascript:alert(1)"), ("blob", "blob:http://127.0.0.1/x"), ("jar", $"jar:http://127.0.0.1:{port}/x!/y"),
        ];
        return
        [
            .. forbidden.Select(to => new Threat($"redirect-{to.Name}", Wire.Raw($"HTTP/1.1 302 Found\r\nLocation: {Latin(to.Address.Replace($":{port}", "", StringComparison.Ordinal))}\r\nContent-Length: 0\r\n\r\n"), "private_address", "blocked", "http_error")),
            .. forbidden.Where(to => to.Name is not ("data" or "script" or "blob" or "jar" or "no-scheme" or "backslash")).Select(to =>
                new Threat($"link-{to.Name}", Wire.Status(404), "private_address", "blocked", to.Address.StartsWith("http", StringComparison.Ordinal) ? "blocked" : Threat.Unseen) { Address = to.Address }),
            // A name of the web that resolves to this machine.
            new("rebind", Wire.Status(404), "private_address") { Address = $"http://rebound.{Threat.Domain}/picture" },
            new("redirect-rebind", Moved($"http://rebound.{Threat.Domain}/picture"), "private_address"),

            // Round and round.
            new("redirect-self", Moved($"http://redirect-self.{Threat.Domain}/picture"), "redirect_loop"),
            new("redirect-there", Moved($"http://redirect-back.{Threat.Domain}/picture"), "redirect_loop"),
            new("redirect-back", Moved($"http://redirect-there.{Threat.Domain}/picture"), "redirect_loop"),
            new("redirect-grows", (wire, asked, stop) => Moved($"http://redirect-grows.{Threat.Domain}{asked.Target}x")(wire, asked, stop), "redirect_loop")
            {
                Other = (wire, asked, stop) => Moved($"http://redirect-grows.{Threat.Domain}{asked.Target}x")(wire, asked, stop),
            },

            // Nowhere.
            new("redirect-none", Wire.Status(302), "http_error"),
            new("redirect-empty", Wire.Status(302, "Location:"), "http_error", "redirect_loop"),
            new("redirect-garbage", Wire.Status(302, "Location: http://["), "http_error", "blocked"),
            new("redirect-control", Wire.Raw("HTTP/1.1 302 Found\r\nLocation: http://a\u0001\u007f b/\r\nContent-Length: 0\r\n\r\n"), "http_error", "blocked", "connect_error"),
            new("redirect-long", Wire.Status(302, $"Location: http://redirect-target.{Threat.Domain}/{new string('x', 30_000)}"), "blocked", "too_large"),
            new("redirect-twice", Wire.Status(302, $"Location: http://redirect-target.{Threat.Domain}/picture", $"Location: http://127.0.0.1:{port}/"), Threat.Kept, "http_error", "blocked", "private_address", "exact_duplicate"),
            new("redirect-multiple", Wire.Status(300), "http_error"),

            // Where it may go.
            new("redirect-target", Wire.File(HostileImages.Good()), Threat.Kept, "exact_duplicate"),
            new("redirect-good", Moved($"http://redirect-arrives.{Threat.Domain}/picture#part"), Threat.Kept, "exact_duplicate"),
            new("redirect-arrives", Wire.File(HostileImages.Good()), Threat.Kept, "exact_duplicate"),
            // Every hop asks the robots.txt of its own host.
            new("redirect-refused", Moved($"http://refusing.{Threat.Domain}/private/x"), "robots_disallowed"),
            new("refusing", Wire.File(HostileImages.Good()), Threat.Kept) { Robots = Wire.File("User-agent: *\nDisallow: /private/\n"u8.ToArray(), "text/plain") },
        ];
    }

    private static Answer Moved(string to) => Wire.Status(302, $"Location: {to}");

    // Field values are bytes; browsers read those of names as UTF-8.
    private static string Latin(string text) => System.Text.Encoding.Latin1.GetString(System.Text.Encoding.UTF8.GetBytes(text));
}
