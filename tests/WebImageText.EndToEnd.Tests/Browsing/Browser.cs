using System.Diagnostics;
using System.Net.WebSockets;
using System.Text.Json;
using System.Text.Json.Nodes;
using WebImageText.Tests.Support;

namespace WebImageText.Tests.Browsing;

/// <summary>A page in Chromium, without a window, driven by the DevTools protocol.</summary>
internal sealed class Browser : IAsyncDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    private readonly Process _process;
    private readonly string _profile;
    private readonly ClientWebSocket _socket = new();
    private readonly List<string> _complaints = [];
    private string? _session;
    private int _last;

    private Browser(Process process, string profile) => (_process, _profile) = (process, profile);

    /// <summary>What the page said to its console, and errors that nobody caught.</summary>
    public IReadOnlyList<string> Complaints => _complaints;

    /// <summary>Starts Chromium with an empty page; skips the test where there is none.</summary>
    public static async Task<Browser> StartAsync(int width = 1280, int height = 900)
    {
        var program = Tools.Require("chromium");
        var profile = Directory.CreateTempSubdirectory("wit-chromium").FullName;
        var start = new ProcessStartInfo(program,
        [
            "--headless", "--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage", "--hide-scrollbars", "--remote-debugging-port=0",
            $"--user-data-dir={profile}", $"--window-size={width},{height}", "about:blank",
        ])
        {
            RedirectStandardError = true,
            RedirectStandardOutput = true,
        };
        var browser = new Browser(Process.Start(start)!, profile);
        using var patience = Limit();
        string? address = null;
        while (address is null && await browser._process.StandardError.ReadLineAsync(patience.Token) is { } line)
            if (line.StartsWith("DevTools listening on ", StringComparison.Ordinal))
                address = line["DevTools listening on ".Length..];
        Assert.True(address is not null, "Chromium ended before it listened");
        _ = browser._process.StandardError.ReadToEndAsync(CancellationToken.None);
        await browser._socket.ConnectAsync(new(address), patience.Token);
        var target = await browser.SendAsync("Target.createTarget", new { url = "about:blank" });
        var attached = await browser.SendAsync("Target.attachToTarget", new { targetId = (string)target["targetId"]!, flatten = true });
        browser._session = (string)attached["sessionId"]!;
        foreach (var domain in (string[])["Page.enable", "Runtime.enable", "Log.enable"])
            await browser.SendAsync(domain, new { });
        return browser;
    }

    /// <summary>Opens an address and waits until an expression is true.</summary>
    public async Task OpenAsync(Uri address, string until)
    {
        await SendAsync("Page.navigate", new { url = address.AbsoluteUri });
        await UntilAsync(until);
    }

    /// <summary>The value of an expression.</summary>
    public async Task<JsonNode?> ValueAsync(string expression)
    {
        var result = await SendAsync("Runtime.evaluate", new { expression, returnByValue = true, awaitPromise = true });
        Assert.True(result["exceptionDetails"] is null, $"{expression}: {result["exceptionDetails"]}");
        return result["result"]!["value"];
    }

    /// <summary>Waits until an expression is true.</summary>
    public async Task UntilAsync(string expression)
    {
        using var patience = Limit();
        while ((await ValueAsync($"Boolean({expression})"))?.GetValue<bool>() != true)
            await Task.Delay(30, patience.Token);
    }

    /// <summary>Presses and releases a key: a letter, or a name such as <c>ArrowRight</c>.</summary>
    public async Task PressAsync(string key)
    {
        await SendAsync("Input.dispatchKeyEvent", new { type = "keyDown", key, text = key.Length == 1 ? key : "" });
        await SendAsync("Input.dispatchKeyEvent", new { type = "keyUp", key });
    }

    /// <summary>PNG of what is seen.</summary>
    public async Task<byte[]> ScreenshotAsync() =>
        Convert.FromBase64String((string)(await SendAsync("Page.captureScreenshot", new { format = "png" }))["data"]!);

    public async ValueTask DisposeAsync()
    {
        _socket.Dispose();
        _process.Kill(entireProcessTree: true);
        await _process.WaitForExitAsync();
        _process.Dispose();
        for (var tries = 0; Directory.Exists(_profile); tries++)
            try
            {
                Directory.Delete(_profile, recursive: true);
            }
            catch (IOException) when (tries < 20)
            {
                await Task.Delay(100); // a child that is just ending may still write
            }
    }

    private async Task<JsonNode> SendAsync(string method, object parameters)
    {
        using var patience = Limit();
        var id = ++_last;
        var message = JsonSerializer.SerializeToNode(new { id, method, @params = parameters })!.AsObject();
        if (_session is not null)
            message["sessionId"] = _session;
        await _socket.SendAsync(JsonSerializer.SerializeToUtf8Bytes(message), WebSocketMessageType.Text, true, patience.Token);
        while (true)
        {
            var answer = await ReceiveAsync(patience.Token);
            if ((string?)answer["method"] is "Runtime.exceptionThrown" or "Runtime.consoleAPICalled" or "Log.entryAdded")
                _complaints.Add(answer["params"]!.ToJsonString());
            if ((int?)answer["id"] != id)
                continue;
            Assert.True(answer["error"] is null, $"{method}: {answer["error"]}");
            return answer["result"]!;
        }
    }

    private async Task<JsonNode> ReceiveAsync(CancellationToken stop)
    {
        using var message = new MemoryStream();
        var part = new byte[1 << 16];
        ValueWebSocketReceiveResult got;
        do
        {
            got = await _socket.ReceiveAsync(part.AsMemory(), stop);
            message.Write(part, 0, got.Count);
        }
        while (!got.EndOfMessage);
        return JsonNode.Parse(message.ToArray())!;
    }

    private static CancellationTokenSource Limit()
    {
        var limit = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
        limit.CancelAfter(Patience);
        return limit;
    }
}
