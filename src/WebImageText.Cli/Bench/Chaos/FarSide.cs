using System.Diagnostics;
using System.Net;
using WebImageText.Cli.Cluster;
using WebImageText.Cli.Terminal;

namespace WebImageText.Cli.Bench.Chaos;

/// <summary>
/// A network of two addresses on this machine, the far one in a network namespace of its own behind a link that can be cut.
/// Needs root and iproute2. Who lives on either side has a certificate for it.
/// </summary>
internal sealed class FarSide : IAsyncDisposable
{
    private static readonly IPAddress FarAddress = IPAddress.Parse("10.88.7.2");
    private static readonly TimeSpan CertificateLife = TimeSpan.FromDays(1);

    private readonly string _name = $"wit{Environment.ProcessId % 100_000}";
    private readonly CertificateAuthority _authority;

    private FarSide(string folder) =>
        _authority = CertificateAuthority.OpenOrCreate(Directory.CreateDirectory(folder).FullName, CertificateLife, TimeProvider.System);

    /// <summary>This process's own address on the link.</summary>
    public static IPAddress NearAddress { get; } = IPAddress.Parse("10.88.7.1");

    /// <summary>Both addresses, for a server that lets only some in.</summary>
    public static string Network => "10.88.7.0/24";

    private string Near => $"{_name}a";

    /// <param name="certificates">Folder for the authority and the certificates.</param>
    /// <param name="stop">Stops it.</param>
    public static async Task<FarSide> CreateAsync(string certificates, CancellationToken stop)
    {
        if (!OperatingSystem.IsLinux() || !Environment.IsPrivilegedProcess)
            throw UserErrorException.Usage("--cut puts a node into a network namespace, which only root on Linux can make.");
        var side = new FarSide(certificates);
        await IpAsync($"netns add {side._name}", stop);
        try
        {
            await IpAsync($"link add {side.Near} type veth peer name far netns {side._name}", stop);
            await IpAsync($"address add {NearAddress}/24 dev {side.Near}", stop);
            await IpAsync($"link set {side.Near} up", stop);
            await IpAsync($"-n {side._name} address add {FarAddress}/24 dev far", stop);
            await IpAsync($"-n {side._name} link set far up", stop);
            await IpAsync($"-n {side._name} link set lo up", stop);
            return side;
        }
        catch
        {
            await side.DisposeAsync();
            throw;
        }
    }

    public NodePlace NearNode(int port) => Place(NearAddress, port);

    public NodePlace FarNode(int port) => Place(FarAddress, port, "ip", "netns", "exec", _name);

    /// <summary>Nothing passes for a time, in either direction; connections stay open and hear nothing.</summary>
    public async Task CutAsync(TimeSpan time, CancellationToken stop)
    {
        await IpAsync($"-n {_name} link set far down", stop);
        await Task.Delay(time, stop);
        await IpAsync($"-n {_name} link set far up", stop);
    }

    private NodePlace Place(IPAddress address, int port, params string[] within) =>
        new(address, port, within, ["--certs", _authority.Issue(address.ToString(), CertificateLife, TimeProvider.System)]);

    private static async Task IpAsync(string words, CancellationToken stop)
    {
        using var ip = Process.Start(new ProcessStartInfo("ip", words) { RedirectStandardError = true })!;
        var errors = await ip.StandardError.ReadToEndAsync(stop);
        await ip.WaitForExitAsync(stop);
        if (ip.ExitCode != 0)
            throw new InvalidOperationException($"ip {words} ended with {ip.ExitCode}: {errors}");
    }

    public async ValueTask DisposeAsync() => await IpAsync($"netns del {_name}", CancellationToken.None);
}
