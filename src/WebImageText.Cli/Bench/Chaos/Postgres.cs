using System.Diagnostics;
using System.Globalization;
using System.Net;
using WebImageText.Cli.Cluster;
using WebImageText.Cli.Terminal;

namespace WebImageText.Cli.Bench.Chaos;

/// <summary>A PostgreSQL server of our own on a free port, that can be killed and started again.</summary>
/// <remarks>PostgreSQL refuses to run as root: then it runs as the user <c>postgres</c> that its package makes.</remarks>
internal sealed class Postgres : IAsyncDisposable
{
    private const string Debian = "/usr/lib/postgresql";

    private readonly string _programs;
    private readonly string _folder;
    private readonly IPAddress _address;
    private readonly int _port;
    private Process? _server;

    private Postgres(string programs, string folder, IPAddress address, int port) =>
        (_programs, _folder, _address, _port) = (programs, folder, address, port);

    /// <summary>For <c>wit node --journal</c>.</summary>
    public string Connection => string.Create(CultureInfo.InvariantCulture, $"Host={_address};Port={_port};Username=wit;Database=postgres");

    /// <summary>Where Debian's package or the path has the programs; null when it is not installed.</summary>
    public static string? Find() =>
        (Directory.Exists(Debian) ? Directory.GetDirectories(Debian) : []).OrderDescending().Select(version => Path.Combine(version, "bin"))
            .Concat((Environment.GetEnvironmentVariable("PATH") ?? "").Split(Path.PathSeparator))
            .FirstOrDefault(folder => File.Exists(Path.Combine(folder, "initdb")));

    /// <param name="folder">For its data.</param>
    /// <param name="open">Where it listens and whom it lets in; null for loopback alone.</param>
    /// <param name="stop">Stops it.</param>
    public static async Task<Postgres> StartAsync(string folder, (IPAddress Address, string Network)? open, CancellationToken stop)
    {
        var programs = Find() ?? throw UserErrorException.Usage("PostgreSQL is not installed (Debian: apt-get install postgresql). Without --nodes no server is needed.");
        Directory.CreateDirectory(folder);
        if (Environment.IsPrivilegedProcess)
            await RunAsync("chown", ["postgres", folder], stop);
        var postgres = new Postgres(programs, folder, open?.Address ?? IPAddress.Loopback, LoopbackPorts.Free());
        await RunAsync(postgres.As("initdb", "-D", postgres.Data, "-A", "trust", "-U", "wit"), stop);
        if (open is { Network: var network })
            await File.AppendAllTextAsync(Path.Combine(postgres.Data, "pg_hba.conf"), $"host all all {network} trust\n", stop);
        await postgres.StartAsync(stop);
        return postgres;
    }

    /// <summary>Starts the server and waits until it answers.</summary>
    public async Task StartAsync(CancellationToken stop)
    {
        string[] words = As("postgres", "-D", Data, "-p", $"{_port}", "-k", _folder, "-c", $"listen_addresses={_address}");
        _server = Process.Start(new ProcessStartInfo(words[0], words[1..]) { RedirectStandardError = true, RedirectStandardOutput = true })!;
        _server.ErrorDataReceived += (_, _) => { };
        _server.OutputDataReceived += (_, _) => { };
        _server.BeginErrorReadLine();
        _server.BeginOutputReadLine();
        for (var tries = 0; ; tries++)
        {
            try
            {
                await RunAsync([Path.Combine(_programs, "pg_isready"), "-h", $"{_address}", "-p", $"{_port}"], stop);
                return;
            }
            catch (InvalidOperationException) when (tries < 100)
            {
                await Task.Delay(200, stop);
            }
        }
    }

    /// <summary>SIGKILL to the postmaster and what it started: a power cut.</summary>
    public void Kill()
    {
        _server?.Kill(entireProcessTree: true);
        _server?.WaitForExit();
        File.Delete(Path.Combine(Data, "postmaster.pid"));
    }

    private string Data => Path.Combine(_folder, "data");

    private string[] As(string program, params string[] words) => Environment.IsPrivilegedProcess
        ? ["setpriv", "--reuid=postgres", "--regid=postgres", "--clear-groups", Path.Combine(_programs, program), .. words]
        : [Path.Combine(_programs, program), .. words];

    private static Task RunAsync(string[] words, CancellationToken stop) => RunAsync(words[0], words[1..], stop);

    private static async Task RunAsync(string program, string[] words, CancellationToken stop)
    {
        using var process = Process.Start(new ProcessStartInfo(program, words) { RedirectStandardError = true, RedirectStandardOutput = true })!;
        var output = process.StandardOutput.ReadToEndAsync(stop);
        var errors = await process.StandardError.ReadToEndAsync(stop);
        await output;
        await process.WaitForExitAsync(stop);
        if (process.ExitCode != 0)
            throw new InvalidOperationException($"{program} ended with {process.ExitCode}: {errors}");
    }

    public ValueTask DisposeAsync()
    {
        Kill();
        _server?.Dispose();
        return ValueTask.CompletedTask;
    }
}
