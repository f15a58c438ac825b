using System.Diagnostics;
using System.Text.RegularExpressions;
using Azure.Storage.Blobs;
using WebImageText.Shards.Stores.Blobs;
using WebImageText.Tests.Shards.Stores;

[assembly: AssemblyFixture(typeof(Azurite))]

namespace WebImageText.Tests.Shards.Stores;

/// <summary>
/// Microsoft's emulator of Azure Blob, one process for all tests that want it. It is taken from the folder that WIT_AZURITE names,
/// or from a cache folder of the user, where npm installs it the first time.
/// </summary>
public sealed partial class Azurite : IAsyncDisposable
{
    private const string Version = "3.37.0";
    private const string Account = "devstoreaccount1";
    private const string Key = "Eby8vdM02xNOcqFlqUwJPLlmEtlCDXJ1OUzFT50uSRZ6IFsuFq2UVErCz4I6tq/K1SZFPTOtr/KBHBeksoGMGw=="; // published, the same everywhere

    private readonly SemaphoreSlim _starting = new(1);
    private readonly TempFolder _data = new();
    private Process? _process;
    private string? _missing;

    /// <summary>Port on the loopback, once it runs.</summary>
    public int Port { get; private set; }

    /// <summary>Starts it, or skips the test with the reason.</summary>
    public async Task RequireAsync(CancellationToken stop)
    {
        await _starting.WaitAsync(stop);
        try
        {
            if (_process is null)
                _missing ??= await StartAsync(stop);
        }
        finally
        {
            _starting.Release();
        }
        if (_missing is not null)
            Assert.Skip(_missing);
    }

    /// <summary>A store in a new container, reached through a port of the loopback: Azurite's own, or a proxy's.</summary>
    public async Task<AzureBlobStore> NewStoreAsync(string prefix, CancellationToken stop, int? port = null, AzureBlobOptions? options = null)
    {
        var container = $"test{Guid.NewGuid():n}";
        await new BlobContainerClient(Connection(Port), container, Client()).CreateAsync(cancellationToken: stop);
        return Open($"az://{container}/{prefix}", port ?? Port, options);
    }

    public static AzureBlobStore Open(string location, int port, AzureBlobOptions? options = null) => AzureBlobs.Open(
        location, name => name == "AZURE_STORAGE_CONNECTION_STRING" ? Connection(port) : null, options ?? new() { RetryDelay = TimeSpan.FromMilliseconds(10) });

    public static string Connection(int port) =>
        $"DefaultEndpointsProtocol=http;AccountName={Account};AccountKey={Key};BlobEndpoint=http://127.0.0.1:{port}/{Account};";

    public async ValueTask DisposeAsync()
    {
        if (_process is not null)
        {
            _process.Kill(entireProcessTree: true);
            await _process.WaitForExitAsync();
            _process.Dispose();
        }
        _data.Dispose();
        _starting.Dispose();
    }

    private static BlobClientOptions Client() => new() { Retry = { MaxRetries = 5 } };

    /// <returns>Why it cannot be started; null when it runs.</returns>
    private async Task<string?> StartAsync(CancellationToken stop)
    {
        var folder = Environment.GetEnvironmentVariable("WIT_AZURITE") is { Length: > 0 } named ? named : Path.Combine(
            Environment.GetFolderPath(Environment.SpecialFolder.LocalApplicationData, Environment.SpecialFolderOption.Create), "webimagetext", "azurite-" + Version);
        var main = Path.Combine(folder, "node_modules", "azurite", "dist", "src", "blob", "main.js");
        if (!File.Exists(main) && await InstallAsync(folder, stop) is { } reason)
            return reason;
        var process = Start("node", main, "--blobPort", "0", "--location", _data.Path, "--silent", "--skipApiVersionCheck", "--disableTelemetry");
        if (process is null)
            return "node is not here: Azure Blob is tested with Azurite, which runs on it";
        _process = process;
        while (await process.StandardOutput.ReadLineAsync(stop) is { } line)
            if (Listens().Match(line) is { Success: true } port)
            {
                Port = int.Parse(port.Groups[1].ValueSpan, null);
                return null;
            }
        return $"Azurite ended with {process.ExitCode}: {await process.StandardError.ReadToEndAsync(stop)}";
    }

    private static async Task<string?> InstallAsync(string folder, CancellationToken stop)
    {
        Directory.CreateDirectory(folder);
        using var npm = Start("npm", "install", "--prefix", folder, "--no-audit", "--no-fund", "--ignore-scripts", $"azurite@{Version}");
        if (npm is null)
            return "npm is not here: Azure Blob is tested with Azurite, which it would install";
        var said = npm.StandardError.ReadToEndAsync(stop);
        await npm.StandardOutput.ReadToEndAsync(stop);
        await npm.WaitForExitAsync(stop);
        return npm.ExitCode == 0 ? null : $"npm could not install azurite {Version}: {await said}";
    }

    private static Process? Start(string program, params string[] arguments)
    {
        try
        {
            return Process.Start(new ProcessStartInfo(program, arguments) { RedirectStandardOutput = true, RedirectStandardError = true });
        }
        catch (System.ComponentModel.Win32Exception)
        {
            return null; // no such program
        }
    }

    [GeneratedRegex(@"successfully listens on http://127\.0\.0\.1:(\d+)")]
    private static partial Regex Listens();
}
