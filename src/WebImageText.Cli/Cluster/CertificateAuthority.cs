using System.Net;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using WebImageText.Pipeline;

namespace WebImageText.Cli.Cluster;

/// <summary>A cluster's own authority: ECDSA on P-256, in PEM files that only their owner may read.</summary>
internal sealed class CertificateAuthority(string folder, X509Certificate2 certificate)
{
    private const string Name = "CN=WebImageText cluster";

    public static CertificateAuthority OpenOrCreate(string folder, TimeSpan valid, TimeProvider clock)
    {
        var (pem, key) = (Path.Combine(folder, "ca.pem"), Path.Combine(folder, "ca.key"));
        if (File.Exists(key))
            return new(folder, X509Certificate2.CreateFromPemFile(pem, key));
        using var pair = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest(Name, pair, HashAlgorithmName.SHA256);
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(certificateAuthority: true, true, 0, critical: true));
        request.CertificateExtensions.Add(new X509KeyUsageExtension(X509KeyUsageFlags.KeyCertSign, critical: true));
        var now = clock.GetUtcNow();
        using var made = request.CreateSelfSigned(now.AddMinutes(-5), now + valid);
        Write(key, pair.ExportPkcs8PrivateKeyPem());
        File.WriteAllText(pem, made.ExportCertificatePem());
        return new(folder, X509Certificate2.CreateFromPemFile(pem, key));
    }

    /// <summary>Makes a node's folder.</summary>
    /// <returns>Where it is.</returns>
    public string Issue(string host, TimeSpan valid, TimeProvider clock)
    {
        using var pair = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest($"CN={host}", pair, HashAlgorithmName.SHA256);
        var names = new SubjectAlternativeNameBuilder();
        if (IPAddress.TryParse(host, out var address))
            names.AddIpAddress(address);
        else
            names.AddDnsName(host);
        request.CertificateExtensions.Add(names.Build());
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(false, false, 0, critical: true));
        // Every node calls and is called.
        request.CertificateExtensions.Add(new X509EnhancedKeyUsageExtension([new("1.3.6.1.5.5.7.3.1"), new("1.3.6.1.5.5.7.3.2")], critical: false));
        var now = clock.GetUtcNow();
        var until = now + valid < certificate.NotAfter ? now + valid : certificate.NotAfter;
        using var made = request.Create(certificate, now.AddMinutes(-5), until, RandomNumberGenerator.GetBytes(16));
        var at = Directory.CreateDirectory(Path.Combine(folder, host.Replace(':', '_'))).FullName;
        var (authority, node, key) = NodeCertificates.Files(at);
        Write(key, pair.ExportPkcs8PrivateKeyPem());
        File.WriteAllText(node, made.ExportCertificatePem());
        File.WriteAllText(authority, certificate.ExportCertificatePem());
        return at;
    }

    private static void Write(string path, string secret)
    {
        var options = new FileStreamOptions { Mode = FileMode.Create, Access = FileAccess.Write };
        if (!OperatingSystem.IsWindows())
            options.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
        using var file = new StreamWriter(path, options);
        file.Write(secret);
    }
}
