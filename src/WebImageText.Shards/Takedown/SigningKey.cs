using System.Security.Cryptography;

namespace WebImageText.Shards.Takedown;

/// <summary>The key that signs what this user takes down: a PEM file, made at its first use, readable by its owner alone.</summary>
public static class SigningKey
{
    /// <summary>Reads the key, or makes it.</summary>
    /// <param name="path">The PEM file.</param>
    /// <exception cref="FormatException">The file holds no private key of an elliptic curve.</exception>
    public static ECDsa Open(string path)
    {
        var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        if (!File.Exists(path))
        {
            Directory.CreateDirectory(Path.GetDirectoryName(Path.GetFullPath(path))!);
            var options = new FileStreamOptions { Mode = FileMode.CreateNew, Access = FileAccess.Write };
            if (!OperatingSystem.IsWindows())
                options.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
            using var file = new StreamWriter(path, options);
            file.WriteLine(key.ExportPkcs8PrivateKeyPem());
            return key;
        }
        try
        {
            key.ImportFromPem(File.ReadAllText(path));
            _ = key.SignData([], HashAlgorithmName.SHA256); // a public key reads as well, and cannot sign
            return key;
        }
        catch (Exception wrong) when (wrong is ArgumentException or CryptographicException)
        {
            key.Dispose();
            throw new FormatException($"'{path}' holds no private key of an elliptic curve in PEM: {wrong.Message}", wrong);
        }
    }

    /// <summary>Where it is kept when nobody says otherwise: <c>webimagetext/signing-key.pem</c> in the user's folder for data of programs.</summary>
    public static string UsualPath => Path.Combine(
        Environment.GetFolderPath(Environment.SpecialFolder.LocalApplicationData, Environment.SpecialFolderOption.DoNotVerify), "webimagetext", "signing-key.pem");
}
