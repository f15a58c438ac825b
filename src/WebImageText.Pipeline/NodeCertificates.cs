using System.Security.Cryptography.X509Certificates;

namespace WebImageText.Pipeline;

/// <summary>
/// A node's own certificate and the authority that every other node's must come from. Who has no certificate of this
/// authority can neither join nor send.
/// </summary>
/// <param name="Node">With its private key.</param>
/// <param name="Authority">Without.</param>
public sealed record NodeCertificates(X509Certificate2 Node, X509Certificate2 Authority)
{
    /// <summary>Names of the files in a folder: <c>ca.pem</c>, <c>node.pem</c>, <c>node.key</c>.</summary>
    public static (string Authority, string Node, string Key) Files(string folder) =>
        (Path.Combine(folder, "ca.pem"), Path.Combine(folder, "node.pem"), Path.Combine(folder, "node.key"));

    /// <summary>Reads the files of a folder.</summary>
    /// <exception cref="FileNotFoundException">One of them is missing.</exception>
    /// <exception cref="System.Security.Cryptography.CryptographicException">One of them is not what it should be.</exception>
    public static NodeCertificates Load(string folder)
    {
        var (authority, node, key) = Files(folder);
        using var pem = X509Certificate2.CreateFromPemFile(node, key);
        // The TLS stack wants the key in a store of its own, not as it was read.
        return new(X509CertificateLoader.LoadPkcs12(pem.Export(X509ContentType.Pkcs12), null), X509CertificateLoader.LoadCertificateFromFile(authority));
    }

    /// <summary>The certificate was issued by our authority, and is valid now.</summary>
    internal bool Trusts(X509Certificate2? certificate)
    {
        if (certificate is null)
            return false;
        using var chain = new X509Chain();
        chain.ChainPolicy.TrustMode = X509ChainTrustMode.CustomRootTrust;
        chain.ChainPolicy.CustomTrustStore.Add(Authority);
        chain.ChainPolicy.RevocationMode = X509RevocationMode.NoCheck;
        return chain.Build(certificate);
    }
}
