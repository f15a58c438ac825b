using System.Security.Cryptography;
using System.Text;
using WebImageText.Cli.Terminal;
using WebImageText.Shards.Stores;

namespace WebImageText.Cli.Shards;

/// <summary>Where a data set is, as a user writes it, and where the program keeps what belongs to a run of it.</summary>
internal static class DataSetPlace
{
    /// <summary>Opens the place.</summary>
    /// <exception cref="UserErrorException">It is of no known kind, or lacks credentials.</exception>
    public static IShardStore Open(string location)
    {
        try
        {
            return ShardStores.Open(location);
        }
        catch (ArgumentException wrong)
        {
            throw UserErrorException.Usage(wrong.Message);
        }
    }

    /// <summary>
    /// Folder of a run's own state where nobody names one: <c>state</c> in the data set's folder; for a data set elsewhere, a folder
    /// of its own in the user's folder for data of programs, the same for the same location.
    /// </summary>
    /// <exception cref="UserErrorException">The location is of no known kind, or lacks credentials.</exception>
    public static string StateOf(string location)
    {
        var store = Open(location);
        if (store is FolderStore)
            return Path.Combine(store.Location, "state");
        var name = string.Concat(store.Location.Split("://")[^1].Select(letter => char.IsAsciiLetterOrDigit(letter) ? letter : '-'));
        var hash = Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(store.Location)))[..12];
        return Path.Combine(
            Environment.GetFolderPath(Environment.SpecialFolder.LocalApplicationData, Environment.SpecialFolderOption.DoNotVerify),
            "webimagetext", "runs", $"{name[..Math.Min(name.Length, 60)]}-{hash}");
    }
}
