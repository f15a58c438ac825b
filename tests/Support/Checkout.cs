namespace WebImageText.Tests.Support;

/// <summary>Files of the project itself.</summary>
internal static class Checkout
{
    /// <summary>The full path of a file, from the folder that has the solution.</summary>
    public static string PathOf(string path)
    {
        var folder = new DirectoryInfo(AppContext.BaseDirectory);
        while (!File.Exists(Path.Combine(folder.FullName, "WebImageText.sln")))
            folder = folder.Parent ?? throw new DirectoryNotFoundException("These tests stand in no checkout.");
        return Path.Combine(folder.FullName, path);
    }
}
