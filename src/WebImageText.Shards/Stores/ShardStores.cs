using WebImageText.Shards.Stores.Blobs;

namespace WebImageText.Shards.Stores;

/// <summary>Finds the store that a location means.</summary>
public static class ShardStores
{
    /// <summary>Opens a data set's place; nothing is read or made yet.</summary>
    /// <param name="location">A folder, <c>file:FOLDER</c>, <c>file:///FOLDER</c> or <c>az://container/prefix</c>, see
    /// <see cref="AzureBlobs.Open"/>.</param>
    /// <exception cref="ArgumentException">The location is empty, of a kind that is not known, or lacks credentials.</exception>
    public static IShardStore Open(string location)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(location);
        var colon = location.IndexOf(':');
        var scheme = colon > 1 ? location[..colon] : ""; // one letter and a colon is a Windows drive
        return scheme switch
        {
            "" => new FolderStore(location),
            "file" => new FolderStore(FolderOf(location[(colon + 1)..])),
            "az" => AzureBlobs.Open(location),
            _ when location.Contains("://", StringComparison.Ordinal) => throw new ArgumentException(
                $"'{location}' is no place for a data set: give a folder, file:FOLDER or az://container/prefix.", nameof(location)),
            _ => new FolderStore(location),
        };
    }

    private static string FolderOf(string rest) => rest switch
    {
        "" or "//" => throw new ArgumentException("'file:' needs a folder after the colon.", nameof(rest)),
        _ when rest.StartsWith("///", StringComparison.Ordinal) => Uri.UnescapeDataString(rest[2..]),
        _ when rest.StartsWith("//", StringComparison.Ordinal) => throw new ArgumentException(
            $"'file:{rest}' names a host. Give file:///FOLDER, with three slashes.", nameof(rest)),
        _ => rest,
    };
}
