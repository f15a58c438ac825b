using System.Collections.Concurrent;
using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text;

namespace WebImageText.Tests.Hostile;

/// <summary>Hosts that mean no good, on one loopback address: plain on one port, TLS with a bad certificate on another.</summary>
internal sealed class HostileServer : IAsyncDisposable
{
    /// <summary>Of its own, so that a run may be let at it and at nothing else of this machine.</summary>
    public static readonly IPAddress Address = IPAddress.Parse("127.0.0.77");

    private readonly TcpListener _plain;
    private readonly TcpListener _secure;
    private readonly CancellationTokenSource _end = new();
    private readonly ConcurrentQueue<Asked> _log = new();
    private readonly Func<Asked, Answer> _answers;
    private readonly X509Certificate2 _certificate = SelfSigned();
    private readonly Task _serving;

    /// <param name="answers">Chooses the answer to a request.</param>
    /// <param name="address">Where it listens; <see cref="Address"/> when null.</param>
    public HostileServer(Func<Asked, Answer> answers, IPAddress? address = null)
    {
        (_plain, _secure) = (new(address ?? Address, 0), new(address ?? Address, 0));
        _answers = answers;
        _plain.Start(512);
        _secure.Start(512);
        _serving = Task.WhenAll(AcceptAsync(_plain, isSecure: false), AcceptAsync(_secure, isSecure: true));
    }

    public int Port => ((IPEndPoint)_plain.LocalEndpoint).Port;

    public int SecurePort => ((IPEndPoint)_secure.LocalEndpoint).Port;

    /// <summary>Whole requests, in order.</summary>
    public IReadOnlyList<Asked> Log => [.. _log];

    private async Task AcceptAsync(TcpListener listener, bool isSecure)
    {
        try
        {
            while (true)
                _ = ServeAsync(await listener.AcceptTcpClientAsync(_end.Token), isSecure);
        }
        catch (OperationCanceledException)
        {
            // The end.
        }
    }

    private async Task ServeAsync(TcpClient client, bool isSecure)
    {
        using (client)
        {
            try
            {
                client.NoDelay = true;
                await using Stream wire = client.GetStream();
                if (isSecure)
                {
                    await using var secure = new SslStream(wire);
                    await secure.AuthenticateAsServerAsync(_certificate);
                    await AnswerAsync(secure);
                }
                else
                {
                    await AnswerAsync(wire);
                }
                // What is in flight arrives before the connection is gone.
                client.Client.Shutdown(SocketShutdown.Send);
                await wire.CopyToAsync(Stream.Null, _end.Token);
            }
            catch (Exception gone) when (gone is IOException or SocketException or OperationCanceledException or ObjectDisposedException or InvalidOperationException
                or System.Security.Authentication.AuthenticationException)
            {
                // The other side has had enough, as it should.
            }
        }
    }

    private async Task AnswerAsync(Stream wire)
    {
        var head = new byte[16 * 1024];
        var length = 0;
        while (head.AsSpan(0, length).IndexOf("\r\n\r\n"u8) < 0)
        {
            var read = await wire.ReadAsync(head.AsMemory(length), _end.Token);
            if (read == 0)
                return;
            length += read;
        }
        var end = head.AsSpan(0, length).IndexOf("\r\n\r\n"u8);
        var lines = Encoding.Latin1.GetString(head, 0, end).Split("\r\n");
        var fields = lines.Skip(1).Where(line => line.Contains(':', StringComparison.Ordinal)).Select(line => line.Split(':', 2))
            .ToLookup(parts => parts[0].Trim(), parts => parts[1].Trim(), StringComparer.OrdinalIgnoreCase)
            .ToDictionary(field => field.Key, field => string.Join(", ", field), StringComparer.OrdinalIgnoreCase);
        var asked = new Asked(TimeProvider.System.GetUtcNow(), fields.GetValueOrDefault("Host", "").Split(':')[0], lines[0].Split(' ')[1], fields, await BodyAsync(wire, head.AsMemory((end + 4)..length), fields));
        _log.Enqueue(asked);
        await _answers(asked)(wire, asked, _end.Token);
    }

    private async Task<string> BodyAsync(Stream wire, ReadOnlyMemory<byte> begun, Dictionary<string, string> fields)
    {
        var body = new byte[int.Parse(fields.GetValueOrDefault("Content-Length", "0"), System.Globalization.CultureInfo.InvariantCulture)];
        begun.CopyTo(body);
        await wire.ReadExactlyAsync(body.AsMemory(begun.Length), _end.Token);
        return Encoding.UTF8.GetString(body);
    }

    private static X509Certificate2 SelfSigned()
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var now = TimeProvider.System.GetUtcNow();
        using var certificate = new CertificateRequest("CN=elsewhere.test", key, HashAlgorithmName.SHA256).CreateSelfSigned(now.AddDays(-9), now.AddDays(-2));
        return X509CertificateLoader.LoadPkcs12(certificate.Export(X509ContentType.Pkcs12), null);
    }

    public async ValueTask DisposeAsync()
    {
        await _end.CancelAsync();
        await _serving;
        _plain.Dispose();
        _secure.Dispose();
        _certificate.Dispose();
        _end.Dispose();
    }
}
